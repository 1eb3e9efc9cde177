"""What is asked of an import: which file, of which kind, for whom, and what its owner says of it."""

from dataclasses import dataclass, field
from pathlib import Path

from geo.recognition import Choices
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.services.requests import require_day

__all__ = ["OTHER_HOST", "ImportAsk", "Origin", "require_day"]
OTHER_HOST = "khác"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who brings a file and what they say of it.

    `source` names where the data come from (default: the file's name), `as_of` the day they
    describe, `synthetic` that they are demonstration data.
    """

    by: str = "local"
    source: str | None = None
    as_of: str | None = None
    synthetic: bool = False

    def __post_init__(self) -> None:
        if self.as_of is not None:
            require_day(self.as_of)


@dataclass(frozen=True, slots=True)
class ImportAsk:
    """One file to be read, and kept if its owner wants.

    `kind` is a name in `planning.services.imports.kinds.KINDS`. `path` is where the file is,
    `shown_as` how its owner calls it (default: its name). `province` None: the only one there
    is. `good_rows` keeps the good rows of a file with bad ones. The rest belongs to single
    kinds: `vintage` and `name` to boundaries, `valid_from` to population, `unusable` too,
    `host_type` to hosts; to a crosswalk `valid_from`, the day of the change, and `resolution`,
    the act that ordered it.
    """

    kind: str
    path: Path
    origin: Origin = field(default_factory=Origin)
    province: str | None = None
    choices: Choices = field(default_factory=Choices)
    good_rows: bool = False
    shown_as: str | None = None
    vintage: Vintage | None = None
    name: str | None = None
    valid_from: str | None = None
    unusable: Unusable = Unusable.LEAVE_OUT
    host_type: str = OTHER_HOST
    resolution: str | None = None

    @property
    def file(self) -> str:
        """How the file is called where it is spoken of."""
        return self.shown_as or self.path.name
