"""From an event to its effects: one event, one transaction, one reply."""
