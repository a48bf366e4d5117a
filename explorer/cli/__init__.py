"""The command line: one verb per use case; progress on stderr, data on stdout."""
