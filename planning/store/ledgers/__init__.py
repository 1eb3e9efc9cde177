"""Targets and results read once for each state of the data, and rolled up through the network."""
