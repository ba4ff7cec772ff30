"""What people wrote is mended wherever it stands again: in views, in kept answers and in other JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Column, ColumnElement, Connection, and_, select, update

from bot.messages import from_json, to_json

Mend = Callable[[str], str]

GONE = "–"
"""In the place of a name."""

_OURS = frozenset({"message", "plural"})  # under these, a `Text` has the English sentence that is translated


def mend_column(connection: Connection, column: Column[Any], where: ColumnElement[bool], mend: Mend) -> None:
    """Mend what stands in these rows of a column."""
    table = column.table
    keys = tuple(table.primary_key)
    for row in connection.execute(select(*keys, column.label("written")).where(where)).all():
        this = and_(*(key == getattr(row, key.name) for key in keys))
        if (mended := mend(row.written)) != row.written:
            connection.execute(update(table).where(this).values({column.name: mended}))


def in_view(written: str, mend: Mend, otherwise: Mend | None = None) -> str:
    """A view as JSON: what people wrote in it; all of it, by `otherwise`, where views had another shape then."""
    try:
        return to_json(from_json(written, mend))
    except ValidationError:
        return in_document(written, otherwise or mend)


def in_document(written: str, mend: Mend) -> str:
    """JSON of any kind, or a text: every word of it but the names of its parts, and our own sentences."""
    try:
        return _dump(_each(json.loads(written), mend))
    except ValueError:
        return mend(written)


def in_reply(kept: str, mend: Mend, otherwise: Mend | None = None) -> str:
    """An answer as it is kept: the token of a form, or JSON with its view."""
    if not kept.startswith("{"):
        return kept
    given = json.loads(kept)
    view = given.get("view")
    return _dump({**given, "view": view and json.loads(in_view(json.dumps(view), mend, otherwise))})


def spelt(words: Collection[str]) -> list[str]:
    """How they may stand in a column, each as it is or as JSON spells it.

    SQLite knows the two cases of a to z only, and PostgreSQL tells all cases apart unless asked not to.
    """
    forms = {form for word in words for form in (word, _dump(word)[1:-1], json.dumps(word)[1:-1])}
    return sorted({cased for form in forms for cased in (form, form.casefold(), form.upper())})


def _each(value: Any, mend: Mend) -> Any:
    match value:
        case str():
            return mend(value)
        case list():
            return [_each(one, mend) for one in value]
        case dict():
            return {key: one if key in _OURS else _each(one, mend) for key, one in value.items()}
    return value


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
