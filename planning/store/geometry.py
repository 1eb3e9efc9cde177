"""The column of a shape: WKB bytes here, PostGIS geometry where the database knows it.

What is written and read is well-known binary in WGS 84 degrees on either kind of database, so
shapely alone makes and reads it; on a server the shapes stand ready for any program of maps.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, UserDefinedType

from geo.errors import N_
from planning.model.errors import NotReadyError

_WGS84 = 4326


class _PostGisGeometry(UserDefinedType[bytes]):
    """`geometry(KIND,SRID)` of PostGIS, passed as WKB."""

    cache_ok = True

    def __init__(self, kind: str = "Geometry", srid: str | int = _WGS84) -> None:
        self.kind, self.srid = kind, int(srid)

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as SQL."""
        return f"geometry({self.kind},{self.srid})"

    def bind_expression(self, bindvalue: sa.BindParameter[bytes]) -> sa.ColumnElement[bytes]:
        """Have the server make a geometry of the bytes."""
        return sa.func.ST_GeomFromWKB(bindvalue, self.srid, type_=self)

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bytes]:
        """Have the server write the geometry as bytes."""
        return sa.func.ST_AsBinary(column, type_=self)


# So that the schema of a database can be read and held against the one declared.
ischema_names["geometry"] = _PostGisGeometry


class Shape(TypeDecorator[bytes]):
    """WKB of a polygon or several, in WGS 84 degrees."""

    impl = sa.LargeBinary
    cache_ok = True

    @property
    def python_type(self) -> type[bytes]:
        """What a value is in Python."""
        return bytes

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return what the column is on this kind of database."""
        on_server = dialect.name == "postgresql"
        return dialect.type_descriptor(_PostGisGeometry() if on_server else sa.LargeBinary())


def require_postgis(db: sa.Connection) -> None:
    """Add PostGIS to the database where it is none of SQLite and has none.

    Raises `NotReadyError` where its user may not, or the server has no PostGIS.
    """
    if db.dialect.name != "postgresql":
        return
    try:
        with db.begin_nested():
            db.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
    except DBAPIError as error:
        raise NotReadyError(
            N_("The database %(path)s has no PostGIS and its user may not add it; have its administrator install PostGIS on the server and run “CREATE EXTENSION postgis” in this database."),
            path=db.engine.url.database,
        ) from error  # fmt: skip
