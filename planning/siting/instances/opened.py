"""Open a file as the kind of instance that its first line shows."""

from itertools import chain
from pathlib import Path

from geo.errors import FileError
from planning.siting.instances.asked import Instance, Wanted
from planning.siting.instances.numbers import Problems, lines_of
from planning.siting.instances.orlib import read_covering, read_graph, read_plane
from planning.siting.instances.table import read_table

# How many numbers the first line of each of OR-Library's formats has.
_FORMATS = {1: read_plane, 2: read_covering, 3: read_graph}


def read_instance(path: Path, wanted: Wanted | None = None) -> Instance:
    """Return the instance in a file.

    Raises `FileError` for a file of no known kind, `ImportRefusedError` with every problem
    found in a malformed one, `RequestError` where the file leaves the question open.
    """
    wanted = wanted or Wanted()
    if path.suffix.lower() in (".csv", ".tsv"):
        return read_table(path, wanted)
    lines = lines_of(path)
    first = next(lines, None)
    read = _FORMATS.get(len(first)) if first else None
    if first is None or read is None:
        raise FileError(
            "%(file)s is no instance known here; give a pmed, pmedcap or scp file of OR-Library, "
            "or a table of distances as CSV.",
            file=path.name,
        )  # fmt: skip
    return read(chain([first], lines), Problems(path.name), wanted)
