"""Every setting, its default and its help text; read from the environment once."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.errors import N_
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


SETTINGS = (
    Setting("database", str(ROOT / "diemthu.db"), "The SQLite file that holds everything.", Path),
    Setting("language", "vi", "Language of commands and of first visits: vi or en.", _language),
    Setting("host", "127.0.0.1", "Address the web server listens on.", str),
    Setting("port", "8000", "Port the web server listens on.", int),
    Setting("threads", "8", "Requests the web server answers at once.", int),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, one field per `Setting`."""

    database: Path
    language: str
    host: str
    port: int
    threads: int

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
                    variable=setting.variable, value=text, help=setting.help,
                ) from None  # fmt: skip
        return cls(**values)  # type: ignore[arg-type]  # each `parse` gives its field's type
