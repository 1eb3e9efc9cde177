"""Runs migrations on the connection that `Store.upgrade` hands over."""

import sqlalchemy as sa
from alembic import context

from planning.store import (
    account_tables,
    performance_tables,
    register_tables,
    review_tables,
    round_tables,
    schema,
)

DECLARING = (
    schema,
    review_tables,
    account_tables,
    round_tables,
    register_tables,
    performance_tables,
)  # every module that declares tables
metadata = schema.metadata


def order_texts_by_their_signs(db: sa.Connection) -> None:
    """Have every text on a server ordered and compared as SQLite does, whatever its language.

    A server orders texts as the database was set up: the order of codes, keys and days, and
    with it every list, would depend on that.
    """
    columns = sa.text(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND data_type = 'text' "
        "AND collation_name IS DISTINCT FROM 'C' AND table_name = ANY(:names) ORDER BY 1, 2"
    )
    quoted = db.dialect.identifier_preparer.quote
    for table, column in db.execute(columns, {"names": list(metadata.tables)}).all():
        db.exec_driver_sql(
            f'ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(column)} TYPE text COLLATE "C"'
        )


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
if connection.dialect.name == "postgresql":
    order_texts_by_their_signs(connection)
