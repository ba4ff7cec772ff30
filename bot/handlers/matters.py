"""What coordinators have to look at: opened once, told together, passed on when nobody does anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.people import Role
from bot.domain.times import HOME_ZONE
from bot.domain.workdays import Whereabouts, is_polite, working_days_later
from bot.flows import matters
from bot.flows.matters import Entry
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import administrators
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card, Item
from storage.matters import REST, Matter, Matters
from storage.posts import Colleague, Posts

_WORKDAYS_LEFT_ALONE = 2  # untouched for so long a matter goes to the deputies and the administrators as well
_LONGEST_AWAY = timedelta(days=60)  # what was taken care of before that, nobody who comes back wants to read


# --- Opening ----------------------------------------------------------------------------------------------------------


def open_matter(visit: Visit, *, key: str, programme: str, kind: str, view: Card, rest: timedelta = REST) -> None:
    """Put something on the coordinators' list, once for each key; they are told within a minute, in working hours.

    The view says what it is and what to do, with buttons of its own but no list. What comes back after a `rest` of an
    hour since somebody closed it is a new matter. `programme` is empty for what belongs to no programme.
    """
    assert not view.items, "a matter is one entry of a list and cannot hold another"
    _matters(visit).open(key=key, programme=programme, kind=kind, view=view, rest=rest)


def keep_matter(
    visit: Visit, *, key: str, programme: str, kind: str, view: Callable[[], Card | None], rest: timedelta = REST
) -> None:
    """Have a matter for as long as there is a view of it, which may change without anybody's being told anew.

    Looked at once nobody else changes matters: of two at the same moment the second one sees what the first has done.
    """
    store = _matters(visit)
    store.hold()
    seen = view()
    if seen is None:
        settled(visit, key=key)
    elif not store.open(key=key, programme=programme, kind=kind, view=seen, rest=rest):
        store.renew(key, view() or seen)  # that of somebody who opened it a moment ago counts less


def open_matters(visit: Visit, programmes: Collection[str]) -> tuple[Item, ...]:
    """The open matters of these programmes and of none in particular, for the coordinator's view."""
    found = (one for one in _matters(visit).open_ones() if not one.programme or one.programme in programmes)
    return matters.in_status([_entry(matter) for matter in found])


# --- Telling ----------------------------------------------------------------------------------------------------------


def tell_new(visit: Visit) -> None:
    """Tell everybody who should know, and works now, of all they have not been told of: in one message each."""
    _welcome_back(visit)
    open_ones = _matters(visit).open_ones()
    if not open_ones:
        return
    offices = _Offices(visit)
    known = {matter.id: offices.audience(escalated=matter.escalated_at is not None) for matter in open_ones}
    for person in sorted(set().union(*known.values())):
        if offices.works_now(person):
            _tell(visit, person, [matter for matter in open_ones if person in known[matter.id]])


def _tell(visit: Visit, person: str, found: Sequence[Matter]) -> None:
    told = _matters(visit).told(person)
    new = [matter for matter in found if matter.id not in told]
    if not new:
        return
    key = f"matter:{new[0].id}:{person}"
    mine = _matters(visit).tell(new, person, key)  # without what another worker tells at this moment
    if mine:
        visit.tell(person, matters.told([_entry(matter) for matter in mine]), key=key)


def _welcome_back(visit: Visit) -> None:
    """Tell those whose time away is over what happened meanwhile."""
    posts = _posts(visit)
    for one in posts.returning():
        if _works_now(visit, one) and posts.came_back(one.id) and one.role is not Role.PARTICIPANT:
            report_back(visit, one.id, key=f"back:{one.id}:{visit.now.isoformat()}")


def report_back(visit: Visit, person: str, *, key: str) -> None:
    """What waits, and what others have taken care of without the person's having been told of it."""
    store = _matters(visit)
    told = store.told(person)
    open_ones = store.tell([one for one in store.open_ones() if one.id not in told], person, key)
    settled = [one for one in store.opened_and_closed(visit.now - _LONGEST_AWAY) if one.id not in told]
    settled = list(store.tell(settled, person, key))
    name = visit.people.person(person).name
    view = matters.welcome_back(name, [_entry(one) for one in open_ones], [_entry(one) for one in settled])
    visit.tell(person, view, key=key)


def forget(visit: Visit, before: datetime) -> None:
    """Let go of what was closed before then."""
    _matters(visit).forget(before)


# --- Passing on -------------------------------------------------------------------------------------------------------


def escalate(visit: Visit) -> None:
    """Let the deputies and the administrators know, once, of what has been left alone for two working days."""
    for matter in _matters(visit).open_ones():
        if matter.escalated_at is None and _waits_until(visit, matter) <= visit.now:
            _matters(visit).escalate(matter.id)


def _waits_until(visit: Visit, matter: Matter) -> datetime:
    """The instant two working days after the first one at which somebody could have looked at the matter."""
    return working_days_later(matter.opened_at, _WORKDAYS_LEFT_ALONE, _zone(visit, matter))


def _zone(visit: Visit, matter: Matter) -> str:
    programme = visit.programmes.get(matter.programme)
    return programme.zone if programme is not None else HOME_ZONE


# --- Closing ----------------------------------------------------------------------------------------------------------


def done(scene: Scene, about: str) -> Outcome:
    """The button in the message about a matter: the message shows at once who took care of it."""
    matter = close(scene, about)  # also in this message: an edit that is on its way to it would come later and be older
    if matter is None:
        return Show(matters.gone())
    for person, message in _matters(scene.visit).messages_about(matter.id):
        if person == scene.person.id:
            return Show(_message(scene.visit, message), replaces=True)
    return Show(matters.is_done(matter.view))


def close(scene: Scene, id: str) -> Matter | None:
    """Close a matter as this person, and edit every message about it.

    None when there has never been such a matter. What somebody else has closed meanwhile stays as it is.
    """
    store = _matters(scene.visit)
    store.hold()
    matter = store.get(id)
    if matter is None:
        return None
    _close(scene.visit, matter, by=scene.person.name)
    return store.get(id)


def settled(visit: Visit, *, key: str) -> None:
    """Close what has come right by itself: the matter with this key, if it is open."""
    store = _matters(visit)
    found = store.open_with(key)
    if found is not None:
        store.hold()
        _close(visit, found, by="")


def _close(visit: Visit, matter: Matter, *, by: str) -> None:
    store, view = _matters(visit), matters.closed(matter.view, by, visit.now, _zone(visit, matter))
    if store.close(matter.id, view):
        for person, message in store.messages_about(matter.id):
            visit.tell(person, _message(visit, message), key=f"matter:{matter.id}:{person}:closed", edits=message)


def _message(visit: Visit, key: str) -> Card:
    """A message about matters as it should read now."""
    return matters.told([_entry(matter) for matter in _matters(visit).in_message(key)])


def _entry(matter: Matter) -> Entry:
    return Entry(matter.id, matter.view, open=matter.closed_at is None, waited=matter.escalated_at is not None)


# --- Who looks at matters ---------------------------------------------------------------------------------------------


class _Offices:
    """Who is to be told at this instant."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._appointed = {one.id: one for one in _posts(visit).appointed()}
        self._coordinators = [one for one in self._appointed.values() if one.role is Role.COORDINATOR]
        self._administrators = frozenset(self._known_administrators())
        self._on_duty = frozenset(self._standing()) or frozenset(self._everybody())

    def audience(self, *, escalated: bool) -> frozenset[str]:
        """Who gets a matter: coordinators or who stands in for them, never nobody if there is anybody to ask."""
        if not escalated:
            return self._on_duty
        deputies = {one.deputy for one in self._coordinators if self._is_reached(one.deputy)}
        return self._on_duty | deputies | self._administrators

    def works_now(self, person: str) -> bool:
        """Whether it is working hours where the person is."""
        one = self._appointed.get(person) or _posts(self._visit).colleague(person)
        assert one is not None, "an audience is made of persons who are there"
        return _works_now(self._visit, one)

    def _standing(self) -> Iterator[str]:
        for one in self._coordinators:
            found = self._present(one, frozenset())
            if found:
                yield found

    def _present(self, one: Colleague, passed: frozenset[str]) -> str:
        """The coordinator or, while they are away, their deputy, or the deputy's; nothing when all are away."""
        if self._is_here(one):
            return one.id
        deputy = _posts(self._visit).colleague(one.deputy) if one.deputy else None
        if deputy is None or deputy.id in passed:
            return ""
        return self._present(deputy, passed | {one.id})

    def _everybody(self) -> Iterator[str]:
        """Coordinators who are away, and the administrators: better disturbed than never told."""
        yield from (one.id for one in self._coordinators if self._is_reached(one.id))
        yield from self._administrators

    def _known_administrators(self) -> Iterator[str]:
        yield from administrators(self._visit)
        appointed = (one.id for one in self._appointed.values() if one.role is Role.ADMINISTRATOR)
        yield from (id for id in appointed if self._is_reached(id))

    def _is_here(self, one: Colleague) -> bool:
        away = one.away_until is not None and one.away_until > self._visit.now
        return not away and self._is_reached(one.id)

    def _is_reached(self, person: str) -> bool:
        return bool(person) and self._visit.people.addressed(person) is not None


def _works_now(visit: Visit, one: Colleague) -> bool:
    return is_polite(visit.now, Whereabouts.of(one.zone or HOME_ZONE, one.organisation))


def _matters(visit: Visit) -> Matters:
    return Matters(visit.connection, visit.now)


def _posts(visit: Visit) -> Posts:
    return Posts(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {matters.DONE: done}
