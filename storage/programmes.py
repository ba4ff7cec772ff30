"""The loaded programmes. Their documents are parsed once for each version and process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, String, bindparam, cast, delete, func, select, update

from bot.domain import filed
from bot.domain.caution import Caution
from bot.domain.changes import Change, succeeds
from bot.domain.materials import after_loading
from bot.domain.programmes import Material, Occasion, Programme
from bot.domain.values import dataclass
from bot.domain.words import Localised
from storage import added, agreed
from storage.changes import Changes
from storage.faq import Entries
from storage.prepared import Prepared
from storage.registrations import Registrations
from storage.runs import Runs
from storage.tables import occasions, programmes
from storage.upsert import upsert

_DOCUMENT: TypeAdapter[Programme] = TypeAdapter(Programme)
_VERSIONS = select(programmes.c.id, programmes.c.version).order_by(programmes.c.place, programmes.c.id)
_STATE = Prepared(
    select(func.aggregate_strings(programmes.c.id + " " + cast(programmes.c.version, String), ",").label("versions"))
)
_ONE = select(programmes.c.document).where(programmes.c.id == bindparam("id"))
_LOCKED = _ONE.with_for_update(key_share=True)  # others may go on to register, which only refers to the programme


@dataclass(frozen=True, slots=True)
class Loaded:
    """A programme as it was stored, and what of it people will be told once it has settled."""

    programme: Programme
    changed: tuple[Change, ...] = ()  # of which people are told
    told: int = 0  # people
    told_at: datetime | None = None  # UTC; None when nothing is told
    added: tuple[str, ...] = ()  # occasions that are new to people who take part already, who are told the day after
    newly_agreed: bool = False  # whether the prices are new, and others hold for organisations that have seats


class Catalogue:
    """All programmes in their order, read through a cache that the stored versions keep honest."""

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[int, Programme]] = {}
        self._all: tuple[str | None, Mapping[str, Programme]] = (None, {})

    def read(self, connection: Connection) -> Mapping[str, Programme]:
        """Programme id → programme."""
        state = _STATE.first(connection).versions
        known = self._all
        if known[0] != state:
            found = {row.id: self._parse(connection, row.id, row.version) for row in connection.execute(_VERSIONS)}
            self._all = known = (state, found)
        return known[1]

    def read_ahead(self, connection: Connection) -> None:
        """Say that `read` will be asked."""
        _STATE.ask_ahead(connection)

    def _parse(self, connection: Connection, id: str, version: int) -> Programme:
        known = self._parsed.get(id)
        if known is None or known[0] != version:
            document = connection.execute(_ONE, {"id": id}).scalar_one()
            known = (version, _DOCUMENT.validate_json(document))
            self._parsed[id] = known
        return known[1]


def locked(connection: Connection, id: str) -> Programme | None:
    """The programme as it is now; nobody else changes it until the transaction ends."""
    document = connection.execute(_LOCKED, {"id": id}).scalar()
    return None if document is None else _DOCUMENT.validate_json(document)


def load(connection: Connection, programme: Programme, now: datetime) -> Loaded:
    """Store a programme, as a new version when it was there before.

    What people have to hear of an occasion is noted, and told once it has lain still (`told_at`). An occasion that
    is gone while somebody holds a seat there counts as cancelled, so that nobody is left waiting. Of a draft nobody
    hears anything.
    """
    before = locked(connection, programme.id)
    if before is None:
        _store(connection, programme, now)
        return Loaded(programme)
    # In the order in which a registration takes its locks: its own run, then the occasions.
    if _as_registered_for(before) != _as_registered_for(programme):
        Runs(connection, now).overtake(programme.id)
    Registrations(connection, now).lock(programme.id)
    changes = Changes(connection, now)
    programme = agreed.kept(connection, before, _following(before, programme, changes))
    programme = added.dated(connection, before, programme, now)
    _store(connection, programme, now)
    added.seat_cohort(connection, before, programme, now)
    if before.draft or programme.draft:
        return Loaded(programme)
    changed = tuple(_changed(before, programme, now))
    for one in changed:
        changes.note(programme.id, one.before)
    new = tuple(one.id for one in programme.occasions if one.added_at == now)
    newly_agreed = bool(programme.agreed) and before.prices != programme.prices
    if not changed:
        return Loaded(programme, added=new, newly_agreed=newly_agreed)
    told_at = changes.told_at(programme)
    changes.postpone(programme.id, told_at)
    hearers = changes.hearers(programme.id, {one.after.id: one.kinds for one in changed})
    return Loaded(programme, changed, len({one.person for one in hearers}), told_at, new, newly_agreed)


def load_file(connection: Connection, programme: Programme, now: datetime) -> Loaded:
    """Store what a programme's file says. What coordinators have said in chat of what can be said there stays."""
    before = locked(connection, programme.id)
    if before is None:
        return load(connection, programme, now)
    kept = replace(
        filed.after_loading(before, programme),
        chat_rules=before.chat_rules,
        chat_caution=before.chat_caution,
        materials=after_loading(before, programme),
        closed=before.closed if before.closed and programme.is_over(before.closed) else None,  # not of the next edition
    )
    return load(connection, kept, now)


def publish(connection: Connection, id: str, now: datetime) -> Loaded:
    """Let a draft be a programme: everybody sees it from now on, and its messages go out as they come due."""
    draft = locked(connection, id)
    assert draft is not None, "only a programme that is there can be published"
    return load(connection, replace(draft, draft=False), now)


def forget_agreed(connection: Connection, id: str, now: datetime) -> None:
    """Let the file's prices hold for organisations that have no seat any more; the occasions are locked."""
    before = locked(connection, id)
    assert before is not None, "only a programme that is there has seats"
    after = agreed.kept(connection, before, before)
    if after != before:
        _store(connection, after, now)


def unname(connection: Connection, written: Callable[[str], str]) -> None:
    """Let `written` mend what coordinators have written in chat. What a programme's file says is its organiser's."""
    all_of_them = select(programmes.c.id, programmes.c.document, programmes.c.version).order_by(programmes.c.id)
    for row in connection.execute(all_of_them.with_for_update(key_share=True)).all():
        before = _DOCUMENT.validate_json(row.document)
        after = replace(
            before,
            chat_rules=tuple(replace(one, text=_each(one.text, written), title=_each(one.title, written))
                             for one in before.chat_rules),
            materials=tuple(_mended(one, written) if one.from_chat else one for one in before.materials),
        )  # fmt: skip
        if after != before:
            new = {"document": _DOCUMENT.dump_json(after).decode(), "version": row.version + 1}
            connection.execute(update(programmes).where(programmes.c.id == row.id).values(new))


def _mended(one: Material, written: Callable[[str], str]) -> Material:
    """Its name for programs (`id`) stays: chosen from the title, it is what buttons and notes know it by."""
    speakers = tuple(replace(who, name=written(who.name), about=_each(who.about, written)) for who in one.speakers)
    return replace(one, title=_each(one.title, written), about=_each(one.about, written), speakers=speakers)


def _each(words: Localised, written: Callable[[str], str]) -> Localised:
    return Localised({language: written(text) for language, text in words.wordings.items()})


def _as_registered_for(programme: Programme) -> Programme:
    """What somebody sees who is registering, apart from what has no part in it."""
    facts = tuple(replace(one, sequence=0, added_at=None) for one in programme.occasions)
    return replace(
        programme,
        occasions=facts,
        filed=(),
        agreed={},
        faq=(),
        caution=Caution.BALANCED,
        chat_caution=None,
        materials=(),
        reminders=(),
        chat_rules=(),
        dates=(),
        question_sets=(),
        marks={},
    )


def _following(before: Programme, after: Programme, changes: Changes) -> Programme:
    """`after` in the order of time, with what it still owes to those who know `before`."""
    known = {one.id: one for one in before.occasions}
    named = {one.id for one in after.occasions}
    following = [
        *(succeeds(known[one.id], one) if one.id in known else replace(one, sequence=0) for one in after.occasions),
        *(
            succeeds(one, replace(one, cancelled=True))
            for one in before.occasions
            if one.id not in named and changes.is_held(after.id, one.id)
        ),
    ]
    return replace(after, occasions=tuple(sorted(following, key=lambda one: one.starts_at)))


def _changed(before: Programme, after: Programme, now: datetime) -> Iterator[Change]:
    """The occasions that people have to be told of; what is over is nobody's concern any more."""
    known: Mapping[str, Occasion] = {one.id: one for one in before.occasions}
    for occasion in after.occasions:
        was = known.get(occasion.id)
        if was is not None and max(was.ends_at, occasion.ends_at) > now:
            change = Change(was, occasion)
            if change.kinds:
                yield change


def _store(connection: Connection, programme: Programme, now: datetime) -> None:
    here = programmes.c.id == programme.id
    before = connection.execute(select(programmes.c.version, programmes.c.place).where(here)).one_or_none()
    place = before.place if before else connection.execute(select(func.count()).select_from(programmes)).scalar_one()
    upsert(
        connection,
        programmes,
        id=programme.id,
        version=(before.version if before else 0) + 1,
        document=_DOCUMENT.dump_json(programme).decode(),
        place=place,
        loaded_at=now,
        planned=False,  # its reminders are, with the next tick
    )
    Entries(connection, now).follow(programme)
    for one in programme.occasions:
        values = {"id": one.id, "capacity": one.capacity, "starts_at": one.starts_at}
        upsert(connection, occasions, programme=programme.id, **values)
    gone = occasions.c.id.not_in([one.id for one in programme.occasions])
    connection.execute(delete(occasions).where(occasions.c.programme == programme.id, gone))
