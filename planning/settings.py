"""Every setting, its default and its help text; read from the environment once."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from geo.errors import N_, Word
from planning.database import Database, without_password
from planning.model.errors import RequestError

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its environment variable is `DIEMTHU_` and the name in capitals."""

    name: str
    default: str
    help: str
    parse: Callable[[str], object]

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"DIEMTHU_{self.name.upper()}"


def _language(text: str) -> str:
    if text not in ("vi", "en"):
        raise ValueError(text)
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Return the reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return read


SETTINGS = (
    Setting(
        "database",
        str(ROOT / "diemthu.db"),
        N_(
            "The SQLite file that holds everything, or a PostgreSQL database: postgresql+psycopg://user@host/name."
        ),
        Database.named,
    ),
    Setting("language", "vi", N_("Language of commands and of first visits: vi or en."), _language),
    Setting("host", "127.0.0.1", N_("Address the web server listens on."), str),
    Setting(
        "port", "8000", N_("Port the web server listens on, from 1 to 65535."), _whole(1, 65535)
    ),
    Setting(
        "threads",
        "8",
        N_("Requests the web server answers at once, from 1 to 500."),
        _whole(1, 500),
    ),
    Setting(
        "uploads",
        "",
        N_("Private folder of uploaded files not imported yet (default: beside the database)."),
        Path,
    ),
    Setting(
        "largest_upload_mb",
        "100",
        N_("Largest file the pages take, in MB, from 1 to 2000."),
        _whole(1, 2000),
    ),
    Setting(
        "largest_file_mb",
        "200",
        N_("Largest file that is read at all, in MB, from 1 to 2000."),
        _whole(1, 2000),
    ),
    Setting(
        "largest_unpacked_mb",
        "1000",
        N_("What an archive may unpack to, in MB, from 1 to 10000."),
        _whole(1, 10_000),
    ),
    Setting(
        "most_rows",
        "300000",
        N_("Rows of a table that is read, from 100 to 1048576."),
        _whole(100, 1_048_576),
    ),
    Setting(
        "most_corners",
        "10000000",
        N_("Corners of all shapes of a boundary file, from 1000 to 100000000."),
        _whole(1000, 100_000_000),
    ),
    Setting(
        "jobs",
        "2",
        N_("Long calculations done at once, each in a process of its own, from 1 to 64."),
        _whole(1, 64),
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, one field per `Setting`."""

    database: Database
    language: str
    host: str
    port: int
    threads: int
    uploads: Path
    largest_upload_mb: int
    largest_file_mb: int
    largest_unpacked_mb: int
    most_rows: int
    most_corners: int
    jobs: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read every setting; refuse a value that cannot be one, naming the variable."""
        environment = os.environ if environment is None else environment
        values = {}
        for setting in SETTINGS:
            text = environment.get(setting.variable, setting.default)
            try:
                values[setting.name] = setting.parse(text)
            except ValueError:
                raise RequestError(
                    N_("%(variable)s cannot be “%(value)s”. %(help)s"),
                    variable=setting.variable, value=without_password(text),
                    help=Word(setting.help),
                ) from None  # fmt: skip
        made = cls(**values)  # type: ignore[arg-type]  # each `parse` gives its field's type
        if environment.get("DIEMTHU_UPLOADS"):
            return made
        return replace(made, uploads=_uploads_of(made.database))


def _uploads_of(database: Database) -> Path:
    """Return where uploads wait by default: beside the file, for a server in this folder."""
    beside = database.file or ROOT / str(database.url.database)
    return beside.with_name(f"{beside.name}-uploads")
