"""Every setting, its default and its help text; read from the environment once."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from geo.errors import N_, Word
from planning.database import Database, without_password
from planning.model.errors import RequestError

ROOT = Path(__file__).resolve().parents[1]
LEAST_KEY_BYTES = 32
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its environment variable is `DIEMTHU_` and the name in capitals.

    The value of a `secret` one is never shown.
    """

    name: str
    default: str
    help: str
    parse: Callable[[str], object]
    secret: bool = False

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


def _names(text: str) -> tuple[str, ...]:
    """Return host names with commas between them, in small letters."""
    names = tuple(each.strip().lower() for each in text.split(",") if each.strip())
    if not all(_HOST_NAME.fullmatch(each) for each in names):
        raise ValueError(text)
    return names


def _key(text: str) -> str:
    if text and len(text.encode()) < LEAST_KEY_BYTES:
        raise ValueError(text)
    return text


def _issuer(text: str) -> str:
    """Return the address of a provider: https, or a provider on this machine."""
    parts = urlsplit(text)
    here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    if text and not (parts.netloc and (parts.scheme == "https" or here)):
        raise ValueError(text)
    return text.rstrip("/")


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
    Setting(
        "names",
        "",
        N_("Names under which the service may be asked for, with commas between them."),
        _names,
    ),
    Setting(
        "proxies",
        "0",
        N_("Proxies in front that say who asks and whether by https, from 0 to 9."),
        _whole(0, 9),
    ),
    Setting(
        "idle_minutes",
        "60",
        N_("Minutes without a request after which a sign-in ends, from 5 to 720."),
        _whole(5, 720),
    ),
    Setting(
        "secret_key",
        "",
        N_("Key that signs cookies, at least 32 bytes (default: a file beside the database)."),
        _key,
        secret=True,
    ),
    Setting(
        "secret_key_before",
        "",
        N_("The key before it, still read while sign-ins made with it go on."),
        _key,
        secret=True,
    ),
    Setting(
        "oidc_issuer",
        "",
        N_("Address of the office's OpenID provider, with https; empty where there is none."),
        _issuer,
    ),
    Setting("oidc_client_id", "", N_("What the provider calls this service."), str),
    Setting("oidc_client_secret", "", N_("The secret shared with the provider."), str, secret=True),
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
    names: tuple[str, ...]
    proxies: int
    idle_minutes: int
    secret_key: str = field(repr=False)
    secret_key_before: str = field(repr=False)
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)

    @property
    def beside(self) -> Path:
        """The path beside which files of this installation stand: the database, where it is one."""
        return self.database.file or ROOT / str(self.database.url.database)

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
                    variable=setting.variable,
                    value="***" if setting.secret else without_password(text),
                    help=Word(setting.help),
                ) from None  # fmt: skip
        made = cls(**values)  # type: ignore[arg-type]  # each `parse` gives its field's type
        if environment.get("DIEMTHU_UPLOADS"):
            return made
        return replace(made, uploads=made.beside.with_name(f"{made.beside.name}-uploads"))
