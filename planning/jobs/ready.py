"""Imported by the process from which those of the jobs are forked: each begins with all at hand.

The engine is imported, and its compiled loops are loaded by answering a tiny question.
"""

import pandera.backends.pandas.builtin_checks  # noqa: F401 - read by the first check of a table

from planning.jobs import child
from planning.siting.warm import warm

__all__ = ["child"]

warm()
