"""Measuring: tables and distances in, reports out; no storage, no web."""
