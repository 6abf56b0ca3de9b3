"""Run by Alembic; the connection comes from ``storage.migrate``, so no alembic.ini is needed."""

from __future__ import annotations

from alembic import context

from storage import tables
from storage.migrations import writing

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=tables.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=writing.plain_types,
    process_revision_directives=writing.keep_histories,
)
with context.begin_transaction():
    context.run_migrations()
