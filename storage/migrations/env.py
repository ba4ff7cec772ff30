"""What Alembic runs around the revisions: on the connection that `storage.migrate` hands over, in its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from storage.tables import metadata, spell_for_postgresql
from storage.types import Instant


def _render(kind: str, item: object, _: Any) -> str | Literal[False]:
    """A revision names the database's own types: ours may change after it was written."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


spell_for_postgresql()  # a new revision is written for both databases, whichever runs it
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column only by copying the table
    render_item=_render,
)
context.run_migrations()
