"""Who takes part for an organisation: noticed, told to those who know it, and shown to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.domain.permissions import Standing
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.times import HOME_ZONE
from bot.domain.workdays import Whereabouts, is_polite
from bot.flows import newcomers as words
from bot.flows import plan_cards, status
from bot.flows.newcomers import One, Place
from bot.handlers import leaders, matters
from bot.handlers.groups import role_name
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import require_coordinator, standing_of_person
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Button, Card
from storage import belonging
from storage.groups import Groups
from storage.guests import Guests
from storage.newcomers import Newcomer, Newcomers
from storage.posts import Posts

_COLLECTED = timedelta(hours=1)
"""So long the first of a day waits for others: many register when the invitation has just come."""

_RESTS = timedelta(minutes=10)


# --- Noticing and telling ---------------------------------------------------------------------------------------------


class Lookout:
    """Looks out for newcomers every now and then: with ten thousand participants a look takes some 60 ms."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def notice(self, visit: Visit) -> None:
        if self._looked_at is None or self._looked_at + _RESTS <= visit.now:
            notice(visit)
            self._looked_at = visit.now


def notice(visit: Visit) -> None:
    """Notice who has come to take part; once a day, in working hours, tell whoever knows the organisation."""
    for programme in status.current(visit.programmes.values(), visit.now):
        store(visit).note(programme.id)
        waiting: dict[str, list[Newcomer]] = defaultdict(list)
        for one in store(visit).untold(programme.id):
            waiting[one.organisation_key].append(one)
        for key, found in waiting.items():
            if min(one.since for one in found) <= visit.now - _COLLECTED:
                _tell(visit, place_of(visit, programme, key), found)


def _tell(visit: Visit, place: Place, found: Sequence[Newcomer]) -> None:
    """Tell the contacts, or else whoever was there first; with nobody but newcomers, there is nobody to ask yet."""
    asked = hearers(visit, place, found)
    if not asked:
        _first_of_all(visit, place, found)
        return
    if any(_works_now(visit, one) for one in asked) and not _told_today(visit, place):
        mine = store(visit).told(found)  # of two workers one tells
        for person in asked:
            _tell_one(visit, place, person, [one for one in mine if one.person not in asked])


def hearers(visit: Visit, place: Place, found: Sequence[Newcomer] = ()) -> tuple[str, ...]:
    """Who can say whether they know somebody: those who are there and can be reached."""
    there = frozenset(belonging.people_of(visit.connection, place.programme.id, place.key))
    in_office = Posts(visit.connection, visit.now).contacts_of(place.programme.id, place.key)
    if asked := tuple(one for one in in_office if one in there and _is_reached(visit, one)):
        return asked
    new = {one.person for one in found}
    known = store(visit).of_organisation(place.programme.id, place.key)
    earlier = (one.person for one in known if one.person in there and one.person not in new)
    return tuple(islice((one for one in earlier if _is_reached(visit, one)), 1))


def _is_reached(visit: Visit, person: str) -> bool:
    return visit.people.addressed(person) is not None


def _first_of_all(visit: Visit, place: Place, found: Sequence[Newcomer]) -> None:
    """With a workshop there is something to look after: coordinators hear once that nobody there is a contact."""
    mine = store(visit).told(found)
    if mine and place.programme.workshops:
        people = [one_of(visit, place, one) for one in mine]
        view = words.nobody_knows(place, people)
        key = _matter(place.programme.id, place.key)
        matters.open_matter(visit, key=key, programme=place.programme.id, kind="newcomers", view=view)


def looked_after(visit: Visit, programme: str, organisation_key: str) -> None:
    """A contact has come: coordinators need not look for one any more."""
    matters.settled(visit, key=_matter(programme, organisation_key))


def _matter(programme: str, organisation_key: str) -> str:
    return f"newcomers:{programme}:{plan_cards.signed(organisation_key)}"


def _tell_one(visit: Visit, place: Place, person: str, found: Sequence[Newcomer]) -> None:
    """Those whom the person has registered themself are no news to them."""
    news = [one for one in found if not _registered_by(visit, place, one.person, person)]
    if news:
        shown = [one_of(visit, place, one, may=True) for one in news]
        first = news[0]
        key = f"newcomers:{place.programme.id}:{plan_cards.signed(place.key)}:{first.person}:{person}"
        visit.tell(person, words.told(place, shown), key=key)


def _registered_by(visit: Visit, place: Place, person: str, by: str) -> bool:
    made = visit.registrations.of_person(person)
    return any(one.made_by == by and _is_of(place, one.programme, one.organisation_key) for one in made)


def _is_of(place: Place, programme: str, key: str) -> bool:
    return (programme, key) == (place.programme.id, place.key)


def _works_now(visit: Visit, person: str) -> bool:
    one = Posts(visit.connection, visit.now).colleague(person)
    return one is not None and is_polite(visit.now, Whereabouts.of(one.zone or HOME_ZONE, one.organisation))


def _told_today(visit: Visit, place: Place) -> bool:
    at = store(visit).told_last(place.programme.id, place.key)
    return at is not None and local_day(at, place.programme.zone) == local_day(visit.now, place.programme.zone)


# --- Looking up -------------------------------------------------------------------------------------------------------


def store(visit: Visit) -> Newcomers:
    return Newcomers(visit.connection, visit.now)


def place_of(visit: Visit, programme: Programme, key: str) -> Place:
    return Place(programme, key, leaders.organisation_name(visit, programme.id, key))


def one_of(visit: Visit, place: Place, found: Newcomer, *, may: bool = False, coordinator: bool = False) -> One:
    """Somebody as they are shown: what the platform's own directory says of them counts, and not what was typed."""
    account = next((one for one in visit.people.actors_of(found.person) if not one.left), None)
    _name, _at, domain = (account.directory_email if account is not None else "").rpartition("@")
    theirs = Groups(visit.connection, visit.now).of_person(place.programme.id, found.person)
    role = next((name for group in theirs if (name := role_name(place.programme, group))), "")
    return One(
        about=place.about(found.person),
        name=visit.name_of(found.person),
        role=role,
        platform=account.actor.platform if account is not None else "",
        domain=domain,
        guest=bool(tuple(Guests(visit.connection, visit.now).among((found.person,)))),
        denied=found.denied_at is not None,
        may=may,
        coordinator=coordinator,
    )


def key_of(visit: Visit, programme: str, sign: str) -> str:
    """The organisation that a button means. Raises `Gone`."""
    for key in store(visit).keys(programme):
        if plan_cards.signed(key) == sign:
            return key
    raise Gone(words.gone())


def closed_to(scene: Scene) -> Card | None:
    """To somebody who is not one of an organisation's own, that its plan is closed to them; None to all others."""
    for programme in status.current(scene.programmes, scene.visit.now):
        for key in sorted(store(scene.visit).denied_by(programme.id, scene.person.id)):
            return words.closed_to_you(place_of(scene.visit, programme, key))
    return None


# --- Who may ----------------------------------------------------------------------------------------------------------


def contacts(scene: Scene, place: Place) -> tuple[str, ...]:
    return Posts(scene.visit.connection, scene.visit.now).contacts_of(place.programme.id, place.key)


def belongs(scene: Scene, place: Place) -> bool:
    there = belonging.people_of(scene.visit.connection, place.programme.id, place.key)
    return scene.person.id in there


def may_judge(scene: Scene, place: Place, found: Newcomer) -> bool:
    """Coordinators; its contacts, or where it has none whoever of it was there earlier; nobody about themself."""
    if scene.coordinates:
        return True
    if found.person == scene.person.id or found.vouched_at is not None or not belongs(scene, place):
        return False
    if in_office := contacts(scene, place):
        return scene.person.id in in_office
    mine = store(scene.visit).get(place.programme.id, place.key, scene.person.id)
    return mine is not None and mine.since < found.since


def may_let_back(scene: Scene, place: Place, found: Newcomer) -> bool:
    """Whoever has said so, and a contact what anybody but a coordinator has said."""
    if found.denied_at is None or not belongs(scene, place):
        return False
    said_by_coordinator = Standing.COORDINATOR in standing_of_person(scene.visit, found.denied_by)
    theirs = scene.person.id in contacts(scene, place) and not said_by_coordinator
    return theirs or found.denied_by == scene.person.id


# --- The list ---------------------------------------------------------------------------------------------------------


def ways(scene: Scene, programme: Programme) -> tuple[Button, ...]:
    """To the list: of every organisation for coordinators, of their own for contacts."""
    if scene.coordinates:
        return (words.way(programme.id),)
    return tuple(words.way(programme.id, key) for key in sorted(leaders.led_by(scene, programme.id)))


def who(scene: Scene, about: str) -> Outcome:
    """Who takes part for an organisation; for coordinators, the organisations first; typed, whichever it is."""
    id, start, sign = plan_cards.read_about(about)
    if not id:
        return _of_which(scene)
    programme = scene.programme(id)
    store(scene.visit).note(id)
    if not sign:
        require_coordinator(scene)
        return Show(words.organisations(programme, _organisations(scene.visit, programme), start))
    place = place_of(scene.visit, programme, key_of(scene.visit, id, sign))
    if not scene.coordinates and not (belongs(scene, place) and scene.person.id in hearers(scene.visit, place)):
        raise NotAllowed(words.only_for_those_who_know())
    return Show(_everybody(scene, place, start))


def _of_which(scene: Scene) -> Outcome:
    """The list that this person looks after, or which of several."""
    lists = [
        (place_of(scene.visit, programme, key) if key else Place(programme, "", ""))
        for programme in status.current(scene.programmes, scene.visit.now)
        for key in ([""] if scene.coordinates else sorted(leaders.led_by(scene, programme.id)))
    ]
    if not lists:
        raise NotAllowed(words.only_for_those_who_know())
    if len(lists) > 1:
        return Show(words.choose(lists))
    return who(scene, plan_cards.about(lists[0].programme.id, lists[0].key))


def _everybody(scene: Scene, place: Place, start: int = 0) -> Card:
    known = store(scene.visit).of_organisation(place.programme.id, place.key)
    there = frozenset(belonging.people_of(scene.visit.connection, place.programme.id, place.key))
    in_office = contacts(scene, place)
    shown = [
        replace(
            one_of(scene.visit, place, one, may=one.person not in in_office and may_judge(scene, place, one),
                   coordinator=scene.coordinates),
            may_let_back=may_let_back(scene, place, one),
        )
        for one in known
        if one.person in there or one.denied_at is not None
    ]  # fmt: skip
    return words.everybody(place, shown, start)


def _organisations(visit: Visit, programme: Programme) -> list[tuple[str, str, int]]:
    claimed = belonging.organisations_claimed(visit.connection, programme.id)
    named = {key: name or leaders.organisation_name(visit, programme.id, key) for key, name in claimed.items() if key}
    counts = {key: len(belonging.people_of(visit.connection, programme.id, key)) for key in named}
    listed = ((key, named[key], counts[key]) for key in named)
    return sorted(listed, key=lambda one: one[1].casefold())


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {words.WHO: who}
