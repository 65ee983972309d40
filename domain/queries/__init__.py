"""Read-only questions; frozen rows out, never mapped objects."""
