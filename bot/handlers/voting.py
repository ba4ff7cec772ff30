"""Voting for posts: one ballot a person, on whichever platform, and no way back to who it was.

A ballot shows how its reader has voted, and so it is only ever confided: what is stored of a vote is its marker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot import keys
from bot.domain.board import Board, Standing
from bot.domain.rounds import Round
from bot.domain.words import Words, _
from bot.flows import buttons, voting
from bot.handlers import boards
from bot.handlers.audiences import asked_of
from bot.handlers.events import Event, Pressed
from bot.handlers.outcomes import Confide, Declined, Outcome
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.guests import Guests
from storage.rounds import Rounds
from storage.votes import Votes


def is_vote(event: Event) -> bool:
    """Whether the event gives a vote, or takes one back."""
    return isinstance(event, Pressed) and event.action.do in (voting.CAST, voting.TAKE_BACK)


def show(scene: Scene, about: str) -> Outcome:
    """The ballot, or the page of it that begins with a post."""
    round, _blank, first = about.partition(" ")
    return _ballot(scene, round, first)


def cast(scene: Scene, about: str) -> Outcome:
    """Give a vote, if there is one left to give."""
    round, _blank, post = about.partition(" ")
    _hold(scene, round)
    board = _open(scene, round)
    votes, voter = Votes(scene.visit.connection), _voter(scene, round)
    answer = Answers(scene.visit.connection, scene.visit.now).get(post)
    if answer is None or answer.round != round or answer.standing is not Standing.SHOWN:
        ways = (*voting.button(board.round), buttons.open_board(round))
        raise Declined(_("That post is no longer on the board."), *ways)
    if len(votes.of_voter(round, voter) - {post}) < board.round.votes:
        votes.cast(round, post, voter)  # the round's version stays: whoever follows the board sees nothing move
    return _ballot(scene, round, post)


def take_back(scene: Scene, about: str) -> Outcome:
    round, _blank, post = about.partition(" ")
    _hold(scene, round)
    _open(scene, round)
    Votes(scene.visit.connection).take_back(post, _voter(scene, round))
    return _ballot(scene, round, post)


def so_far(visit: Visit, about: Round) -> Words:
    """How many have voted in a vote that goes on; nothing where there is none."""
    return voting.so_far(*_counted(visit, about), about) if about.is_voted_on else ""


def few_yet(visit: Visit, about: Round) -> bool:
    """Whether there is a vote that goes on, in which fewer than half have given theirs."""
    return about.is_voted_on and reached(visit, about) < voting.Reached.HALF


def reached(visit: Visit, about: Round) -> voting.Reached:
    """Which step those who have voted have come to together, in a vote that goes on."""
    return voting.reached(*_counted(visit, about), about)


def _counted(visit: Visit, about: Round) -> tuple[int, int]:
    """How many have voted, and how many may."""
    asked = asked_of(visit, about)
    guests = Guests(visit.connection, visit.now).among(asked)  # votes are given in Slack and Teams
    return Votes(visit.connection).voters(about.id), len(asked) - len(guests)


def forget(visit: Visit, person: str) -> None:
    """Take back the votes of somebody who is being erased, while the vote goes on: a sum that is known stays."""
    running = {round.id for round in Rounds(visit.connection, visit.now).running()}
    for round in visit.surroundings.vote_keys.urns() & running:
        _take_all_back(visit, round, person)


def forget_in(visit: Visit, about: Round, person: str) -> None:
    """Take back the votes that somebody has given in a round, while its vote goes on."""
    if about.is_voted_on and about.id in visit.surroundings.vote_keys.urns():
        now = Rounds(visit.connection, visit.now).locked(about.id)
        if now is not None and now.is_open:
            _take_all_back(visit, about.id, person)


def _take_all_back(visit: Visit, round: str, person: str) -> None:
    marking, _unused = visit.surroundings.vote_keys.keys(round)
    Votes(visit.connection).take_all_back(round, keys.marker(marking, person))


def forget_voters(visit: Visit) -> None:
    """Destroy the keys of rounds that are over: what is left of a voter is a number that means nothing."""
    open_ones = {round.id for round in Rounds(visit.connection, visit.now).running()}
    for round in visit.surroundings.vote_keys.urns() - open_ones:
        visit.surroundings.vote_keys.destroy(round)


def _hold(scene: Scene, round: str) -> None:
    """Let nobody give more votes than they have, and none when the vote is over."""
    Rounds(scene.visit.connection, scene.visit.now).locked(round)


def _ballot(scene: Scene, round: str, first: str) -> Confide:
    """The page that begins with `first`, in place of the one that was pressed; or else the first one."""
    board = _open(scene, round)
    mine = Votes(scene.visit.connection).of_voter(round, _voter(scene, round))
    ballot = voting.ballot(voting.Ballot(board, mine, first))
    return Confide(ballot, voting.invitation(board.round), replaces=bool(first))


def _open(scene: Scene, round: str) -> Board:
    """The board, if this person may vote on it now."""
    visit = scene.visit
    board = boards.read(visit.connection, visit.now, visit.programmes, round)
    if board is None or not board.round.has_vote:
        raise Declined(_("There is no vote here any more."), buttons.ALL_PROGRAMMES)
    if not board.round.is_open:
        ended = _("There is no vote here any more. The board shows how it went.")
        raise Declined(ended, buttons.open_board(round))
    if scene.person.id not in asked_of(visit, board.round):
        said = _("Only those who take part in the programme vote. Write “programmes” to see how to join.")
        raise Declined(said, buttons.ALL_PROGRAMMES)
    return board


def _voter(scene: Scene, round: str) -> bytes:
    """The person's marker in this round: the same on every platform, another one in every other round."""
    scene.visit.surroundings.vote_keys.make(round)
    marking, _unused = scene.visit.surroundings.vote_keys.keys(round)
    return keys.marker(marking, scene.person.id)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    voting.VOTE: show,
    voting.CAST: cast,
    voting.TAKE_BACK: take_back,
}
