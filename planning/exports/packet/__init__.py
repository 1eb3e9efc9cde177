"""The packet of a review round: documents made of one frozen snapshot, the same every time.

`made` writes them all, into a folder or as one zip, with a manifest that holds the SHA-256
of each. One module per document; `columns`, `tables` and `words` say what several share.
Everything is in Vietnamese: they are documents of the offices. `filled_sheet.decisions_in`
reads the decisions back that a meeting wrote into the spreadsheet.
"""

from planning.exports.packet.filled_sheet import Decided, Typed, decisions_in, decisions_typed
from planning.exports.packet.made import DOCUMENTS, MANIFEST, documents, made, names

__all__ = [
    "DOCUMENTS",
    "MANIFEST",
    "Decided",
    "Typed",
    "decisions_in",
    "decisions_typed",
    "documents",
    "made",
    "names",
]
