"""What Alembic runs for every command: the connection is the caller's, so migrations share its transaction."""

from __future__ import annotations

from alembic import context

from kgsearch.catalogue.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The caller holds one transaction around all of it: a migration that fails leaves the catalogue as it was.
    transactional_ddl=True,
    # SQLite alters a table by copying it.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
