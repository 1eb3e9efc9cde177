"""The command line: one line per command into a service."""

from planning.cli.commands import main

__all__ = ["main"]
