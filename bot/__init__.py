"""Lärträff: a chat bot that carries learning programmes in Slack and Microsoft Teams."""

__version__ = "0.1.0"
