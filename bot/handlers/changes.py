"""Changes of meetings: told once they have settled, to many people piece by piece."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.domain.changes import SETTLES, Change, Kind, heard_at
from bot.domain.prices import quote
from bot.domain.programmes import Programme
from bot.domain.workdays import Whereabouts, is_polite
from bot.flows import announcements
from bot.flows.announcements import Affected, Price
from bot.handlers.audiences import channels_of
from bot.handlers.visit import Visit
from bot.messages import Card, to_json
from storage import programmes
from storage.announcing import Announcing, Telling
from storage.attendance import Attendance
from storage.changes import Changes, Hearer
from storage.outbox import Post
from storage.trouble import is_of_the_database

log = logging.getLogger(__name__)


_AT_ONCE = 200
"""People, or old messages, in one transaction: some 100 ms of SQLite's only writer, between which events get in."""


def settle(visit: Visit) -> bool:
    """Tell what has changed and lain still for ten minutes; whether there is more, for a transaction of its own.

    A change that was taken back is nobody's news.
    """
    changes = Changes(visit.connection, visit.now)
    for id in changes.due():
        try:
            with visit.connection.begin_nested():
                is_more = _settle(visit, id)
        except Exception as error:
            if is_of_the_database(error):
                raise
            log.exception("a change could not be told and is tried again", extra={"programme": id})
            changes.put_off(id, visit.now + SETTLES)
            continue
        if is_more:
            return True
    return False


def _settle(visit: Visit, id: str) -> bool:
    """A piece of what is told of one programme; whether there is more. The lock keeps other workers out.

    What has come due together is told together, so that each person has one message.
    """
    programme = programmes.locked(visit.connection, id)
    announcing = Announcing(visit.connection, visit.now)
    telling = announcing.of(id) or _begun(visit, programme, id)
    if programme is None or telling is None:
        return False
    if programme.draft:  # since it began
        Changes(visit.connection, visit.now).drop(id, telling.occasions)
        return False
    telling, is_more = _go_on(visit, programme, telling)
    if is_more:
        announcing.keep(telling)
    else:
        announcing.finish(telling, programme)
    return is_more


def _begun(visit: Visit, programme: Programme | None, id: str) -> Telling | None:
    """What is to be told now, if anything is; what is nobody's news is forgotten."""
    changes = Changes(visit.connection, visit.now)
    unsettled = {one.occasion: one.before for one in changes.of(id) if one.settles_at <= visit.now}
    held = programme.occasions if programme is not None and not programme.draft else ()
    both = (Change(unsettled[one.id], one) for one in held if one.id in unsettled)
    real = {change.after.id: change for change in both if change.kinds}
    changes.drop(id, tuple(unsettled.keys() - real.keys()))
    return Telling(id, real) if real else None


def _go_on(visit: Visit, programme: Programme, telling: Telling) -> tuple[Telling, bool]:
    """First everybody is told, then channels, then what was sent before is corrected; a piece at most of each."""
    announcing = Announcing(visit.connection, visit.now)
    if not telling.heard:
        persons = announcing.next_persons(telling, _AT_ONCE)
        _tell_people(visit, programme, telling.changes, persons)
        if len(persons) == _AT_ONCE:
            return replace(telling, person=persons[-1]), True
        _tell_channels(visit, programme, tuple(telling.changes.values()))
        telling = replace(telling, heard=True)
    letters = announcing.next_letters(telling, _AT_ONCE)
    _correct(visit, programme, telling, letters)
    return (replace(telling, letter=letters[-1]), True) if len(letters) == _AT_ONCE else (telling, False)


def _key(programme: Programme, change: Change, whom: str) -> str:
    return f"changed:{programme.id}:{change.after.id}:{change.after.sequence}:{whom}"


# --- The news ---------------------------------------------------------------------------------------------------------


def _tell_people(visit: Visit, programme: Programme, real: Mapping[str, Change], among: Sequence[str]) -> None:
    hearers: dict[str, list[Hearer]] = {}
    told = {id: change.kinds for id, change in real.items()}
    for one in Changes(visit.connection, visit.now).hearers(programme.id, told, frozenset(among), knew_before=True):
        hearers.setdefault(one.person, []).append(one)
    prices: dict[str, Price] = {}
    waits = is_polite(visit.now, Whereabouts.of(programme.zone))  # else somebody is in a hurry
    posts = []
    for person, recipient in visit.people.reached(hearers).items():
        if recipient.address is not None:
            affected = tuple(_affected(visit, real, hearers[person]))
            totals = tuple(_prices(visit, programme, affected, hearers[person], prices))
            view = to_json(announcements.changed(programme, affected, totals))
            key = _key(programme, affected[0].change, person)
            at = heard_at([one.change for one in affected], recipient.there(programme.zone), visit.now)
            due_at = at if waits else visit.now
            posts.append(Post(key, recipient.address, person, recipient.person.language, view, due_at=due_at))
    visit.outbox.add_many(posts)


def _affected(visit: Visit, real: Mapping[str, Change], theirs: list[Hearer]) -> Iterator[Affected]:
    """Each changed meeting once, in the programme's order; the reader's own seat says more than one they booked."""
    for id, change in real.items():
        here = sorted((one for one in theirs if one.occasion == id), key=lambda one: one.seat is None)
        if here:
            seat = here[0].seat
            yield Affected(change, seat, visit.surroundings.calendar_address(seat) if seat else "")


def _prices(
    visit: Visit, programme: Programme, affected: tuple[Affected, ...], theirs: list[Hearer], known: dict[str, Price]
) -> Iterator[Price]:
    """What the reader's organisations pay now, where a meeting is cancelled or held after all."""
    weighs = {Kind.CANCELLED, Kind.HELD_AFTER_ALL}
    if programme.free or not any(one.change.kinds & weighs for one in affected):
        return
    organisations = {one.organisation_key: one.organisation for one in theirs if one.registrant}
    for key, name in sorted(organisations.items()):
        if key not in known:
            known[key] = Price(name, quote(programme.priced_for(key), *visit.registrations.held(programme.id, key)))
        yield known[key]


def _tell_channels(visit: Visit, programme: Programme, real: tuple[Change, ...]) -> None:
    """What everybody may know; a new link is for those who take part."""
    open_ones = tuple(change for change in real if change.kinds != {Kind.LINK})
    if not open_ones:
        return
    view = announcements.changed_for_channel(programme, open_ones)
    for address in channels_of(visit, programme.id):
        key = _key(programme, open_ones[0], f"{address.platform}:{address.workspace}:{address.conversation}")
        visit.outbox.add(key, address, view, person="", language=visit.language_of(address))


# --- What was sent before ---------------------------------------------------------------------------------------------


def _correct(visit: Visit, programme: Programme, telling: Telling, keys: Sequence[str]) -> None:
    """Edit the reminders and receipts that speak of the meetings; one that speaks of several is edited once."""
    sent = Announcing(visit.connection, visit.now).spoken_of(telling, keys)
    letters = Changes(visit.connection, visit.now).delivered(keys)
    readers = {letter.person for letter in letters} - {""}
    attendance = Attendance(visit.connection)
    seated = {id: attendance.seats_of(programme.id, id, readers) for id in telling.changes}
    for letter in letters:
        view = letter.view
        spoken_of = [telling.changes[id] for id, about in sent.items() if letter.key in about]
        if isinstance(view, Card):
            for change in spoken_of:
                member = letter.person in seated[change.after.id]
                view = announcements.corrected(view, programme, change, member=member)
            key = _key(programme, spoken_of[0], f"on:{letter.key}")
            visit.outbox.add(
                key, letter.address, view, person=letter.person, language=letter.language, edits=letter.key
            )
