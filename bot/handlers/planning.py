"""Plans of organisations: who sees and changes which, what owners are told, and the coordinators' matrix."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from bot.domain import times
from bot.domain.people import Person
from bot.domain.plans import PlanRow
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.registrations import Seat
from bot.domain.words import _
from bot.domain.workdays import next_polite
from bot.flows import buttons, plan_cards, planning, status
from bot.flows.plan_cards import Line, Plan
from bot.handlers import newcomers, words
from bot.handlers.courtesy import Courtesy
from bot.handlers.matters import open_matter
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from bot.ports import Surface
from storage import belonging
from storage.groups import Groups
from storage.newcomers import Newcomers
from storage.people import Recipient
from storage.plans import Plans
from storage.posts import Posts

_AHEAD = timedelta(days=7)  # so long before a day of its own somebody is reminded of a row
_OVERDUE = timedelta(days=14)  # so long after it they are asked how it went
_ASKED_WITHIN = timedelta(days=14)  # days, from then on: whoever is away may be asked later
_FRESH = timedelta(days=1)  # who wrote a row yesterday knows of it

# --- Whose plan -------------------------------------------------------------------------------------------------------


def organisations(visit: Visit, programme: str, person: Person) -> Mapping[str, str]:
    """Key → name of those the person takes part for in the programme; else of their own, if they take part at all."""
    found = belonging.organisations_of(visit.connection, programme, (person.id,)).get(person.id, {})
    if not found and person.organisation and _takes_part(visit, programme, person):
        found = {} if _is_denied(visit, programme, person) else {person.organisation: ""}
        for key in found:
            Newcomers(visit.connection, visit.now).notice(programme, key, person.id)  # its own people hear of them
    return {key: name or visit.surroundings.directory.name_of(key) for key, name in found.items()}


def _takes_part(visit: Visit, programme: str, person: Person) -> bool:
    return person.id in Groups(visit.connection, visit.now).people_of_programme(programme)


def _is_denied(visit: Visit, programme: str, person: Person) -> bool:
    """Whether somebody of the organisation that the person calls their own has said that it is not."""
    return person.organisation in Newcomers(visit.connection, visit.now).denied_by(programme, person.id)


def _check_mine(scene: Scene, programme: str, key: str) -> str:
    """The name of the organisation, if the person may change its plan. Raises `NotAllowed`."""
    mine = organisations(scene.visit, programme, scene.person)
    if key not in mine:
        raise NotAllowed(_("This plan belongs to another organisation. Write “plan” to see your own."))
    return mine[key]


# --- Showing ----------------------------------------------------------------------------------------------------------


def show_plan(scene: Scene, about: str) -> Outcome:
    """`plan`, `plan modell` and the buttons: a plan, or the choice of one."""
    id, start, sign = plan_cards.read_about(about)
    if not id:
        return _choose(scene, tuple(_current(scene)))
    programme = scene.visit.programmes.get(id)
    if programme is None:
        called = tuple(one for one in scene.programmes if _is_called(one, about))
        return _choose(scene, called or tuple(_current(scene)))  # what names no programme may name their own
    programme = scene.programme(id)
    if not sign:
        return _choose(scene, (programme,))
    return Show(plan_cards.card(_plan(scene, programme, _key(scene, id, sign)), start))


def _key(scene: Scene, programme: str, sign: str) -> str:
    """The organisation that a button means. Raises `Gone`."""
    known = (
        *organisations(scene.visit, programme, scene.person),
        *belonging.organisations_in(scene.visit.connection, programme),
        *_plans(scene.visit).tallies(programme),
    )
    found = next((key for key in known if plan_cards.signed(key) == sign), sign if "-" in sign else "")
    if not found:
        raise Gone(_("That organisation no longer takes part. Write “plan” to see your own."))
    return found


def _current(scene: Scene) -> tuple[Programme, ...]:
    """The programmes that go on and that the person takes part in, for whichever organisation."""
    return tuple(
        one
        for one in status.current(scene.programmes, scene.visit.now)
        if organisations(scene.visit, one.id, scene.person)
    )


def _is_called(programme: Programme, typed: str) -> bool:
    return any(words.plain(typed) in words.plain(title) for title in programme.title.wordings.values())


def _choose(scene: Scene, programmes: tuple[Programme, ...]) -> Outcome:
    """The plan itself where there is only one; a coordinator without any sees everybody's."""
    found = [
        (one, key, name) for one in programmes for key, name in organisations(scene.visit, one.id, scene.person).items()
    ]
    if len(found) == 1:
        programme, key, _name = found[0]
        return Show(plan_cards.card(_plan(scene, programme, key)))
    if found:
        return Show(plan_cards.choose(found))
    if not scene.coordinates:
        return Show(newcomers.closed_to(scene) or plan_cards.no_plan())
    if len(programmes) == 1:
        return show_matrix(scene, programmes[0].id)
    return Show(plan_cards.choose_matrix(programmes or status.current(scene.programmes, scene.visit.now)))


def _plan(scene: Scene, programme: Programme, key: str) -> Plan:
    """An organisation's plan, for its own people and for coordinators. Raises `NotAllowed` for everybody else."""
    mine = organisations(scene.visit, programme.id, scene.person)
    if key not in mine and not scene.coordinates:
        _check_mine(scene, programme.id, key)
    rows = _plans(scene.visit).of_organisation(programme.id, key)
    name = mine.get(key) or (rows[0].organisation if rows else scene.visit.surroundings.directory.name_of(key))
    if scene.inbound.came_from.surface is Surface.CHANNEL:  # many read along there
        rows = tuple(replace(row, changer="") for row in rows)
    return Plan(programme, key, name, rows, mine=key in mine, coordinator=scene.coordinates)


def show_matrix(scene: Scene, about: str) -> Outcome:
    """All organisations of a programme, with how far their plans have come."""
    id, start, _sign = plan_cards.read_about(about)
    programme = scene.programme(id)
    tallies = _plans(scene.visit).tallies(programme.id)
    names = dict(belonging.organisations_in(scene.visit.connection, programme.id))
    names |= {key: "" for key in tallies if key not in names}
    directory = scene.visit.surroundings.directory
    lines = [Line(key, name or directory.name_of(key), tallies.get(key)) for key, name in names.items()]
    return Show(plan_cards.matrix(programme, lines, start))


# --- Writing ----------------------------------------------------------------------------------------------------------


def add_row(scene: Scene, about: str) -> Outcome:
    id, _start, sign = plan_cards.read_about(about)
    programme = scene.programme(id)
    if not sign:  # from a button that knows no organisation: there may be several
        return _choose(scene, (programme,))
    key = _key(scene, id, sign)
    _check_mine(scene, id, key)
    return Start(planning.add.name, plan_cards.about(id, key), planning.drafted(programme, key, scene.visit.now))


def change_row(scene: Scene, about: str) -> Outcome:
    row = _row(scene, about)
    return Start(planning.change.name, row.id, planning.reopened(row, scene.person.id))


def _row(scene: Scene, id: str) -> PlanRow:
    """The row, held until the transaction ends, if the person may change it. Raises `Gone`, `NotAllowed`."""
    row = _plans(scene.visit).locked(id)
    if row is None:
        raise Gone(_("This row is no longer in the plan. Write “plan” to see what is."))
    _check_mine(scene, row.programme, row.organisation_key)
    return row


def facts_of_new(scene: Scene, about: str) -> planning.Facts:
    """What the form of a new row looks at."""
    id, key = _place(scene, about)
    return _facts(scene, scene.programme(id), key, None)


def facts_of_row(scene: Scene, about: str) -> planning.Facts:
    """What the form of a row looks at: the row as it stands now."""
    row = _row(scene, about)
    return _facts(scene, scene.programme(row.programme), row.organisation_key, row)


def _facts(scene: Scene, programme: Programme, key: str, row: PlanRow | None) -> planning.Facts:
    organisation = _check_mine(scene, programme.id, key)
    return planning.Facts(
        now=scene.visit.now,
        programme=programme,
        organisation_key=key,
        organisation=organisation,
        person=(scene.person.id, scene.person.name or organisation),
        colleagues=_colleagues(scene, programme.id, key),
        row=row,
    )


def _colleagues(scene: Scene, programme: str, key: str) -> tuple[tuple[str, str], ...]:
    """Who takes part for the organisation and has told their name."""
    there = belonging.people_of(scene.visit.connection, programme, key)
    reached = scene.visit.people.reached(there)
    return tuple((id, reached[id].person.name) for id in there if id in reached and reached[id].person.name)


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the plan, with its buttons."""
    row = _plans(scene.visit).get(about)
    id, key = (row.programme, row.organisation_key) if row else _place(scene, about)
    return plan_cards.card(_plan(scene, scene.programme(id), key))


def _place(scene: Scene, about: str) -> tuple[str, str]:
    id, _start, sign = plan_cards.read_about(about)
    return id, _key(scene, id, sign)


class PlanRoom:
    """Implements `bot.flows.planning.PlanDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def keep_row(self, row: PlanRow) -> PlanRow:
        before = _plans(self._scene.visit).get(row.id) if row.id else None
        written = row if row.id else replace(row, id=uuid.uuid4().hex)
        kept = _plans(self._scene.visit).keep(written, by=self._scene.person.id)
        if kept.owner not in ("", self._scene.person.id, before.owner if before else ""):
            self._tell_owner(kept)
        return kept

    def _tell_owner(self, row: PlanRow) -> None:
        view = plan_cards.you_own(self._scene.visit.programmes[row.programme], row, self._scene.person.name)
        self._scene.visit.tell(row.owner, view, key=f"plan-owner:{row.id}:{row.owner}:{self._scene.inbound.delivery}")

    def remove_row(self, row: PlanRow) -> None:
        _plans(self._scene.visit).remove(row.id)


# --- Owners who leave -------------------------------------------------------------------------------------------------


def seats_given_up(visit: Visit, seats: Iterable[Seat]) -> None:
    """Of whoever has thereby left an organisation's part in a programme, what they had taken on there is passed on."""
    rows = _plans(visit).of_sitters([seat.id for seat in seats])
    for id, key, person in sorted({(row.programme, row.organisation_key, row.owner) for row in rows}):
        if key not in belonging.organisations_of(visit.connection, id, (person,)).get(person, {}):
            owner_left(visit, person, name=visit.people.person(person).name, place=(id, key))


def owner_left(visit: Visit, person: str, *, name: str, place: tuple[str, str] | None = None) -> None:
    """What somebody had taken on who has left is nobody's; somebody of each organisation is asked who sees to it.

    Without a name, nobody is told who it was. With a programme and an organisation's key they have left only there.
    """
    orphans: dict[tuple[str, str], list[PlanRow]] = defaultdict(list)
    for row in _plans(visit).disown(person, place):
        orphans[row.programme, row.organisation_key].append(row)
    for (id, key), rows in orphans.items():
        programme = visit.programmes.get(id)
        if programme is not None:
            _ask_who_sees_to(visit, programme, rows, name, besides=person, key=key)


def _ask_who_sees_to(
    visit: Visit, programme: Programme, rows: list[PlanRow], name: str, *, besides: str, key: str
) -> None:
    once = f"plan-left:{rows[0].id}:{besides}"
    heir = _heir(visit, programme.id, key, besides)
    if heir is not None and heir.address is not None:
        visit.outbox.add(
            once,
            heir.address,
            plan_cards.nobody_left(programme, rows, name),
            person=heir.person.id,
            language=heir.person.language,
            due_at=next_polite(visit.now, heir.there(programme.zone)),
        )
        return
    view = plan_cards.nobody_left_for_coordinators(programme, rows[0].organisation, len(rows))
    open_matter(visit, key=once, programme=programme.id, kind="plan", view=view)


def _heir(visit: Visit, programme: str, key: str, besides: str) -> Recipient | None:
    """A contact of the organisation who can be reached, or else a colleague."""
    contacts: Collection[str] = Posts(visit.connection, visit.now).contacts_of(programme, key)
    asked = (*contacts, *belonging.people_of(visit.connection, programme, key))
    reached = visit.people.reached(asked)
    there = (reached[one] for one in asked if one != besides and one in reached)
    return next((one for one in there if one.address is not None), None)


# --- Days of their own ------------------------------------------------------------------------------------------------


def remind_of_days(visit: Visit) -> None:
    """Tell owners once, a week ahead, of what they want done by a day that is no meeting's; once more if it is not."""
    today = visit.now.date()
    soon, long_ago = _plans(visit).due_between(today, today + _AHEAD), today - _OVERDUE
    _remind(visit, soon, "plan-day", timedelta(), plan_cards.due_soon)
    late = _plans(visit).due_between(long_ago - _ASKED_WITHIN, long_ago)
    _remind(visit, late, "plan-day-late", _OVERDUE + _ASKED_WITHIN, plan_cards.overdue)


def _remind(
    visit: Visit,
    rows: Sequence[PlanRow],
    kind: str,
    holds: timedelta,
    card: Callable[[Programme, Sequence[PlanRow]], View],
) -> None:
    """One message for each owner and day; what it says is of use for so long after that day."""
    found: dict[tuple[str, str, date], list[PlanRow]] = defaultdict(list)
    for row in rows:
        if row.due is not None and row.changed_at is not None and row.changed_at <= visit.now - _FRESH:
            found[row.owner, row.programme, row.due].append(row)
    keys = {about: f"{kind}:{about[1]}:{about[0]}:{about[2].isoformat()}" for about in found}
    said = visit.outbox.states(keys.values())
    new = {about: key for about, key in keys.items() if key not in said}
    courtesy = Courtesy(visit, {owner for owner, _programme, _due in new})
    for (owner, id, due), key in new.items():
        programme = visit.programmes.get(id)
        if programme is None:
            continue
        until = times.instant(due + holds, time(23, 59), programme.zone)
        if courtesy.allows(owner, programme, until=until):
            visit.tell(owner, card(programme, found[owner, id, due]), key=key)
            courtesy.told((owner,))


def _plans(visit: Visit) -> Plans:
    return Plans(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.PLAN: show_plan,
    plan_cards.ADD: add_row,
    plan_cards.UPDATE: change_row,
    plan_cards.MATRIX: show_matrix,
}
