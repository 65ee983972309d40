"""What is said at its hour: one digest, one file; each is a function of the moment, nothing is remembered."""
