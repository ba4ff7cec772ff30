"""The loaded programmes. Their documents are parsed once for each version and process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.domain.programmes import Occasion, Programme
from storage.prepared import Prepared
from storage.tables import occasions, programmes
from storage.upsert import upsert

_DOCUMENT: TypeAdapter[Programme] = TypeAdapter(Programme)
_VERSIONS = Prepared(select(programmes.c.id, programmes.c.version).order_by(programmes.c.place, programmes.c.id))
_ONE = select(programmes.c.document).where(programmes.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a programme changed: the occasions whose time is new or another than before."""

    programme: Programme
    rescheduled: tuple[str, ...]


class Catalogue:
    """All programmes in their order, read through a cache that the stored versions keep honest."""

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[int, Programme]] = {}

    def read(self, connection: Connection) -> dict[str, Programme]:
        """Programme id → programme."""
        return {row.id: self._parse(connection, row.id, row.version) for row in _VERSIONS.all(connection)}

    def _parse(self, connection: Connection, id: str, version: int) -> Programme:
        known = self._parsed.get(id)
        if known is None or known[0] != version:
            document = connection.execute(_ONE, {"id": id}).scalar_one()
            known = (version, _DOCUMENT.validate_json(document))
            self._parsed[id] = known
        return known[1]


def load(connection: Connection, programme: Programme, now: datetime) -> Loaded:
    """Store a programme, as a new version when it was there before.

    An occasion whose time differs gets a new version of its own, so that nudges planned for the old time never
    fire. Occasions that are gone from the programme are removed; a foreign seat keeps its own occasion id.
    """
    document = _DOCUMENT.dump_json(programme).decode()
    before = connection.execute(
        select(programmes.c.version, programmes.c.place).where(programmes.c.id == programme.id)
    ).one_or_none()
    place = before.place if before else connection.execute(select(func.count()).select_from(programmes)).scalar_one()
    upsert(
        connection,
        programmes,
        id=programme.id,
        version=(before.version if before else 0) + 1,
        document=document,
        place=place,
        loaded_at=now,
    )
    return Loaded(programme, _store_occasions(connection, programme))


def _store_occasions(connection: Connection, programme: Programme) -> tuple[str, ...]:
    rows = connection.execute(select(occasions).where(occasions.c.programme == programme.id))
    known = {row.id: row for row in rows}
    rescheduled: list[str] = []
    for occasion in programme.occasions:
        row = known.pop(occasion.id, None)
        if row is None:
            _insert(connection, programme, occasion)
            rescheduled.append(occasion.id)
        else:
            moved = row.starts_at != occasion.starts_at
            rescheduled += [occasion.id] if moved else []
            _amend(connection, programme, occasion, version=row.version + moved)
    for id in known:
        connection.execute(delete(occasions).where(occasions.c.programme == programme.id, occasions.c.id == id))
    return tuple(rescheduled)


def _insert(connection: Connection, programme: Programme, occasion: Occasion) -> None:
    values = {"programme": programme.id, "id": occasion.id, "capacity": occasion.capacity}
    connection.execute(insert(occasions), {**values, "starts_at": occasion.starts_at, "version": 1})


def _amend(connection: Connection, programme: Programme, occasion: Occasion, *, version: int) -> None:
    connection.execute(
        update(occasions)
        .where(occasions.c.programme == programme.id, occasions.c.id == occasion.id)
        .values(capacity=occasion.capacity, starts_at=occasion.starts_at, version=version)
    )
