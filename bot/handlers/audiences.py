"""Who an audience is, at the instant when a nudge for it is due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain import plans
from bot.domain.nudges import Planned, due_there, plans_of
from bot.domain.programmes import Enrolment, Programme
from bot.domain.rounds import Round
from bot.domain.rules import Audience, Topic
from bot.flows import registration
from bot.flows.booking import ALL
from bot.handlers.permissions import administrators
from bot.handlers.visit import Visit
from bot.handlers.whose_channels import WhoseChannels
from bot.ports import Address
from storage import belonging
from storage.attendance import Attendance
from storage.bindings import Bindings
from storage.challenges import Challenges
from storage.groups import Group, Groups
from storage.plans import Plans
from storage.posts import Posts
from storage.rounds import Rounds

_LATE = timedelta(days=14)
"""Who gives their seat up so shortly before a meeting meant to come; whoever did earlier had made other plans."""


def meant(visit: Visit, planned: Planned, programme: str, due_at: datetime) -> Collection[str]:
    """The recipients of what a rule plans, each once."""
    if planned.audience is Audience.ROLES:
        return of_roles(visit, programme, planned.rule.roles)
    if planned.audience is Audience.JOINED:
        return _joined(visit, visit.programmes[programme], planned)
    if planned.audience is Audience.OWNERS:
        return _owners(visit, visit.programmes[programme], planned)
    return members(visit, planned.audience, programme, planned.about, due_at)


def off_then(visit: Visit, planned: Planned, programme: str, recipients: Collection[str]) -> Collection[str]:
    """Those of the recipients who have a day off of their own when it is due, and so get it before."""
    found = visit.programmes[programme]
    if planned.audience is Audience.CHANNELS:
        whose = WhoseChannels(visit)
        bound = Bindings(visit.connection, visit.now).of_programme(programme)
        there = {one.recipient: whose.there(one.address, found) for one in bound if one.recipient in recipients}
    else:
        there = {id: one.there(found.zone) for id, one in visit.people.reached(recipients).items()}
    return [one for one, where in there.items() if due_there(planned, where) < planned.due_at]


def expected(visit: Visit, planned: Planned, programme: str) -> Collection[str]:
    """Those of the recipients for whom there is something to say, as it stands now."""
    found = meant(visit, planned, programme, visit.now)
    match planned.audience:
        case Audience.CONTACTS if planned.rule.topic is Topic.LAST_CALL:
            unnamed = Attendance(visit.connection).nameless(programme, planned.about)
            return [person for person in found if unnamed.get(person)]
        case Audience.UNFINISHED:
            about = (programme, planned.about)
            return [person for person in found if about not in visit.registrations.own(person)]
        case _:
            return found


def of_roles(visit: Visit, programme: str, roles: Collection[str]) -> Collection[str]:
    """Those in any discussion group of these role groups."""
    groups = Groups(visit.connection, visit.now)
    return sorted({person for role in roles for person in groups.people_of_role(programme, role)})


def members(visit: Visit, audience: Audience, programme: str, about: str, due_at: datetime) -> Collection[str]:
    """The recipients of a nudge about an occasion, or one of the programme's own dates, each once.

    Whoever got their seat after the nudge was due has been told everything in the receipt.
    """
    found = visit.programmes[programme]
    occasions = [occasion.id for occasion in found.occasions]
    meetings = [about] if about in occasions else occasions  # a date concerns everybody in the programme
    match audience:
        case Audience.PARTICIPANTS:
            return _participants(visit, programme, meetings, due_at)
        case Audience.CONTACTS:
            return Attendance(visit.connection).contacts(programme, meetings)
        case Audience.UNFINISHED:
            return _unfinished(visit, programme, meetings)
        case Audience.COORDINATORS:
            return coordinators(visit)
        case Audience.UNWRITTEN:
            return unwritten(visit, found, due_at)
        case Audience.ABSENT:
            return _absent(visit, found, meetings)
        case Audience.NOTE_TAKERS:
            return Rounds(visit.connection, visit.now).taking_notes(programme)
        case Audience.CHANNELS:
            return [bound.recipient for bound in Bindings(visit.connection, visit.now).of_programme(programme)]
        case _:  # those whom only the rule knows: see `meant`
            return ()


def asked_of(visit: Visit, round: Round) -> frozenset[str]:
    """Who is asked in a round's box of everybody: those who take part, or who were at the meeting that it is about.

    Whoever got a seat after the meeting was not there. Of one organisation's round, those who take part for it.
    """
    if round.occasion:
        there = Attendance(visit.connection).participants(round.programme, round.occasion, round.opens_at)
        return frozenset(there)
    everybody = frozenset(Groups(visit.connection, visit.now).people_of_programme(round.programme))
    return everybody & belonging_to(visit, round) if round.organisation else everybody


def belonging_to(visit: Visit, round: Round) -> frozenset[str]:
    """Those who take part for the only organisation that a round asks, or look after its part in the programme."""
    return frozenset(belonging.people_of(visit.connection, round.programme, round.organisation))


def asks_group(round: Round, group: Group) -> bool:
    """Whether a round may ask a group: the whole one and no other, or any; and of the organisation it is for."""
    if group.is_whole:
        return round.together and group.organisation_key == round.organisation
    return not round.together and round.organisation in ("", group.organisation_key)


def channels_of(visit: Visit, programme: str) -> tuple[Address, ...]:
    """The channels that follow a programme."""
    return tuple(bound.address for bound in Bindings(visit.connection, visit.now).of_programme(programme))


def _participants(visit: Visit, programme: str, meetings: list[str], due_at: datetime) -> Collection[str]:
    attendance = Attendance(visit.connection)
    return sorted({person for one in meetings for person in attendance.participants(programme, one, due_at)})


def _joined(visit: Visit, programme: Programme, planned: Planned) -> Collection[str]:
    """Those who took part when the meeting was added: in a cohort with the seat they got, else without one so far."""
    before = _participants(visit, programme.id, [one.id for one in programme.occasions], planned.anchor)
    holders = Attendance(visit.connection).holders(programme.id, planned.about)
    cohort = programme.enrolment is Enrolment.COHORT
    return [person for person in before if (person in holders) is cohort]


def _unfinished(visit: Visit, programme: str, meetings: list[str]) -> Collection[str]:
    """Those who have begun to register for one of these meetings; who has not said yet for which is told nothing."""
    whole = visit.programmes[programme].enrolment is Enrolment.COHORT
    drafts = visit.runs.unfinished(registration.flow.name)
    theirs = (run.actor for run in drafts if run.about == programme and (whole or _wants(run.state, meetings)))
    found = {visit.people.present(actor) for actor in theirs}
    return sorted(person for person in found if person)


def _wants(draft: str, meetings: list[str]) -> bool:
    chosen = registration.flow.load(draft).occasions
    return ALL in chosen or not set(meetings).isdisjoint(chosen)


def _owners(visit: Visit, programme: Programme, planned: Planned) -> Collection[str]:
    """Those who have something left to do, of what is asked about."""
    owned, meetings = Plans(visit.connection, visit.now).owned(programme.id), plans_of(planned, programme)
    return sorted(person for person, rows in owned.items() if plans.before(rows, meetings))


def unwritten(visit: Visit, programme: Programme, by: datetime) -> Collection[str]:
    """Those who have taken part since then and have not written their own challenge."""
    everybody = _participants(visit, programme.id, [one.id for one in programme.occasions], by)
    written = Challenges(visit.connection, visit.now).of_programme(programme.id)
    return [person for person in everybody if person not in written]


def _absent(visit: Visit, programme: Programme, meetings: list[str]) -> Collection[str]:
    """Those who would have come: they waited in vain, or gave their seat up late."""
    attendance = Attendance(visit.connection)
    held = (occasion for occasion in programme.occasions if occasion.id in meetings)
    return sorted({who for one in held for who in attendance.absentees(programme.id, one.id, one.starts_at - _LATE)})


def coordinators(visit: Visit) -> Collection[str]:
    """The coordinators, and the deputies of those who are away or have left; where nobody is, the administrators."""
    appointed = Posts(visit.connection, visit.now).appointed()
    people = visit.people.reached({one.id for one in appointed} | {one.deputy for one in appointed if one.deputy})
    here = {id for id, found in people.items() if found.address is not None}
    away = {one.id for one in appointed if one.away_until is not None and one.away_until > visit.now}
    gone = away | ({one.id for one in appointed} - here)
    on_duty = {one.deputy if one.id in gone and one.deputy in here else one.id for one in appointed}
    return sorted(on_duty & here or administrators(visit))
