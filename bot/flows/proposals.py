"""From votes to a plan: what most people want to begin with, and the way of each proposal into a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Protocol

from bot.conversation import Flow
from bot.domain.board import Board
from bot.domain.plans import PlanRow
from bot.domain.programmes import Programme
from bot.domain.refusals import FieldRefused
from bot.domain.rounds import Round
from bot.domain.values import dataclass
from bot.domain.words import Listed, Localised, Text, Words, _, n_
from bot.flows.buttons import open_board
from bot.flows.plan_cards import facts_of, open_plan, signed
from bot.messages import Action, Button, Card, ChoiceField, Form, Item, Option, TextField, Tone

PROPOSALS = "proposals"  # about a round, perhaps with the first proposal of a page
TO_PLAN = "to_plan"  # about a post and the organisation whose plan it becomes a row of
CHOOSE_PLAN = "choose_plan"  # about a post: a form that asks whose plan

ON_A_PAGE = 4
"""Each has a button of its own, and Teams takes six on a card; the others are for leafing."""

_MOST_NAMED = 3  # organisations beside a proposal; of more only the number is said
_MOST_OFFERED = 60  # organisations in one list; of more the name is written
_NAME = 120  # characters


@dataclass(frozen=True, slots=True)
class Proposal:
    """A post of a round as something to begin with."""

    id: str  # of the post
    text: str  # untrusted
    asked: Localised  # the question that it answers
    votes: int | None = None  # None: no vote, or one that is not over, or too few have voted
    ties: int = 0  # others with as many votes
    plans: Mapping[str, str] = field(default_factory=dict)  # organisation key → name, where it stands in the plan


@dataclass(frozen=True, slots=True)
class Seen:
    """The proposals of a round for one reader, the most wanted first."""

    round: Round
    programme: Programme
    proposals: Sequence[Proposal]
    organisations: Mapping[str, str]  # key → name, of those whose plans the reader may put something into

    @property
    def are_counted(self) -> bool:
        return any(one.votes is not None for one in self.proposals)


def ranked(board: Board, plans: Mapping[str, Mapping[str, str]]) -> tuple[Proposal, ...]:
    """What is written on a board, the most wanted first; where votes are the same, as it stands on the board.

    Parameters
    ----------
    plans
        Post → key → name of the organisations in whose plans it stands.
    """
    written = [(one, post) for part in board.parts for one in part.headings if not one.is_rated for post in one.posts]
    votes = [post.votes for _heading, post in written]
    found = [
        Proposal(post.id, str(post.text), heading.text, post.votes, _ties(post.votes, votes), plans.get(post.id, {}))
        for heading, post in written
    ]
    return tuple(sorted(found, key=lambda one: -(one.votes or 0)))


def _ties(votes: int | None, all: Sequence[int | None]) -> int:
    return all.count(votes) - 1 if votes else 0


def button(about: Round) -> Button:
    """The way from a round to what most want to begin with."""
    return Button(_("What most want to begin with"), Action(PROPOSALS, about.id))


# --- What most want to begin with -------------------------------------------------------------------------------------


def card(seen: Seen, first: str = "") -> Card:
    """A page of the proposals: the one on which this post stands, or the first."""
    if not seen.proposals:
        return Card(_("There are no proposals yet"), body=(seen.round.title,), buttons=(open_board(seen.round.id),))
    start = _page_of(seen, first)
    shown = seen.proposals[start : start + ON_A_PAGE]
    return Card(
        _("What most want to begin with") if seen.are_counted else _("What you can begin with"),
        body=(seen.round.title, *introduction(seen)),
        items=tuple(item(seen, one) for one in shown),
        buttons=tuple(_leafing(seen, start)),
        footnote=_cut(seen, start + ON_A_PAGE),
    )


def _page_of(seen: Seen, first: str) -> int:
    places = [one.id for one in seen.proposals]
    return places.index(first) // ON_A_PAGE * ON_A_PAGE if first in places else 0


def introduction(seen: Seen) -> Iterator[Words]:
    """How the proposals are ordered, and what can be done with them."""
    if seen.round.voted_later and seen.round.is_open:
        yield _("The vote has not begun. Until then the proposals are in the order they were written.")
    elif not seen.round.has_vote:
        yield _("There was no vote. The proposals are in the order they were written.")
    elif seen.round.is_open:
        yield _("The vote is still open. The numbers and the order come when it is over.")
    elif not seen.are_counted:
        yield _("Too few have voted for the numbers to be shown. The proposals are in the order they were written.")
    if seen.organisations:
        yield _("A proposal becomes a row of its own in the plan. There you write who sees to it, and by when.")


def item(seen: Seen, one: Proposal) -> Item:
    """A proposal with its votes, and its way into the plan."""
    several = any(other.asked != one.asked for other in seen.proposals)
    lines = (*((one.asked,) if several else ()), *_votes(one), *_standing(seen, one))
    return Item(one.text, lines, buttons=tuple(_way(seen, one)))


def _votes(one: Proposal) -> Iterator[Words]:
    if one.votes is None:
        return
    number = n_("{n} vote", "{n} votes", one.votes)
    if one.ties:
        yield n_("{votes}, as many as {n} other", "{votes}, as many as {n} others", one.ties, votes=number)
    else:
        yield number


def _standing(seen: Seen, one: Proposal) -> Iterator[Words]:
    """In whose plans it stands, where that can be several."""
    if not one.plans or len(seen.organisations) == 1:
        return
    if len(one.plans) > _MOST_NAMED:
        yield n_("In the plan of {n} organisation", "In the plans of {n} organisations", len(one.plans))
    else:
        yield _("In the plan: {organisations}", organisations=Listed(tuple(one.plans.values())))


def _way(seen: Seen, one: Proposal) -> Iterator[Button]:
    left = [key for key in seen.organisations if key not in one.plans]
    if not seen.organisations:
        return
    if not left:
        key = next(iter(seen.organisations)) if len(seen.organisations) == 1 else ""
        yield Button(_("In the plan"), open_plan(seen.programme.id, key).action)
    elif len(seen.organisations) == 1:
        yield Button(_("To the plan"), Action(TO_PLAN, f"{one.id} {signed(left[0])}"), tone=Tone.PRIMARY)
    else:
        yield Button(_("To the plan"), Action(CHOOSE_PLAN, one.id), tone=Tone.PRIMARY, opens_form=True)


def _leafing(seen: Seen, start: int) -> Iterator[Button]:
    for label, at in ((_("Earlier"), start - ON_A_PAGE), (_("Show more"), start + ON_A_PAGE)):
        if 0 <= at < len(seen.proposals):
            yield Button(label, Action(PROPOSALS, f"{seen.round.id} {seen.proposals[at].id}"))


def _cut(seen: Seen, end: int) -> Words:
    """That a page ends between proposals with as many votes."""
    if end >= len(seen.proposals):
        return ""
    last = seen.proposals[end - 1].votes
    more = sum(one.votes == last for one in seen.proposals[end:]) if last else 0
    return n_("{n} more has as many votes as the last one here.", "{n} more have as many votes as the last one here.",
              more) if more else ""  # fmt: skip


# --- Whose plan? ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """What has been answered about whose plan a post goes into."""

    post: str
    organisation: str = ""  # its key, or its name as it was written


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    proposal: Proposal
    programme: Programme
    organisations: Mapping[str, str]  # key → name, of those that may be chosen


class PlanMaker(Protocol):
    """What the form acts through."""

    def put_into_plan(self, post: str, organisation_key: str) -> PlanRow:
        """Let the post be a row of the organisation's plan, once however often it is asked for."""


flow: Flow[Choice, Facts, PlanMaker] = Flow(CHOOSE_PLAN, Choice, version=1)


@flow.ask("organisation")
def ask_whose(choice: Choice, facts: Facts) -> Form:
    return Form(_("Whose plan?"), (_organisation(facts),), submit=_("To the plan"), intro=(facts.proposal.text,))


def _organisation(facts: Facts) -> ChoiceField | TextField:
    """A list, as long as it can be looked through."""
    if len(facts.organisations) > _MOST_OFFERED:
        return TextField("organisation", _("Organisation"), max_chars=_NAME)
    options = tuple(Option(key, name) for key, name in facts.organisations.items())
    return ChoiceField("organisation", _("Organisation"), options)


@flow.check("organisation")
def check_whose(choice: Choice, facts: Facts) -> Choice:
    _key(choice, facts)
    return choice


def _key(choice: Choice, facts: Facts) -> str:
    """The key of the organisation that is meant. Raises `FieldRefused`."""
    if choice.organisation in facts.organisations:
        return choice.organisation
    written = choice.organisation.casefold().strip()
    found = [key for key, name in facts.organisations.items() if name.casefold() == written]
    if not found:
        raise FieldRefused(
            "organisation", _("I find no such organisation here. Write its name as it stands in the registration.")
        )
    return found[0]


@flow.on_done
def done(choice: Choice, facts: Facts, maker: PlanMaker) -> Card:
    row = maker.put_into_plan(choice.post, _key(choice, facts))
    return put_into_plan(facts.programme, row)


def put_into_plan(programme: Programme, row: PlanRow) -> Card:
    """The receipt, with what is still to be filled in."""
    return Card(
        _("It is in the plan"),
        body=(_plan_of(row),),
        items=(Item(row.what, facts=facts_of(programme, row)),),
        buttons=(open_plan(row.programme, row.organisation_key),),
        tone=Tone.GOOD,
    )


def _plan_of(row: PlanRow) -> Text:
    return _("Plan of {organisation}", organisation=row.organisation)


def gone() -> Text:
    return _("This is no longer on the board.")


def not_yours() -> Text:
    return _("Coordinators and the organisation’s contact put proposals into the plan. Ask one of them.")
