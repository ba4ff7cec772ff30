"""The ballot: the posts of a board, some at a time, each with a vote to give or to take back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum

from bot.domain.board import Board, Heading, Part, Post
from bot.domain.rounds import LEAST_PEOPLE, Round
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _, n_
from bot.messages import Action, Button, Card, Item, Tone

VOTE = "vote"  # the ballot: about a round, perhaps with the first post of a page
CAST = "cast"  # about a round and a post: vote for it
TAKE_BACK = "take_back_vote"  # about a round and a post
ON_A_PAGE = 4
"""Each post has a button of its own, and Teams takes six on a card; two are for leafing."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What somebody may vote on, and what they have voted for."""

    board: Board
    mine: Collection[str]  # ids of posts
    first: str = ""  # id of the post that the page begins with

    @property
    def left(self) -> int:
        """Votes that are still to be given."""
        return max(0, self.board.round.votes - len(self.mine))


class Reached(IntEnum):
    """How many have voted, in steps, so that nobody is the last one who has not."""

    NOBODY = 0
    FEW = 1
    ENOUGH = 2
    HALF = 3
    EVERYBODY = 4


def reached(voted: int, people: int, round: Round) -> Reached:
    """Which step those who have voted have come to together."""
    if not voted:
        return Reached.NOBODY
    if voted >= people:
        return Reached.EVERYBODY
    if voted < least_voters(round):
        return Reached.FEW
    return Reached.ENOUGH if 2 * voted < people else Reached.HALF


def so_far(voted: int, people: int, round: Round) -> Words:
    """How many have voted, for whoever leads and for the room."""
    match reached(voted, people, round):
        case Reached.NOBODY:
            return _("Nobody has voted yet")
        case Reached.EVERYBODY:
            return _("Everybody has voted")
        case Reached.FEW:
            return _("Fewer than {k} have voted", k=least_voters(round))
        case Reached.ENOUGH:
            return _("{k} or more of {m} have voted", k=least_voters(round), m=people)
        case Reached.HALF:
            return _("At least half of {m} have voted", m=people)


def least_voters(round: Round) -> int:
    """From how many voters on the numbers are shown at all."""
    return max(round.threshold, LEAST_PEOPLE)


def button(round: Round) -> tuple[Button, ...]:
    """The way to the ballot, where there is a vote."""
    return (Button(_("Vote"), Action(VOTE, round.id)),) if round.is_voted_on else ()


def invitation(round: Round) -> Card:
    """Where the ballot cannot be shown at once: the button that opens it."""
    return Card(_("Vote: {title}", title=round.title), body=(_promise(round),), buttons=button(round))


def ballot(seen: Ballot) -> Card:
    """A page of the ballot."""
    entries = _entries(seen.board)
    if not entries:
        return Card(_("There is nothing to vote on yet"), body=(_("Come back when something is on the board."),))
    places = [post.id for _part, _heading, post in entries]
    start = places.index(seen.first) // ON_A_PAGE * ON_A_PAGE if seen.first in places else 0
    page = entries[start : start + ON_A_PAGE]
    asked = {(part.role, heading.id) for part, heading, _post in page}
    alone = len(asked) == 1  # then it is said once, above; otherwise with each post
    where = (_where(*page[0][:2]),) if alone else ()
    return Card(
        _("Vote: {title}", title=seen.board.round.title),
        body=(seen.board.programme, _left(seen), *where, _promise(seen.board.round)),
        items=tuple(_item(seen, post, () if alone else (_where(part, heading),)) for part, heading, post in page),
        buttons=tuple(_leafing(seen.board.round, places, start)),
    )


Entry = tuple[Part, Heading, Post]


def _entries(board: Board) -> list[Entry]:
    return [(part, heading, post) for part in board.parts for heading in part.headings for post in heading.posts]


def _left(seen: Ballot) -> Text:
    if not seen.left:
        return _("All your votes are given. Take one back to give it to another post.")
    return n_("You have {n} vote left.", "You have {n} votes left.", seen.left)


def _where(part: Part, heading: Heading) -> Words:
    return _("{box}: {question}", box=part.name, question=heading.text) if part.name else heading.text


def _promise(round: Round) -> Text:
    least = least_voters(round)
    return _(
        "Who has voted for what is never shown. The numbers are shown when the vote is over, "
        "if at least {least} people have voted.",
        least=least,
    )


def _item(seen: Ballot, post: Post, asked: tuple[Words, ...]) -> Item:
    about = f"{seen.board.round.id} {post.id}"
    if post.id in seen.mine:
        back = Button(_("Take back"), Action(TAKE_BACK, about))
        return Item(post.text, (*asked, _("You have voted for this.")), buttons=(back,))
    if not seen.left:
        return Item(post.text, asked)
    return Item(post.text, asked, buttons=(Button(_("Vote for this"), Action(CAST, about), tone=Tone.PRIMARY),))


def _leafing(round: Round, places: Sequence[str], start: int) -> Sequence[Button]:
    earlier = places[start - ON_A_PAGE] if start else ""
    later = places[start + ON_A_PAGE] if start + ON_A_PAGE < len(places) else ""
    steps = ((_("Earlier posts"), earlier), (_("More posts"), later))
    return [Button(label, Action(VOTE, f"{round.id} {post}")) for label, post in steps if post]
