"""Messages that live: sent once, and edited whenever there is something else to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.domain.people import Language
from bot.messages import View, to_json
from bot.ports import Address
from storage.claiming import settled
from storage.outbox import FAILED, TAKEN_BACK, WAITING, Outbox, Post
from storage.tables import outbox

_TRIED_AGAIN_AFTER = timedelta(minutes=10)
"""How long a channel that did not take the message is left alone: the bot may be let in there meanwhile."""


_EDITS = (":edit", ":edit again")
"""What the keys of a message's edits have more than its own."""


class Living:
    """The living messages of all conversations.

    Each has one row for the message itself and at most two for its edits, one of which may be on its way; they are used
    over and over, so that a board that changes all day long does not leave a thousand rows behind. Of two transactions
    at once that show the same message, the callers let one in at a time.
    """

    def __init__(self, connection: Connection, outbox: Outbox, now: datetime) -> None:
        self._connection = connection
        self._outbox = outbox
        self._now = now

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of these messages that have been begun."""
        found = self._connection.execute(select(outbox.c.key).where(outbox.c.key.in_(list(keys))))
        return frozenset(found.scalars())

    def said_at(self, key: str) -> datetime | None:
        """When the message was given the last words of its own row or of an edit."""
        return max((row.created_at for row in self._rows(key)), default=None)

    def show(self, key: str, address: Address, language: Language, view: View, *, person: str = "") -> bool:
        """Let the message say this from now on; False when it is under way just now, and has to be shown again.

        `person` is whom it is for, if not a channel: with them it is erased.
        Nothing happens when this is what it was given to say last. What waits still says the new words instead of the
        old, in its place among others.
        """
        own, edits = self._rows(key), [f"{key}{end}" for end in _EDITS]
        if not own:
            return self._outbox.add(key, address, view, person=person, language=language)
        first, last = own[0], own[-1]
        if first.state == FAILED:
            return self._begin_anew(first, address, language, view, person=person)
        said = to_json(view)
        if last.view == said or self._reworded(last.key, said):
            return True
        return any(self._edited(edit, key, address, language, view, person=person) for edit in edits)

    def move(self, key: str, was: str, place: Post, farewell: View) -> None:
        """Let the message be said anew at the end of its conversation; where it stood, `farewell` stands.

        Whatever was under way to the old message still goes there, under the key `was`, which nobody has used yet. The
        new one comes after what has been put in for many.
        """
        if self._rows(key):
            for end in ("", *_EDITS):
                self._connection.execute(update(outbox).where(outbox.c.key == f"{key}{end}").values(key=f"{was}{end}"))
            self._connection.execute(update(outbox).where(outbox.c.replaces == key).values(replaces=was))
            self._outbox.add(
                f"{was}:left", place.address, farewell, person=place.person, language=place.language, edits=was
            )
        self._outbox.add_many((place,))

    def _rows(self, key: str) -> list[Any]:
        """The message itself and then its edits, the one written last at the end."""
        columns = (outbox.c.key, outbox.c.state, outbox.c.reason, outbox.c.view, outbox.c.created_at, outbox.c.place)
        keys = (key, *(f"{key}{end}" for end in _EDITS))
        rows = self._connection.execute(select(*columns).where(outbox.c.key.in_(keys))).all()
        return sorted(rows, key=lambda row: (row.key != key, row.created_at, row.place))

    def _begin_anew(self, first: Any, address: Address, language: Language, view: View, *, person: str) -> bool:
        """Send a message that the channel did not take, when it has been left alone for a while."""
        if first.reason != TAKEN_BACK and first.created_at + _TRIED_AGAIN_AFTER <= self._now:
            self._connection.execute(delete(outbox).where(outbox.c.key == first.key, settled(outbox)))
            self._outbox.add(first.key, address, view, person=person, language=language)
        return True

    def _reworded(self, key: str, said: str) -> bool:
        """Put other words into a row that still waits. One that a courier has its hand on is left to it."""
        mine = (
            select(outbox.c.id).where(outbox.c.key == key, outbox.c.state == WAITING).with_for_update(skip_locked=True)
        )
        id = self._connection.execute(mine).scalar_one_or_none()
        if id is None:
            return False
        self._connection.execute(update(outbox).where(outbox.c.id == id).values(view=said))
        return True

    def _edited(self, edit: str, key: str, address: Address, language: Language, view: View, *, person: str) -> bool:
        """Use a row for a new edit, if its last one is done with."""
        self._connection.execute(delete(outbox).where(outbox.c.key == edit, settled(outbox)))
        return self._outbox.add(edit, address, view, person=person, language=language, edits=key)
