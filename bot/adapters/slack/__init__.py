"""Slack: requests in, messages, modals and the Home tab out. The only package that knows Slack's libraries."""
