"""Runs migrations on the connection that `Store.upgrade` hands over."""

from alembic import context

from planning.store.review_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
