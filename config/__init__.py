"""What an administrator decides: settings, programmes, texts, organisations and the manifests for Slack and Teams."""
