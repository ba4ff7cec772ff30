"""Messages that must reach someone: written with the change they speak of, delivered afterwards."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, literal_column, or_, select, update

from bot.domain.people import Language
from bot.domain.values import dataclass
from bot.messages import View, from_json, to_json
from bot.ports import Address, Surface
from storage.claiming import CLAIM, settled, undecided
from storage.portions import portions
from storage.prepared import Prepared
from storage.settling import Later, finish, postpone
from storage.tables import outbox, people
from storage.upsert import spelled

WAITING = "waiting"
SENDING = "sending"
SENT = "sent"
FAILED = "failed"
NOTHING_TO_EDIT = "nothing to edit"
TAKEN_BACK = "taken back"
MAYBE_TWICE = "maybe twice"

_UNWRITTEN_RESTS = timedelta(seconds=1)
"""How long an edit waits at a time for the message that it is to replace."""

_TAKEN_BACK_WITHIN = timedelta(days=1)
"""How long ago a message may have been sent that is taken back: it is looked for among so many only."""

_NOT_OURS = "= "
"""Before a platform's own reference, where else the key of a message of ours stands."""

_FORGOTTEN_AT_ONCE = 1000  # a few milliseconds of the writer's time


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message. `resumed` means that an earlier try ended without word of its outcome."""

    id: str
    address: Address
    person: str
    language: Language
    view: View | None  # None: the message that it replaces is to be removed
    replaces: str  # the platform's reference of the message to edit, or ""
    thread: str  # the platform's reference of the message to write under, or ""
    claim: int  # how often it has been claimed by now: only the last claim may settle it
    attempts: int  # how often it was tried
    written_at: datetime
    resumed: bool


@dataclass(frozen=True, slots=True)
class Post:
    """One of many messages that are written at once; answers to people overtake them."""

    key: str
    address: Address
    person: str
    language: Language
    view_json: str
    thread: str = ""
    due_at: datetime | None = None  # at once


@dataclass(frozen=True, slots=True)
class Told:
    """A message to many, as one of them has got it, or could not."""

    key: str
    at: datetime  # when it arrived, or was written
    view: View
    sent: Sent


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message."""

    id: str
    state: str  # waiting, sending, sent, failed
    reason: str
    sent_at: datetime | None
    platform: str


_EARLIER = Prepared(
    select(outbox.c.reference, outbox.c.state, outbox.c.due_at).where(outbox.c.key == bindparam("the_key"))
)
_MAYBE_TWICE = Prepared(
    select(func.count().label("number")).where(
        outbox.c.reason != literal_column("''"),
        outbox.c.state == literal_column(f"'{SENT}'"),
        outbox.c.reason == literal_column(f"'{MAYBE_TWICE}'"),
    )
)
_UNDELIVERED = Prepared(
    select(outbox.c.platform, outbox.c.reason, func.count().label("number"))
    .where(
        outbox.c.reason != literal_column("''"),
        outbox.c.state == literal_column(f"'{FAILED}'"),
        outbox.c.reason != literal_column(f"'{TAKEN_BACK}'"),
        outbox.c.replaces == literal_column("''"),
    )
    .group_by(outbox.c.platform, outbox.c.reason)
    .order_by(outbox.c.platform, outbox.c.reason)
)
_FORGET_OF = Prepared(delete(outbox).where(outbox.c.person == bindparam("person"), settled(outbox)))
_FORGET = Prepared(
    delete(outbox)
    .where(
        outbox.c.id.in_(
            select(outbox.c.id)
            .where(settled(outbox), outbox.c.created_at < bindparam("before"))
            .order_by(outbox.c.created_at)
            .limit(bindparam("most"))
            .scalar_subquery()
        )
    )
    .returning(literal_column("1").label("forgotten"))
)


_OVERTAKEN = Prepared(
    delete(outbox).where(
        outbox.c.id.in_(
            select(outbox.c.id)
            .where(
                outbox.c.platform == bindparam("platform"),
                outbox.c.workspace == bindparam("workspace"),
                outbox.c.surface == bindparam("surface"),
                outbox.c.conversation == bindparam("conversation"),
                outbox.c.sent_at.is_(None),
                outbox.c.replaces == bindparam("edited"),
                outbox.c.view != literal_column("''"),  # what is to be removed has nothing more to say
                outbox.c.state == literal_column("'waiting'"),
            )
            .with_for_update(skip_locked=True)  # one that is being claimed goes out first; to wait would be a deadlock
        )
    )
)


_FOR_NOBODY = bindparam("person", type_=outbox.c.person.type) == literal_column("''")
_STAYS = (
    select(literal_column("1"))
    .where(people.c.id == bindparam("person"))
    .with_for_update(read=True, key_share=True)
    .exists()
)
"""Whom a message is for is held, as by a reference: they are not erased before it is there to be erased with them.

Who is being erased at this moment is waited for, and then there is no message to them. SQLite has one writer at a time,
who is alone with what was looked up.
"""


@cache
def _insert(dialect: str, names: tuple[str, ...]) -> Any:
    insert = spelled(dialect, outbox)
    values = {name: bindparam(name, type_=outbox.c[name].type) for name in names}
    if dialect == "sqlite":
        return insert.values(values).on_conflict_do_nothing()
    return insert.from_select(names, select(*values.values()).where(or_(_FOR_NOBODY, _STAYS))).on_conflict_do_nothing()


@cache
def _insert_one(names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda dialect: _insert(dialect, names).returning(literal_column("1").label("new")))


def answering(reference: str) -> str:
    """What `thread` is for an answer to a message that is not ours, which only the platform has a name for."""
    return f"{_NOT_OURS}{reference}" if reference else ""


def address_of(row: Any, details: Mapping[str, str] | None = None) -> Address:
    """Where a row of the outbox goes; `details` are kept elsewhere, and only who sends needs them."""
    return Address(row.platform, row.workspace, row.conversation, Surface(row.surface), details or {})


def _names(id: str) -> ColumnElement[bool]:
    """Whether a message has to do with something that has this id."""
    return outbox.c.key.contains(id, autoescape=True) | outbox.c.view.contains(id, autoescape=True)


class Outbox:
    """The messages of all workspaces."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._written = 0

    @property
    def wrote(self) -> bool:
        """Whether anything was put in here in this transaction."""
        return self._written > 0

    def add(
        self,
        key: str,
        address: Address,
        view: View,
        *,
        person: str,
        language: Language,
        edits: str = "",
        thread: str = "",
        due_at: datetime | None = None,
    ) -> bool:
        """Put a message into the outbox, once for each key; tells whether it is new.

        `person` is whom it is for, empty in a channel, and `language` the one in which it is read there.
        `edits` is the key of an earlier message that this one replaces in place, `thread` that of one in the same
        channel under which it is written, or `answering` a message of somebody's. Another edit of it that has not gone
        out yet is dropped: this one says all. To somebody who has been erased nothing is written.
        """
        if edits:
            place = {"platform": address.platform, "workspace": address.workspace, "surface": address.surface.value}
            _OVERTAKEN.run(self._connection, **place, conversation=address.conversation, edited=edits)
        post = Post(key, address, person, language, to_json(view), thread, due_at)
        return self._insert(self._row(post, edits=edits, bulk=False))

    def add_many(self, posts: Iterable[Post]) -> None:
        """Put many messages in at once, each once for its key. Whatever is put in by `add` goes before them."""
        rows = [self._row(post, edits="", bulk=True) for post in posts]
        if rows:
            self._connection.execute(_insert(self._connection.dialect.name, tuple(rows[0])), rows)

    def take_back(self, prefix: str) -> int:
        """Take back every message whose key begins so, written within a day; how many those were.

        What has not gone out never does. What has, or is on its way at this moment, is removed once it is there.
        """
        kept = self._hold_back(prefix)
        begun = [row for row in self._beginning(prefix) if not row.replaces and row.state != FAILED]
        return kept + sum(map(self._remove, begun))

    def _hold_back(self, prefix: str) -> int:
        """Settle what waits. Whatever a courier has its hand on is left to it: nobody waits for one another here."""
        mine = (
            select(outbox.c.id)
            .where(undecided(outbox), outbox.c.state == WAITING, outbox.c.key.startswith(prefix, autoescape=True))
            .with_for_update(skip_locked=True)
        )
        ids = list(self._connection.execute(mine).scalars())
        for some in portions(ids):
            never = {"state": FAILED, "reason": TAKEN_BACK, "claimed_until": None}
            self._connection.execute(update(outbox).where(outbox.c.id.in_(some)).values(never))
        return len(ids)

    def _beginning(self, prefix: str) -> Iterator[Any]:
        """The messages whose key begins so: those not settled, and those written lately. For each, its own index."""
        lately = settled(outbox) & (outbox.c.created_at >= self._now - _TAKEN_BACK_WITHIN)
        for such in (undecided(outbox), lately):
            yield from self._connection.execute(
                select(outbox).where(such, outbox.c.key.startswith(prefix, autoescape=True))
            )

    def _remove(self, row: Any) -> bool:
        """Let a message be removed where it is, once it is there; tells whether that is new."""
        post = Post(f"{TAKEN_BACK}:{row.key}", address_of(row), row.person, Language(row.language), view_json="")
        return self._insert(self._row(post, edits=row.key, bulk=False))

    def _insert(self, row: dict[str, Any]) -> bool:
        return _insert_one(tuple(row)).first(self._connection, **row) is not None

    def claim(self, lane: tuple[str, str], lease: timedelta, most: int) -> tuple[Letter, ...]:
        """Take due messages of a workspace for ourselves alone until the lease ends, one of each conversation.

        An edit of what is not there yet waits; one of what will never be there is given up.
        """
        answers = self._claimed(lane, lease, most, one_of_many=False)
        others = self._claimed(lane, lease, most - len(answers), one_of_many=True)
        return tuple(self._letter(row) for row in (*answers, *others))

    def _claimed(self, lane: tuple[str, str], lease: timedelta, most: int, *, one_of_many: bool) -> list[Any]:
        """Rows that can be sent. Where one has to be put aside, another of its conversation may take its place."""
        found: list[Any] = []
        while len(found) < most:
            rows = self._claim(lane, lease, most - len(found), one_of_many=one_of_many)
            ready = [row for row in rows if not row.replaces or self._can_edit(row)]
            found.extend(ready)
            if len(ready) == len(rows):
                break
        return found

    def sent(self, letter: Letter, reference: str, *, maybe_twice: bool = False) -> None:
        """The platform has the message."""
        reason = MAYBE_TWICE if maybe_twice else ""
        finish(self._connection, letter.id, letter.claim, SENT, reason, reference=reference, sent_at=self._now)

    def failed(self, letter: Letter, reason: str) -> None:
        """The message cannot be delivered; nobody tries again."""
        finish(self._connection, letter.id, letter.claim, FAILED, reason)

    def later(self, letter: Letter, due_at: datetime, reason: str, *, uncertain: bool) -> None:
        """Try again at `due_at`. `uncertain` keeps the mark that the message may have arrived."""
        state = SENDING if uncertain else WAITING
        held = Later(state, due_at, reason, attempts=letter.attempts)
        postpone(self._connection, letter.id, letter.claim, held)

    def put_back(self, letter: Letter, due_at: datetime) -> None:
        """A claimed message whose turn has not come: as it was, but not before `due_at`."""
        state = SENDING if letter.resumed else WAITING
        held = Later(state, due_at, "", attempts=letter.attempts - 1)
        postpone(self._connection, letter.id, letter.claim, held)

    def states(self, keys: Iterable[str]) -> Mapping[str, Sent]:
        """What became of messages, by key; a key that is unknown or forgotten is not there."""
        columns = (outbox.c.id, outbox.c.key, outbox.c.state, outbox.c.reason, outbox.c.sent_at, outbox.c.platform)
        found: dict[str, Sent] = {}
        for some in portions(keys):
            for row in self._connection.execute(select(*columns).where(outbox.c.key.in_(some))):
                found[row.key] = Sent(row.id, row.state, row.reason, row.sent_at, row.platform)
        return found

    def told(self, person: str, since: datetime) -> Iterator[Told]:
        """What somebody has been told as one of many since then, if it is settled and was not taken back."""
        rows = self._connection.execute(
            select(outbox).where(
                outbox.c.person == person,
                outbox.c.created_at >= since,
                outbox.c.bulk,  # no edit is one of many
                outbox.c.state.in_((SENT, FAILED)),
                outbox.c.reason != TAKEN_BACK,
            )
        )
        for row in rows:
            sent = Sent(row.id, row.state, row.reason, row.sent_at, row.platform)
            yield Told(row.key, row.sent_at or row.created_at, from_json(row.view), sent)

    def undelivered(self) -> Sequence[tuple[str, str, int]]:
        """(platform, reason, number) of the messages that could not be delivered; edits of others do not count."""
        return [(row.platform, row.reason, row.number) for row in _UNDELIVERED.all(self._connection)]

    def maybe_twice(self) -> int:
        """How many messages may have reached someone twice, on platforms that cannot tell."""
        number: int = _MAYBE_TWICE.first(self._connection).number
        return number

    def forget(self, before: datetime) -> int:
        """Delete a batch of settled messages that were written before an instant; how many those were."""
        return len(_FORGET.all(self._connection, before=before, most=_FORGOTTEN_AT_ONCE))

    def forget_about(self, person: str, id: str) -> bool:
        """Delete what was sent to somebody about something with this id; False while some of it has not settled."""
        theirs = (outbox.c.person == person, _names(id))
        if self._connection.execute(select(outbox.c.id).where(*theirs, ~settled(outbox)).limit(1)).first() is not None:
            return False
        self._connection.execute(delete(outbox).where(*theirs))
        return True

    def forget_all_about(self, id: str) -> None:
        """Delete what was sent to anybody about something with this id, and has settled."""
        self._connection.execute(delete(outbox).where(_names(id), settled(outbox)))

    def forget_erased(self, nobody: str) -> None:
        """Delete what was said last to persons who have been erased, once it has arrived or cannot."""
        _FORGET_OF.run(self._connection, person=nobody)

    def _row(self, post: Post, *, edits: str, bulk: bool) -> dict[str, Any]:
        self._written += 1
        return {
            "id": uuid.uuid4().hex,
            "key": post.key,
            "platform": post.address.platform,
            "workspace": post.address.workspace,
            "surface": post.address.surface.value,
            "conversation": post.address.conversation,
            "person": post.person,
            "language": post.language.value,
            "view": post.view_json,
            "replaces": edits,
            "thread": post.thread,
            "state": WAITING,
            "bulk": bulk,
            "due_at": post.due_at or self._now,
            "place": self._written,
            "created_at": self._now,
        }

    def _claim(self, lane: tuple[str, str], lease: timedelta, most: int, *, one_of_many: bool) -> list[Any]:
        rows = CLAIM.all(
            self._connection,
            now=self._now,
            lease=self._now + lease,
            most=most,
            for_platform=lane[0],
            for_workspace=lane[1],
            one_of_many=one_of_many,
        )
        return sorted(rows, key=lambda row: (row.created_at, row.place))

    def _can_edit(self, row: Any) -> bool:
        """Whether the message to edit is there; if not, the edit waits for it, or is given up with it."""
        earlier = _EARLIER.first(self._connection, the_key=row.replaces)
        if earlier is not None and earlier.state in (WAITING, SENDING):
            until = max(earlier.due_at, self._now + _UNWRITTEN_RESTS)
            resting = Later(WAITING, until, "", attempts=row.attempts - 1, holds=False)
            postpone(self._connection, row.id, row.claims, resting)
            return False
        if earlier is None or not earlier.reference:
            finish(self._connection, row.id, row.claims, FAILED, NOTHING_TO_EDIT)
            return False
        return True

    def _letter(self, row: Any) -> Letter:
        details = json.loads(row.details) if row.details else {}  # what the platform needs, as last seen
        return Letter(
            id=row.id,
            address=address_of(row, details),
            person=row.person,
            language=Language(row.language),
            view=from_json(row.view) if row.view else None,
            replaces=self._reference(row.replaces),
            thread=self._reference(row.thread),
            claim=row.claims,
            attempts=row.attempts,
            written_at=row.created_at,
            resumed=row.uncertain,
        )

    def _reference(self, key: str) -> str:
        if key.startswith(_NOT_OURS):
            return key.removeprefix(_NOT_OURS)
        earlier = _EARLIER.first(self._connection, the_key=key) if key else None
        return earlier.reference if earlier is not None else ""
