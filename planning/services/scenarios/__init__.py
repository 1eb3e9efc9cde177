"""Scenarios: kept as lists of changes, measured at once, compared, handed out."""

from planning.services.scenarios.exporting import EXPORTS, export, export_comparison
from planning.services.scenarios.keeping import (
    Write,
    change,
    comment,
    comments,
    delete,
    follow,
    from_plan,
    get,
    latest_plan,
    make,
    redo,
    rename,
    restore,
    undo,
)
from planning.services.scenarios.measuring import (
    MOST_COMPARED,
    Measured,
    bench,
    best_places,
    compare,
    decided,
    evaluate,
    gaps,
    listed,
    preview,
)
from planning.services.scenarios.suggesting import MOST_SUGGESTED, ask_for_more, take_in

__all__ = [
    "EXPORTS", "MOST_COMPARED", "MOST_SUGGESTED", "Measured", "Write", "ask_for_more", "bench", "best_places", "change",
    "comment", "comments", "compare", "decided", "delete", "evaluate", "export", "export_comparison",
    "follow", "from_plan", "gaps", "get", "latest_plan", "listed", "make", "preview", "redo",
    "rename", "restore", "take_in", "undo",
]  # fmt: skip
