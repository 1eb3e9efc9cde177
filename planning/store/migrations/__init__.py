"""Alembic versions of the database, one file per change."""
