"""The changes that bring a database of any earlier version up to date, one file each."""
