"""The sandbox: a local web chat in which one browser plays several people, so that everything can be tried at once."""
