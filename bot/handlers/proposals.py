"""The posts that most people voted for, and how each becomes a row of a plan, once however many ask for it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.board import Answer, Standing
from bot.domain.plans import PlanRow
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.words import _
from bot.flows import planning as plan_rows
from bot.flows import proposals
from bot.flows.plan_cards import signed
from bot.flows.proposals import Proposal, Seen
from bot.handlers import boards, groups, planning
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage import belonging
from storage.answers import Answers
from storage.plans import Plans
from storage.posts import Posts
from storage.rounds import Rounds

# --- What there is ----------------------------------------------------------------------------------------------------


def top(visit: Visit, round: str, limit: int) -> tuple[Proposal, ...]:
    """The posts of a round that are shown, the most wanted first, so many of them at most.

    Each says how many others have as many votes, also those that are left out.
    """
    return _ranked(visit, round)[:limit]


def seen(scene: Scene, round: str) -> Seen:
    """The proposals of a round as one person may act on them. Raises `Gone`, `NotAllowed`."""
    about = Rounds(scene.visit.connection, scene.visit.now).get(round)
    if about is None or about.occasion or about.programme not in scene.visit.programmes:
        raise Gone(_("There is no board here any more."))
    if not (scene.coordinates or planning.organisations(scene.visit, about.programme, scene.person)):
        raise NotAllowed(_("This is for those who take part in the programme. Write “programmes” to see how to join."))
    if about.organisation:
        groups.check_concerned(scene, about)
    programme = scene.visit.programmes[about.programme]
    return Seen(about, programme, _ranked(scene.visit, round), _may_fill(scene, about.programme, about.organisation))


def _ranked(visit: Visit, round: str) -> tuple[Proposal, ...]:
    board = boards.read(visit.connection, visit.now, visit.programmes, round)
    return proposals.ranked(board, _plans(visit, board.round.programme)) if board is not None else ()


def _plans(visit: Visit, programme: str) -> Mapping[str, Mapping[str, str]]:
    """Post → key → name of the organisations in whose plans it stands."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in Plans(visit.connection, visit.now).of_programme(programme):
        if row.answer:
            found[row.answer][row.organisation_key] = row.organisation
    return found


def _may_fill(scene: Scene, programme: str, only: str) -> Mapping[str, str]:
    """Key → name of those whose plans the person may put proposals of a round into.

    `only` is the organisation that the round is of: then everybody who takes part for it may.
    """
    mine = planning.organisations(scene.visit, programme, scene.person)
    found: Mapping[str, str]
    if scene.coordinates:
        found = {**belonging.organisations_in(scene.visit.connection, programme), **({only: ""} if only else {})}
    elif only:
        found = mine
    else:
        posts = Posts(scene.visit.connection, scene.visit.now)
        found = {key: name for key, name in mine.items() if scene.person.id in posts.contacts_of(programme, key)}
    directory = scene.visit.surroundings.directory
    named = {key: name or directory.name_of(key) for key, name in found.items() if only in ("", key)}
    return dict(sorted(named.items(), key=lambda one: one[1].casefold()))


# --- Showing ----------------------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    """What most want to begin with, or the page of it that begins with a post."""
    round, _blank, first = about.partition(" ")
    return Show(proposals.card(seen(scene, round), first), replaces=bool(first))


def put(scene: Scene, about: str) -> Outcome:
    """Put a proposal into the plan that its button names; then the page shows it there."""
    post, _blank, sign = about.partition(" ")
    answer, before = _held(scene, post)
    key = next((key for key in before.organisations if signed(key) == sign), "")
    if not key:
        raise NotAllowed(proposals.not_yours())
    _keep(scene, before, answer, key)
    return Show(proposals.card(seen(scene, answer.round), post), replaces=True)


def _held(scene: Scene, post: str) -> tuple[Answer, Seen]:
    """The post, and its round held until the transaction ends. Raises `Gone`, `NotAllowed`."""
    answers = Answers(scene.visit.connection, scene.visit.now)
    known = answers.get(post)
    if known is None:
        raise Gone(proposals.gone())
    Rounds(scene.visit.connection, scene.visit.now).locked(known.round)  # of two who tap at once, one finds it done
    answer, found = answers.get(post), seen(scene, known.round)
    if answer is None or answer.standing is not Standing.SHOWN or post not in {one.id for one in found.proposals}:
        raise Gone(proposals.gone())
    if not found.organisations:
        raise NotAllowed(proposals.not_yours())
    return answer, found


def _keep(scene: Scene, about: Seen, answer: Answer, key: str) -> PlanRow:
    """The row of the organisation's plan that the post has become, now or before."""
    plans = Plans(scene.visit.connection, scene.visit.now)
    there = [row for row in plans.of_answer(answer.id) if row.organisation_key == key]
    if there:
        return there[0]
    new = _row(about.programme, answer, (key, about.organisations[key]), scene.visit.now)
    return plans.keep(new, by=scene.person.id)


def _row(programme: Programme, answer: Answer, organisation: tuple[str, str], now: datetime) -> PlanRow:
    """A row that nobody has taken on, for the time until the next meeting; of an organisation's key and name."""
    before = plan_rows.next_meeting(programme, now)
    return PlanRow(uuid.uuid4().hex, programme.id, *organisation, answer.text, "", before=before, answer=answer.id)


# --- Whose plan? ------------------------------------------------------------------------------------------------------


def choose(scene: Scene, about: str) -> Outcome:
    facts(scene, about)  # refuses what is gone, or not theirs
    return Start(proposals.flow.name, about, proposals.Choice(about))


def facts(scene: Scene, about: str) -> proposals.Facts:
    """What the form looks at."""
    answer, found = _held(scene, about)
    proposal = next(one for one in found.proposals if one.id == answer.id)
    return proposals.Facts(proposal, found.programme, found.organisations)


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the page on which the proposal stands."""
    answer, found = _held(scene, about)
    return proposals.card(found, answer.id)


class PlanRoom:
    """Implements `bot.flows.proposals.PlanMaker` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def put_into_plan(self, post: str, organisation_key: str) -> PlanRow:
        answer, found = _held(self._scene, post)
        if organisation_key not in found.organisations:
            raise NotAllowed(proposals.not_yours())
        return _keep(self._scene, found, answer, organisation_key)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    proposals.PROPOSALS: show,
    proposals.TO_PLAN: put,
    proposals.CHOOSE_PLAN: choose,
}
