"""The only place where state changes; one verb, one function."""
