"""The result of a self-assessment: to coordinators when its round has closed, to others when they show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.domain import assessment
from bot.domain.assessment import Comparison, Result, has_scales
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Mode, Round, State
from bot.domain.rules import Audience
from bot.domain.words import _
from bot.domain.workdays import Whereabouts, next_polite
from bot.flows import results
from bot.flows.results import Shown
from bot.handlers import prompting, ratings
from bot.handlers.audiences import members
from bot.handlers.leaders import asked_alone, leader_of, leads_round
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import COORDINATORS_ONLY
from bot.handlers.prompting import Circle
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.links import Kind, Links
from storage.outbox import Post
from storage.rounds import Rounds
from storage.tallies import Tallies

_ROLE = "role:"
"""What a link is about that shows a result as one role reads it: the round, and this with the role."""


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(visit: Visit, about: Round) -> Result:
    """What may be shown of a round that has closed."""
    if about.mode is Mode.SEALED:
        return assessment.result(about, Tallies(visit.connection).of_round(about.id))
    return assessment.result(about, ratings.of_groups(visit, about))


def found(visit: Visit, id: str) -> tuple[Round, Programme] | None:
    """A closed round with scales, and its programme; None for anything else."""
    about = Rounds(visit.connection, visit.now).get(id)
    if about is None or about.state is not State.CLOSED or not has_scales(about):
        return None
    programme = visit.programmes.get(about.programme)
    return (about, programme) if programme is not None else None


def compared(visit: Visit, after: str, before: str) -> tuple[Comparison, Programme] | None:
    """Two rounds beside each other, with the later one's programme; None where they have nothing in common."""
    later, earlier = found(visit, after), found(visit, before)
    if later is None or earlier is None or not _comes_after(later, earlier):
        return None
    return assessment.compare(read(visit, earlier[0]), read(visit, later[0])), later[1]


def _comes_after(later: tuple[Round, Programme], earlier: tuple[Round, Programme]) -> bool:
    """Whether a round asks again what an earlier one, of this programme or of an earlier edition, has asked."""
    (after, its), (before, theirs) = later, earlier
    if (before.opens_at, before.id) >= (after.opens_at, after.id) or not _is_edition_of(its, theirs):
        return False
    if before.organisation != after.organisation:
        return False
    asked = {question.id for box in before.boxes for question in box.questions if question.scale is not None}
    again = {
        id for box in after.boxes for question in box.questions if question.scale for id in (question.id, *question.was)
    }
    return not asked.isdisjoint(again)


def _is_edition_of(later: Programme, earlier: Programme) -> bool:
    """Whether it is the same programme, or was copied from it: a copy's id begins with that of its original."""
    return later.id == earlier.id or later.id.startswith(f"{earlier.id}-") or later.title == earlier.title


def _all(visit: Visit) -> Iterator[tuple[Round, Programme]]:
    """All closed rounds with scales, the newest first."""
    every = [one for id in visit.programmes for one in Rounds(visit.connection, visit.now).of_programme(id)]
    for about in sorted(every, key=lambda one: (one.opens_at, one.id), reverse=True):
        if about.state is State.CLOSED and has_scales(about):
            yield about, visit.programmes[about.programme]


def _earlier(visit: Visit, later: tuple[Round, Programme]) -> list[tuple[Round, Programme]]:
    return [one for one in _all(visit) if _comes_after(later, one)]


# --- Links ------------------------------------------------------------------------------------------------------------


def address(visit: Visit, about: str) -> str:
    """The address of a page: of a round, of a round as a role is shown it, or of two rounds."""
    return visit.surroundings.link_address(
        Kind.RESULTS, Links(visit.connection, visit.now).give_out(Kind.RESULTS, about)
    )


def for_role(round: str, role: str) -> str:
    """What the link of those in a role is about."""
    return f"{round} {_ROLE}{role}"


def parts_of(about: str) -> tuple[str, str | None, str | None]:
    """What a link is about: a round, the role that it is shown to, and the round that it is compared with."""
    id, _blank, rest = about.partition(" ")
    if rest.startswith(_ROLE):
        return id, rest.removeprefix(_ROLE), None
    return id, None, rest or None


def is_shared(visit: Visit, about: Round) -> bool:
    """Whether those who were asked have been shown the result."""
    links = Links(visit.connection, visit.now)
    return any(links.given_out(Kind.RESULTS, for_role(about.id, box.role)) for box in about.boxes)


def renew_shared(visit: Visit, about: Round) -> None:
    """Let the links that those who were asked have been given open nothing more, and be others from now on."""
    links = Links(visit.connection, visit.now)
    for shared in (for_role(about.id, box.role) for box in about.boxes):
        if links.given_out(Kind.RESULTS, shared):
            links.revoke(Kind.RESULTS, shared)
            links.give_out(Kind.RESULTS, shared)  # so that it is still known that they have been shown it


# --- When a round closes ----------------------------------------------------------------------------------------------


def tell(visit: Visit, closed: Round) -> None:
    """Send the result of a round that has just closed to coordinators and to who leads its workshop."""
    if not has_scales(closed):
        return
    view = _for_coordinators(visit, closed, visit.programmes[closed.programme])
    coordinators = frozenset(members(visit, Audience.COORDINATORS, closed.programme, "", visit.now))
    reached = visit.people.reached(coordinators | leader_of(visit, closed))
    visit.outbox.add_many(
        prompting.post(closed, "result", person, one, view) for person, one in reached.items() if one.address
    )


def _for_coordinators(visit: Visit, about: Round, programme: Programme) -> Card:
    shown = Shown(
        read(visit, about),
        programme,
        address(visit, about.id),
        is_shared=is_shared(visit, about),
        comparable=bool(_earlier(visit, (about, programme))),
        organisation=asked_alone(visit, about),
    )
    return results.for_coordinators(shown)


# --- In chat ----------------------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    """The result of a round, as the person may see it; without a round, a choice of those there are."""
    if not about:
        return _choose(scene)
    return Show(_card(scene, *_found(scene, about)))


def _choose(scene: Scene) -> Outcome:
    mine = [one for one in _all(scene.visit) if leads_round(scene, one[0]) or _role_of(scene, one[0]) is not None]
    if not mine:
        return Show(results.nothing(coordinator=scene.coordinates))
    if len(mine) == 1:
        return Show(_card(scene, *mine[0]))
    return Show(
        results.choose(mine, {about.organisation: asked_alone(scene.visit, about) for about, _programme in mine})
    )


def _card(scene: Scene, about: Round, programme: Programme) -> Card:
    """Raises `Gone` for a participant who has not been shown it."""
    if leads_round(scene, about):
        return _for_coordinators(scene.visit, about, programme)
    role = _role_of(scene, about)
    if role is None:
        raise Gone(results.gone())
    return _for_participants(scene.visit, about, programme, role)


def _for_participants(visit: Visit, about: Round, programme: Programme, role: str) -> Card:
    shown = Shown(
        read(visit, about), programme, address(visit, for_role(about.id, role)), organisation=asked_alone(visit, about)
    )
    return results.for_participants(shown, role)


def _role_of(scene: Scene, about: Round) -> str | None:
    """The role in which somebody is shown the result; None where they are not."""
    if not is_shared(scene.visit, about):
        return None
    return _roles(Circle(scene.visit, about)).get(scene.person.id)


def _roles(circle: Circle) -> Mapping[str, str]:
    """Everybody who was asked → the role that they were asked in; of several, the first one of the round."""
    found: dict[str, str] = {}
    for box in circle.about.boxes:
        for person in circle.people_of(box):
            found.setdefault(person, box.role)
    return found


def _found(scene: Scene, id: str) -> tuple[Round, Programme]:
    """Raises `Gone`."""
    there = found(scene.visit, id)
    if there is None:
        raise Gone(results.gone())
    return there


# --- Showing it to those who were asked -------------------------------------------------------------------------------


def share(scene: Scene, about: str) -> Outcome:
    """Show the result to all who were asked, each once, whoever presses how often. Raises `NotAllowed`."""
    visit = scene.visit
    if not leads_round(scene, _found(scene, about)[0]):
        raise NotAllowed(COORDINATORS_ONLY)
    locked = Rounds(visit.connection, visit.now).locked(about)
    assert locked is not None, "rounds are never deleted while somebody looks"
    programme = visit.programmes[locked.programme]
    circle = Circle(visit, locked)
    views = {box.role: _for_participants(visit, locked, programme, box.role) for box in locked.boxes}
    posts = tuple(_posts(visit, circle, views))
    visit.outbox.add_many(posts)
    shown = Shown(read(visit, locked), programme, "", is_shared=True)
    return Show(results.told(shown, len(posts)), replaces=True)


def _posts(visit: Visit, circle: Circle, views: Mapping[str, Card]) -> Iterator[Post]:
    """At a polite hour: nothing here is urgent."""
    roles, at = _roles(circle), next_polite(visit.now, Whereabouts.of(circle.programme.zone))
    for person, recipient in circle.wanting(roles.keys()).recipients.items():
        post = prompting.post(circle.about, "shared", person, recipient, views[roles[person]])
        yield replace(post, due_at=at)


# --- Two rounds -------------------------------------------------------------------------------------------------------


def compare(scene: Scene, about: str) -> Outcome:
    """A round beside an earlier one; without that, a choice of those there are."""
    visit = scene.visit
    after, _blank, before = about.partition(" ")
    later = _found(scene, after)
    earlier = _earlier(visit, later)
    if not earlier:
        raise Gone(_("There is no earlier round with the same questions to compare with."))
    if not before and len(earlier) > 1:
        return Show(results.choose_earlier(later[0], earlier))
    both = compared(visit, after, before or earlier[0][0].id)
    if both is None:
        raise Gone(results.gone())
    comparison, programme = both
    page = address(visit, f"{after} {comparison.before.round.id}")
    return Show(results.compared(comparison, programme, page))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    results.RESULTS: show,
    results.SHARE: share,
    results.COMPARE: compare,
}
