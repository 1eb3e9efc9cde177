"""Make a cell safe: text that a spreadsheet could take for a formula stays text."""

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(value: object) -> object:
    """Return text with an apostrophe before a sign that begins a formula; numbers as they are.

    For CSV, which has no types (CWE-1236); spreadsheets with typed cells need none of it.
    """
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(_STARTS) else value
