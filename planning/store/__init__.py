"""Keeping things, in one SQLite file: tables as they were checked, results as they were made."""
