"""Somebody is not one of an organisation's own: who may say so, what is closed, and what coordinators decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from bot.domain.refusals import Gone, NotAllowed
from bot.domain.registrations import UNDO, Registration, Seat, is_active, undoable
from bot.flows import newcomers as words
from bot.flows.newcomers import One, Place
from bot.handlers import matters, results, voting
from bot.handlers.newcomers import belongs, contacts, key_of, may_judge, may_let_back, one_of, place_of, store
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage.groups import Groups
from storage.links import Kind, Links
from storage.newcomers import Newcomer
from storage.rounds import Rounds

# --- Whom it is about, and who may ------------------------------------------------------------------------------------


def _meant(scene: Scene, about: str) -> tuple[Place, Newcomer]:
    """Whom a button means; nobody else rules about them until the transaction ends. Raises `Gone`."""
    id, _blank, rest = about.partition(" ")
    sign, _blank, person = rest.partition(" ")
    programme = scene.programme(id)
    key = key_of(scene.visit, id, sign)
    found = store(scene.visit).locked(id, key, person)
    if found is None:
        raise Gone(words.gone())
    return place_of(scene.visit, programme, key), found


def _check_judges(scene: Scene, place: Place, found: Newcomer) -> None:
    """Raises `NotAllowed`."""
    name = scene.visit.name_of(found.person)
    knows = scene.coordinates or belongs(scene, place)
    if knows and found.person in contacts(scene, place):
        raise NotAllowed(words.is_contact(name))
    if knows and found.vouched_at is not None and not scene.coordinates:
        raise NotAllowed(words.is_vouched_for(name))
    if not may_judge(scene, place, found):
        raise NotAllowed(words.not_yours())


# --- Saying that somebody does not belong, or does --------------------------------------------------------------------


def not_ours(scene: Scene, about: str) -> Outcome:
    """Somebody is not one of the organisation's own: what is its own is closed to them at once."""
    place, found = _meant(scene, about)
    _check_judges(scene, place, found)
    if store(scene.visit).deny(found, scene.person.id):
        _close(scene.visit, place, found.person)
        scene.visit.tell(found.person, words.closed_to_you(place), key=_key_of(scene, "closed", place, found))
        if not scene.coordinates:
            _ask_coordinators(scene, place, found)
    return Show(words.denied(place, _shown(scene, place, found)))


def _close(visit: Visit, place: Place, person: str) -> None:
    """Let the links to what is the organisation's own be others from now on: those from before open nothing."""
    links = Links(visit.connection, visit.now)
    for one in Rounds(visit.connection, visit.now).of_programme(place.programme.id):
        if one.organisation == place.key:
            links.revoke(Kind.BOARD, one.id)
            results.renew_shared(visit, one)
            voting.forget_in(visit, one, person)
    for group in Groups(visit.connection, visit.now).of_organisation(place.programme.id, place.key):
        links.revoke_ending(Kind.NOTES, group)  # whoever has a group's link writes there, and finds the new board


def _ask_coordinators(scene: Scene, place: Place, found: Newcomer) -> None:
    by = scene.visit.name_of(scene.person.id)
    view = words.to_decide(place, one_of(scene.visit, place, found), by)
    key, id = _matter(place, found.person), place.programme.id
    matters.open_matter(scene.visit, key=key, programme=id, kind="newcomers", view=view, rest=timedelta(0))


def _matter(place: Place, person: str) -> str:
    return f"not-ours:{place.about(person)}"


def forget(visit: Visit, person: str) -> None:
    """Nobody has to decide any more about somebody who is erased."""
    for programme in visit.programmes.values():
        for key in sorted(store(visit).denied_by(programme.id, person)):
            matters.settled(visit, key=_matter(place_of(visit, programme, key), person))


def belongs_here(scene: Scene, about: str) -> Outcome:
    """Somebody belongs after all: a coordinator says so, or takes back who has said the contrary."""
    place, found = _held(scene, about)
    if not (scene.coordinates or may_let_back(scene, place, found)):
        raise NotAllowed(words.not_yours())
    if not scene.coordinates and _is_removed(scene.visit, place, found):
        raise Gone(words.gone())  # coordinators have decided
    if store(scene.visit).let_back(found, vouched=scene.coordinates):
        _bring_back(scene.visit, place, found)
        is_removed = _is_removed(scene.visit, place, found)
        view = words.open_when_registered(place) if is_removed else words.open_to_you(place)
        scene.visit.tell(found.person, view, key=_key_of(scene, "open", place, found))
        matters.settled(scene.visit, key=_matter(place, found.person))
    one = _shown(scene, place, found)
    return Show(
        words.back_unregistered(place, one) if _is_removed(scene.visit, place, found) else words.back(place, one)
    )


def _shown(scene: Scene, place: Place, found: Newcomer) -> One:
    return one_of(scene.visit, place, found, coordinator=scene.coordinates)


def _key_of(scene: Scene, what: str, place: Place, found: Newcomer) -> str:
    return f"newcomer:{what}:{place.about(found.person)}:{scene.inbound.delivery}"


# --- The registration -------------------------------------------------------------------------------------------------


def remove(scene: Scene, about: str) -> Outcome:
    """The registration goes as well; for ten minutes it can come back."""
    place, found = _held(scene, about)
    if found.denied_at is None:
        raise Gone(words.belongs_after_all())
    seats = tuple(seat for seat in _their_seats(scene.visit, place, found) if is_active(seat))
    for seat in seats:
        scene.visit.registrations.cancel(seat, scene.visit.now + UNDO)
    _amend(scene.visit, seats)
    if seats:
        view = words.your_registration_is_removed(place, seats)
        scene.visit.tell(found.person, view, key=_key_of(scene, "removed", place, found))
    matters.settled(scene.visit, key=_matter(place, found.person))
    return Show(
        words.removed(
            place,
            _shown(scene, place, found),
            seats or undoable(_their_seats(scene.visit, place, found), scene.visit.now),
        )
    )


def undo_remove(scene: Scene, about: str) -> Outcome:
    """The registration comes back; what is the organisation's own stays closed."""
    place, found = _held(scene, about)
    back = _bring_back(scene.visit, place, found)
    if not back:
        return Show(words.nothing_to_undo())
    view = words.your_registration_is_back(place, back)
    scene.visit.tell(found.person, view, key=_key_of(scene, "restored", place, found))
    return Show(words.put_back(place, _shown(scene, place, found), back), replaces=True)


def _bring_back(visit: Visit, place: Place, found: Newcomer) -> tuple[Seat, ...]:
    """The seats that were removed a moment ago and are there again."""
    theirs = tuple(_their_seats(visit, place, found))
    mine = {seat.occasion for seat in theirs if is_active(seat)}
    seats = tuple(seat for seat in undoable(theirs, visit.now) if seat.occasion not in mine)
    restored = visit.registrations.restore(seat.id for seat in seats)
    back = tuple(seat for seat in seats if seat.id in restored)
    _amend(visit, back)
    return back


def _is_removed(visit: Visit, place: Place, found: Newcomer) -> bool:
    """Whether they had seats for the organisation and have none left."""
    seats = tuple(_their_seats(visit, place, found))
    return bool(seats) and not any(map(is_active, seats))


def _held(scene: Scene, about: str) -> tuple[Place, Newcomer]:
    """Whom a button means, with the programme's seats held as well. Raises `Gone`."""
    scene.visit.registrations.lock(about.partition(" ")[0])
    return _meant(scene, about)


def _their_seats(visit: Visit, place: Place, found: Newcomer) -> Iterator[Seat]:
    """The person's own seats for the organisation, and those without a name that they booked for it."""
    for one in visit.registrations.of_person(found.person):
        if (one.programme, one.organisation_key) == (place.programme.id, place.key):
            yield from (seat for seat in one.seats if _is_theirs(one, seat, found.person))


def _is_theirs(registration: Registration, seat: Seat, person: str) -> bool:
    sits = seat.participant
    return sits.person == person or (registration.made_by == person and not (sits.person or sits.name))


def _amend(visit: Visit, seats: tuple[Seat, ...]) -> None:
    for registration in sorted({seat.registration for seat in seats}):
        visit.registrations.amend(registration)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    words.NOT_OURS: not_ours,
    words.BELONGS: belongs_here,
    words.REMOVE: remove,
    words.UNDO_REMOVE: undo_remove,
}
