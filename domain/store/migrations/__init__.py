"""Alembic's folder: one file a change, both databases alike."""
