"""From settings to what each command needs: with `bot.commands`, the only reader of config."""
