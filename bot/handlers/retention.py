"""How long things are kept: as long as a programme's rule says, or as long as somebody may still need them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.faq import COMMON
from bot.domain.people import Person
from bot.domain.programmes import KEPT, Programme
from bot.flows import registration
from bot.handlers import matters, my_data, voting
from bot.handlers.visit import Visit
from storage import joins
from storage.awaited import Awaited
from storage.deliveries import Deliveries
from storage.faq import Entries
from storage.groups import Groups
from storage.guests import Guests
from storage.inquiries import Inquiries
from storage.links import Links
from storage.mails import Mails
from storage.nobody import ERASED
from storage.retention import Retention
from storage.unheard import unheard_of

DELIVERIES_KEPT = timedelta(days=3)
"""Longer than any platform sends an event again (Slack's delayed events: 24 hours)."""

RUNS_KEPT = timedelta(days=30)
"""So long a form that was sent, or left open in a window, is still recognised."""

_DRAFTS = (registration.flow.name,)
"""Forms that people come back to: left open, they are kept as long as messages are."""

_NO_FORMS = (joins.FLOW,)
"""What an account brought along when it was joined: it goes back with it, however long they have been one."""

MESSAGES_KEPT = timedelta(days=400)
"""A year and a month: what was sent before last year's round can be looked up until this year's is over."""

ACCOUNTS_KEPT = MESSAGES_KEPT
"""Of those who take part in nothing, since they were last seen: by then no message to them is kept either."""

ASKERS_KEPT = timedelta(days=30)
"""For so long it is known who asked a question, unless they still wait for an answer."""


def let_go(visit: Visit) -> None:
    """Delete what is too old to keep."""
    visit.codes.forget()
    visit.runs.forget(visit.now - RUNS_KEPT, but=(*_DRAFTS, *_NO_FORMS))
    visit.runs.forget(visit.now - MESSAGES_KEPT, but=_NO_FORMS)
    Deliveries(visit.connection, visit.now).forget(visit.now - DELIVERIES_KEPT)
    _let_go_of_messages(visit)
    _keep_the_rule(visit)
    voting.forget_voters(visit)
    for person in unheard_of(visit.connection, visit.now - ACCOUNTS_KEPT):
        my_data.forget(visit, person)  # a restored backup needs no list of them: it finds them again by this rule


def _let_go_of_messages(visit: Visit) -> None:
    """What was said, and what was noted of it."""
    last = visit.now - MESSAGES_KEPT
    visit.outbox.forget(last)
    visit.outbox.forget_erased(ERASED)
    visit.nudges.forget(last)
    matters.forget(visit, last)
    Mails(visit.connection, visit.now).forget(last)
    Awaited(visit.connection, visit.now).forget(last)
    Links(visit.connection, visit.now).forget(last)


def _keep_the_rule(visit: Visit) -> None:
    """Let go of what is older than each programme keeps it."""
    asked = Inquiries(visit.connection, visit.now)
    _forget_who_asked(visit, asked)
    for programme in visit.programmes.values():
        _of_programme(visit, programme)
    asked.forget(COMMON, visit.now - timedelta(KEPT))
    Entries(visit.connection, visit.now).forget_phrasings(visit.now - timedelta(KEPT))


def _forget_who_asked(visit: Visit, asked: Inquiries) -> None:
    """With what they were told: every answer names its question, and what stands beside it in the outbox its reader."""
    for inquiry, person in asked.asked_before(visit.now - ASKERS_KEPT):
        if visit.outbox.forget_about(person, inquiry):
            asked.forget_asker(inquiry)


def _of_programme(visit: Visit, programme: Programme) -> None:
    kept = Retention(visit.connection, visit.now)
    for round in kept.forget_rounds(programme.id, visit.now - timedelta(programme.keep_answers)):
        visit.outbox.forget_all_about(round)
    Inquiries(visit.connection, visit.now).forget(programme.id, visit.now - timedelta(programme.keep_answers))
    last = visit.now - timedelta(programme.keep_names)
    for occasion in programme.occasions:
        if occasion.ends_at < last:
            kept.forget_participants(programme.id, occasion.id)
    if not _ended_before(last, programme, kept):
        return
    if kept.knows_people(programme.id):
        forget_guests(visit, programme)
        kept.forget_programme(programme.id)
    kept.forget_groups(programme.id)
    kept.forget_references(programme.id)  # not sooner, although it was closed: there may be invoices still to send


def _ended_before(moment: datetime, programme: Programme, kept: Retention) -> bool:
    """Whether it ended before then: with its last meeting or, without meetings, when nothing has happened any more."""
    if programme.occasions or (programme.ends_at is not None and programme.ends_at >= moment):
        return programme.ends_at is not None and programme.ends_at < moment
    heard = kept.last_heard_of(programme.id)
    return heard is not None and heard < moment


# --- Guests -----------------------------------------------------------------------------------------------------------


def forget_guests(visit: Visit, programme: Programme) -> None:
    """Erase those whom nothing but this programme has brought here: without an account, nobody else would."""
    for guest in guests(visit, programme):
        my_data.erase(visit, guest.id)


def guests(visit: Visit, programme: Programme) -> tuple[Person, ...]:
    """Those who are guests here and take part in nothing else."""
    groups = Groups(visit.connection, visit.now)
    here = Guests(visit.connection, visit.now).among(groups.people_of_programme(programme.id))
    if not here:
        return ()
    elsewhere = {who for id in visit.programmes if id != programme.id for who in groups.people_of_programme(id)}
    return tuple(guest for guest in here if guest.id not in elsewhere)
