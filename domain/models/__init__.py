"""Columns, statuses, tables of moves and rules; plain objects that know no session."""
