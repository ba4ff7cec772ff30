"""Pages that people and machines open over the web, outside the chats."""
