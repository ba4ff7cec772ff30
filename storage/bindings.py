"""The channels that coordinators have bound to programmes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from bot.domain.values import dataclass
from bot.ports import Address, Surface
from storage.tables import addresses, bindings
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Binding:
    """A channel that follows a programme."""

    address: Address
    programme: str
    name: str  # as the platform shows it; empty where it does not say
    threads: bool  # one thread for each meeting
    bound_by: str  # person id
    checked_at: datetime | None
    trouble: str  # why a message would not get through; empty when it would

    @property
    def recipient(self) -> str:
        """The channel as nudges name it."""
        return f"{self.address.platform} {self.address.workspace} {self.address.conversation}"


_ALL = select(bindings, addresses.c.details).outerjoin(
    addresses,
    (addresses.c.platform == bindings.c.platform)
    & (addresses.c.workspace == bindings.c.workspace)
    & (addresses.c.surface == Surface.CHANNEL.value)
    & (addresses.c.conversation == bindings.c.conversation),
)


class Bindings:
    """Which channels follow which programmes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def bind(self, channel: Address, programme: str, person: str, *, name: str = "") -> None:
        """Let a channel follow a programme; a second time changes nothing but who asked for it."""
        place = {"platform": channel.platform, "workspace": channel.workspace, "conversation": channel.conversation}
        called = {"name": name} if name else {}
        row = {**place, **called, "programme": programme, "bound_by": person, "bound_at": self._now}
        upsert(self._connection, bindings, **row)

    def named(self, channel: Address, name: str) -> None:
        """Keep what the platform calls the channel."""
        self._connection.execute(update(bindings).where(*_this(channel)).values(name=name))

    def unbind(self, channel: Address, programme: str) -> None:
        self._connection.execute(delete(bindings).where(*_this(channel), bindings.c.programme == programme))

    def thread(self, channel: Address, programme: str, *, threads: bool) -> None:
        """Whether what comes about one meeting is kept in one thread."""
        this = (*_this(channel), bindings.c.programme == programme)
        self._connection.execute(update(bindings).where(*this).values(threads=threads))

    def checked(self, channel: Address, trouble: str) -> None:
        """Note whether a message would get through, for all that the channel follows."""
        values = {"checked_at": self._now, "trouble": trouble}
        self._connection.execute(update(bindings).where(*_this(channel)).values(values))

    def of_programme(self, programme: str) -> tuple[Binding, ...]:
        return self._found(bindings.c.programme == programme)

    def of_channel(self, channel: Address) -> tuple[Binding, ...]:
        return self._found(*_this(channel))

    def unchecked(self, since: datetime) -> tuple[Binding, ...]:
        """Those that nobody has looked at since then."""
        return self._found((bindings.c.checked_at.is_(None)) | (bindings.c.checked_at < since))

    def all(self) -> tuple[Binding, ...]:
        return self._found()

    def _found(self, *conditions: Any) -> tuple[Binding, ...]:
        order = (bindings.c.programme, bindings.c.platform, bindings.c.name, bindings.c.conversation)
        return tuple(_binding(row) for row in self._connection.execute(_ALL.where(*conditions).order_by(*order)))


def _this(channel: Address) -> tuple[Any, ...]:
    return (
        bindings.c.platform == channel.platform,
        bindings.c.workspace == channel.workspace,
        bindings.c.conversation == channel.conversation,
    )


def _binding(row: Row[Any]) -> Binding:
    details = json.loads(row.details or "{}")
    return Binding(
        address=Address(row.platform, row.workspace, row.conversation, Surface.CHANNEL, details),
        programme=row.programme,
        name=row.name or details.get("name", ""),
        threads=row.threads,
        bound_by=row.bound_by,
        checked_at=row.checked_at,
        trouble=row.trouble,
    )
