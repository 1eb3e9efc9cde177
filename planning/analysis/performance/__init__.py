"""Targets and results: gathered over time, rolled up through the network, compared."""
