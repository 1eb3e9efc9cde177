"""Which database holds everything: a SQLite file, or one on a PostgreSQL server."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

_SERVERS = ("postgresql", "postgresql+psycopg")
_ANY_SERVER = re.compile(r"://|^postgres(ql)?(\+\w+)?:")
_PASSWORD = re.compile(r"(^[\w+]+:/*[^:/]*:).*@")
_IN_QUERY = re.compile(r"([?&](?:ssl)?password=)[^&]*")


@dataclass(frozen=True, slots=True)
class Database:
    """The address of a database: a path, or a URL such as postgresql+psycopg://user@host/name.

    As text it shows no password; `address` is the whole.
    """

    address: str = field(repr=False)

    @classmethod
    def named(cls, text: str) -> "Database":
        """Return the database that `text` names; raise `ValueError` for what names none."""
        made = cls(text)
        if not text:
            raise ValueError(text)
        if made.file is None:
            try:
                url = sa.make_url(text)
            except ArgumentError:
                raise ValueError(text) from None
            if url.drivername not in _SERVERS or not url.database:
                raise ValueError(text)
        return made

    @classmethod
    def of(cls, path: Path) -> "Database":
        """Return the database in a file."""
        return cls(str(path))

    @property
    def file(self) -> Path | None:
        """Where the file is, None for a database on a server."""
        return None if _ANY_SERVER.search(self.address) else Path(self.address)

    @property
    def url(self) -> sa.URL:
        """The address as SQLAlchemy opens it, the password among it."""
        if self.file is not None:
            return sa.URL.create("sqlite", database=str(self.file))
        return sa.make_url(self.address).set(drivername="postgresql+psycopg")

    def __str__(self) -> str:
        return without_password(self.address)


def without_password(text: str) -> str:
    """Return an address that may be shown: whatever can be its password is left out."""
    return _IN_QUERY.sub(r"\1***", _PASSWORD.sub(r"\1***@", text))
