"""One folder per platform, the whole wire in it."""
