"""What is said and in what order: pure functions and flows, without platform, database or clock."""
