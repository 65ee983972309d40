"""Kills the real process at random moments under load, then counts what became of every word said."""
