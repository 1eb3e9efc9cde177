"""Take files into the database: each is read whole, shown, then kept whole or not at all.

`examine` reads a file and keeps nothing; `commit` reads it the same way and keeps data,
record, audit event, the file itself and what stood before in one transaction; `undo` puts
that back. The functions named after a kind are `commit` with what the kind needs.
"""

from pathlib import Path

from geo.recognition import Choices
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.services.imports.asked import ImportAsk, Origin, require_day
from planning.services.imports.fields import fields_of
from planning.services.imports.keeping import commit, examine, undo
from planning.services.imports.kept import (
    original,
    require_file,
    settle,
    undoable,
    write_batch_findings,
    write_draft_findings,
)
from planning.services.imports.kinds import KINDS
from planning.services.imports.previewing import Preview, Previews, commit_draft, preview
from planning.services.imports.reading import Reading
from planning.services.imports.recording import ImportResult
from planning.store.session import Store

__all__ = [
    "KINDS",
    "Choices",
    "ImportAsk",
    "ImportResult",
    "Origin",
    "Preview",
    "Previews",
    "Reading",
    "commit",
    "commit_draft",
    "examine",
    "fields_of",
    "import_boundaries",
    "import_crosswalk",
    "import_grid",
    "import_hosts",
    "import_points",
    "import_population",
    "import_seats",
    "original",
    "preview",
    "require_day",
    "require_file",
    "settle",
    "undo",
    "undoable",
    "write_batch_findings",
    "write_draft_findings",
]


def import_boundaries(
    store: Store, path: Path, vintage: Vintage, origin: Origin, name: str | None = None
) -> ImportResult:
    """Keep the communes of one vintage of a province."""
    return commit(store, ImportAsk("boundaries", path, origin, vintage=vintage, name=name))[0]


def import_population(
    store: Store, path: Path, unusable: Unusable, origin: Origin, valid_from: str | None = None
) -> list[ImportResult]:
    """Keep people per commune for every province whose communes the file names."""
    ask = ImportAsk("population", path, origin, unusable=unusable, valid_from=valid_from)
    return commit(store, ask)


def import_grid(
    store: Store, path: Path, origin: Origin, province: str | None
) -> list[ImportResult]:
    """Keep the cells of a population grid for the province named, or for every one it covers."""
    return commit(store, ImportAsk("grid", path, origin, province))


def import_points(
    store: Store, path: Path, origin: Origin, province: str | None, *, good_rows: bool = False
) -> ImportResult:
    """Keep a list of points as the network of a province, in place of the one before."""
    return commit(store, ImportAsk("points", path, origin, province, good_rows=good_rows))[0]


def import_hosts(
    store: Store, path: Path, origin: Origin, province: str | None, default_type: str
) -> ImportResult:
    """Keep places that could house a point, in place of the ones before."""
    return commit(store, ImportAsk("hosts", path, origin, province, host_type=default_type))[0]


def import_seats(store: Store, path: Path, origin: Origin) -> ImportResult:
    """Set the seats of the communes the file names, on their newest vintage."""
    return commit(store, ImportAsk("seats", path, origin))[-1]


def import_crosswalk(
    store: Store, path: Path, origin: Origin, valid_from: str | None = None,
    resolution: str | None = None,
) -> list[ImportResult]:  # fmt: skip
    """Keep former commune → present commune for every province whose communes it names.

    `valid_from` is the day of the change, by default the first of the newest vintage.
    """
    ask = ImportAsk("crosswalk", path, origin, valid_from=valid_from, resolution=resolution)
    return commit(store, ask)
