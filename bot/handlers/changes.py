"""Changes of meetings: told once they have settled, and the desk through which coordinators make them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from bot.domain.changes import SETTLES, Change, Kind
from bot.domain.prices import quote
from bot.domain.programmes import Programme
from bot.flows import announcements
from bot.flows.announcements import Affected, Price
from bot.handlers.audiences import channels_of
from bot.handlers.visit import Visit
from bot.messages import Card, to_json
from storage import programmes
from storage.attendance import Attendance
from storage.changes import Changes, Hearer
from storage.outbox import Post

log = logging.getLogger(__name__)


def settle(visit: Visit) -> None:
    """Tell people what has changed and lain still for ten minutes; a change that was taken back is nobody's news."""
    changes = Changes(visit.connection, visit.now)
    for id in changes.due():
        try:
            with visit.connection.begin_nested():
                _settle(visit, id)
        except Exception:
            log.exception("a change could not be told and is tried again", extra={"programme": id})
            changes.postpone(id, visit.now + SETTLES)


def _settle(visit: Visit, id: str) -> None:
    """Everything of one programme at once, so that each person has one message. The lock keeps other workers out."""
    changes = Changes(visit.connection, visit.now)
    programme = programmes.locked(visit.connection, id)
    unsettled = {one.occasion: one.before for one in changes.of(id) if one.settles_at <= visit.now}
    changes.drop(id, tuple(unsettled))
    if programme is None or programme.draft:
        return
    both = (Change(unsettled[one.id], one) for one in programme.occasions if one.id in unsettled)
    real = {change.after.id: change for change in both if change.kinds}
    if real:
        _tell_people(visit, programme, real)
        _tell_channels(visit, programme, tuple(real.values()))
        _correct(visit, programme, real)


def _key(programme: Programme, change: Change, whom: str) -> str:
    return f"changed:{programme.id}:{change.after.id}:{change.after.sequence}:{whom}"


# --- The news ---------------------------------------------------------------------------------------------------------


def _tell_people(visit: Visit, programme: Programme, real: Mapping[str, Change]) -> None:
    hearers: dict[str, list[Hearer]] = {}
    told = {id: change.kinds for id, change in real.items()}
    for one in Changes(visit.connection, visit.now).hearers(programme.id, told):
        hearers.setdefault(one.person, []).append(one)
    prices: dict[str, Price] = {}
    posts = []
    for person, recipient in visit.people.reached(hearers).items():
        if recipient.address is not None:
            affected = tuple(_affected(visit, real, hearers[person]))
            totals = tuple(_prices(visit, programme, affected, hearers[person], prices))
            view = to_json(announcements.changed(programme, affected, totals))
            key = _key(programme, affected[0].change, person)
            posts.append(Post(key, recipient.address, person, recipient.person.language, view))
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
    if programme.prices.free or not any(one.change.kinds & weighs for one in affected):
        return
    organisations = {one.organisation_key: one.organisation for one in theirs if one.registrant}
    for key, name in sorted(organisations.items()):
        if key not in known:
            known[key] = Price(name, quote(programme, *visit.registrations.held(programme.id, key)))
        yield known[key]


def _tell_channels(visit: Visit, programme: Programme, real: tuple[Change, ...]) -> None:
    """What everybody may know; a new link is for those who take part."""
    open_ones = tuple(change for change in real if change.kinds != {Kind.LINK})
    if not open_ones:
        return
    view = announcements.changed_for_channel(programme, open_ones)
    for address in channels_of(visit, programme.id):
        key = _key(programme, open_ones[0], f"{address.platform}:{address.workspace}:{address.conversation}")
        visit.outbox.add(key, address, "", visit.surroundings.language, view)


# --- What was sent before ---------------------------------------------------------------------------------------------


def _correct(visit: Visit, programme: Programme, real: Mapping[str, Change]) -> None:
    """Edit the reminders and receipts that speak of the meetings; one that speaks of several is edited once."""
    sent = {id: _sent_about(visit, programme, id) for id in real}
    letters = Changes(visit.connection, visit.now).delivered({key for keys in sent.values() for key in keys})
    readers = {letter.person for letter in letters} - {""}
    attendance = Attendance(visit.connection)
    seated = {id: attendance.seats_of(programme.id, id, readers) for id in real}
    for letter in letters:
        view = letter.view
        spoken_of = [real[id] for id, keys in sent.items() if letter.key in keys]
        if isinstance(view, Card):
            for change in spoken_of:
                member = letter.person in seated[change.after.id]
                view = announcements.corrected(view, programme, change, member=member)
            key = _key(programme, spoken_of[0], f"on:{letter.key}")
            visit.outbox.add(key, letter.address, letter.person, letter.language, view, edits=letter.key)


def _sent_about(visit: Visit, programme: Programme, occasion: str) -> set[str]:
    """The outbox keys of what has gone out about an occasion."""
    nudges = {nudge.message for nudge in visit.nudges.sent_about(programme.id, occasion) if nudge.message}
    booked = Changes(visit.connection, visit.now).registrations_at(programme.id, occasion)
    return nudges | {f"receipt:{registration}" for registration in booked}
