"""Sparring partners: who wishes for one, pairs that are proposed, and both who have to say yes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence

from bot.domain.challenges import pairs
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.flows import challenge_lists, sparring
from bot.flows.challenge_lists import Pairs
from bot.flows.sparring import Partner
from bot.handlers import matters
from bot.handlers.challenges import asking, own_programme, participants
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Action, Button, View
from storage import belonging
from storage.attendance import Attendance
from storage.challenges import Sparring, Wish


def _store(visit: Visit) -> Sparring:
    return Sparring(visit.connection, visit.now)


# --- One's own --------------------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    """`sparring`: as it stands in one programme, or a choice among several."""
    found = [own_programme(scene, about)] if about else _own_programmes(scene)
    if not found:
        return Show(sparring.nowhere())
    return Show(_standing(scene, found[0]) if len(found) == 1 else sparring.choose(found))


def _own_programmes(scene: Scene) -> list[Programme]:
    seated = Attendance(scene.visit.connection).programmes_of(scene.person.id)
    return [one for one in scene.programmes if one.asks_challenge and one.id in seated]


def _standing(scene: Scene, programme: Programme) -> View:
    """How it stands for the person."""
    mine = _store(scene.visit).of(programme.id, scene.person.id)
    if mine is None:
        return sparring.invited(programme)
    if not mine.partner:
        return sparring.waiting(programme)
    other = _store(scene.visit).of(programme.id, mine.partner)
    if mine.agreed and other is not None and other.agreed:
        return sparring.together(programme, _partner(scene.visit, programme, mine.partner))
    return sparring.proposed(programme, mine.proposal, agreed=mine.agreed)


def _partner(visit: Visit, programme: Programme, person: str) -> Partner:
    known = visit.people.person(person)
    theirs = belonging.organisations_of(visit.connection, programme.id, (person,)).get(person, {})
    return Partner(known.name, ", ".join(name for name in theirs.values() if name), known.email)


def want(scene: Scene, about: str) -> Outcome:
    programme = own_programme(scene, about)
    _store(scene.visit).ask(programme.id, scene.person.id)
    _look_for_pairs(scene.visit, programme)
    return Show(_standing(scene, programme), replaces=True)


def stop(scene: Scene, about: str) -> Outcome:
    """Wait no longer, say no to what was proposed, or leave the pair: the other one waits again."""
    programme = asking(scene, about)
    mine = _mine(scene, programme)
    if mine is not None:
        _withdraw(scene.visit, programme, mine)
    return Show(sparring.left(programme), replaces=True)


def yes(scene: Scene, about: str) -> Outcome:
    """The second yes shows both who the other one is."""
    programme, mine = _proposed(scene, about)
    _store(scene.visit).agree(programme.id, scene.person.id)
    other = _store(scene.visit).of(programme.id, mine.partner)
    if other is not None and other.agreed:
        view = sparring.together(programme, _partner(scene.visit, programme, scene.person.id))
        scene.visit.tell(other.person, view, key=f"sparring:{mine.proposal}:together:{other.person}")
    return Show(_standing(scene, programme), replaces=True)


def no(scene: Scene, about: str) -> Outcome:
    programme, mine = _proposed(scene, about)
    _withdraw(scene.visit, programme, mine)
    return Show(sparring.left(programme), replaces=True)


def _proposed(scene: Scene, about: str) -> tuple[Programme, Wish]:
    """What a button is about, if it is still proposed to the person. Raises `Gone`."""
    id, _blank, proposal = about.partition(" ")
    programme = own_programme(scene, id)
    mine = _mine(scene, programme)
    if mine is None or not proposal or mine.proposal != proposal:
        raise Gone(sparring.no_longer())
    return programme, mine


def _mine(scene: Scene, programme: Programme) -> Wish | None:
    """The person's wish; nobody changes theirs or the other one's until this is done."""
    locked = _store(scene.visit).locked(programme.id)
    return next((one for one in locked if one.person == scene.person.id), None)


def _withdraw(visit: Visit, programme: Programme, mine: Wish) -> None:
    store = _store(visit)
    other = store.of(programme.id, mine.partner) if mine.partner else None
    store.leave(programme.id, mine.person)
    if other is not None:
        store.part(programme.id, (mine.partner,))
        key = f"sparring:{mine.proposal}:nothing:{mine.partner}"
        visit.tell(
            mine.partner, sparring.came_to_nothing(programme, were_together=mine.agreed and other.agreed), key=key
        )
    _look_for_pairs(visit, programme)


def forget(visit: Visit, person: str) -> None:
    """Let go of the wishes of somebody who is being erased: whoever was with them hears of it, and waits again."""
    store = _store(visit)
    for programme in visit.programmes.values():
        if store.of(programme.id, person) is not None:
            mine = next((one for one in store.locked(programme.id) if one.person == person), None)
            if mine is not None:
                _withdraw(visit, programme, mine)


def let_go(visit: Visit) -> None:
    """Withdraw the wishes of those who take part no more, once they cannot undo it."""
    for programme, person in _store(visit).without_seat():
        mine = next((one for one in _store(visit).locked(programme) if one.person == person), None)
        if mine is not None and programme in visit.programmes:
            _withdraw(visit, visit.programmes[programme], mine)


# --- Pairs ------------------------------------------------------------------------------------------------------------


def pair_up(scene: Scene, about: str) -> Outcome:
    """Ask everybody who waits and for whom there is somebody from another organisation."""
    programme = asking(scene, about)
    waiting = [one.person for one in _waiting(scene.visit, programme)]
    if not waiting:
        return Show(sparring.nobody_waits())
    found = pairs(waiting, _organisations(scene.visit, programme, waiting))
    for pair in found:
        _propose(scene.visit, programme, pair)
    _look_for_pairs(scene.visit, programme)
    back = Button(challenge_lists.TITLE, Action(challenge_lists.LIST, programme.id))
    return Show(sparring.was_proposed(programme, found, len(waiting) - 2 * len(found), back))


def _look_for_pairs(visit: Visit, programme: Programme) -> None:
    """Coordinators hear that somebody can be asked now; it is off their list when nobody can be any more."""
    waiting = [one.person for one in _waiting(visit, programme)]
    found = pairs(waiting, _organisations(visit, programme, waiting)) if waiting else ()
    view = sparring.can_be_asked(programme, len(found)) if found else None
    matters.keep_matter(
        visit, key=f"sparring:{programme.id}", programme=programme.id, kind="sparring", view=lambda: view
    )


def _waiting(visit: Visit, programme: Programme) -> list[Wish]:
    """Those who take part and have nobody; nobody else pairs them until this is done."""
    here = participants(visit, programme)
    return [one for one in _store(visit).locked(programme.id) if not one.partner and one.person in here]


def _organisations(visit: Visit, programme: Programme, persons: Sequence[str]) -> Mapping[str, str]:
    """Person → key of the organisation that they take part for."""
    theirs = belonging.organisations_of(visit.connection, programme.id, persons)
    return {person: next(iter(keys)) for person, keys in theirs.items() if keys}


def _propose(visit: Visit, programme: Programme, pair: tuple[str, str]) -> None:
    proposal = uuid.uuid4().hex
    _store(visit).propose(programme.id, pair, proposal)
    for person in pair:
        view = sparring.proposed(programme, proposal, agreed=False)
        visit.tell(person, view, key=f"sparring:{proposal}:asked:{person}")


def counted(visit: Visit, programme: Programme) -> Pairs:
    """How many wait, are asked and are together, for coordinators: no names."""
    here = participants(visit, programme)
    wishes = {one.person: one for one in _store(visit).of_programme(programme.id)}
    proposed = {one.proposal: (one, wishes.get(one.partner)) for one in wishes.values() if one.proposal}
    together = sum(one.agreed and other is not None and other.agreed for one, other in proposed.values())
    waiting = sum(not one.partner and one.person in here for one in wishes.values())
    return Pairs(waiting, len(proposed) - together, together)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    sparring.SPARRING: show,
    sparring.WANT: want,
    sparring.STOP: stop,
    sparring.YES: yes,
    sparring.NO: no,
    sparring.PAIR: pair_up,
}
