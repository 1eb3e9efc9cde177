"""Runs the command line as `python -m planning.cli`."""

from planning.cli.commands import main

main()
