"""Files that people take away: calendar entries."""
