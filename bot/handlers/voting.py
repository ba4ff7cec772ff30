"""Voting for posts: one ballot a person, on whichever platform, and no way back to who it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot import keys
from bot.domain.board import Board, Standing
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.words import _
from bot.flows import voting
from bot.handlers import boards
from bot.handlers.audiences import asked_of
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.answers import Answers
from storage.rounds import Rounds
from storage.votes import Votes


def show(scene: Scene, about: str) -> Outcome:
    """The ballot, or the page of it that begins with a post."""
    round, _blank, first = about.partition(" ")
    return Show(_ballot(scene, round, first), replaces=bool(first))


def cast(scene: Scene, about: str) -> Outcome:
    """Give a vote, if there is one left to give."""
    round, _blank, post = about.partition(" ")
    board = _open(scene, round)
    votes, voter = Votes(scene.visit.connection), _voter(scene, round)
    Rounds(scene.visit.connection, scene.visit.now).locked(round)  # nobody gives more votes than they have
    answer = Answers(scene.visit.connection, scene.visit.now).get(post)
    if answer is None or answer.round != round or answer.standing is not Standing.SHOWN:
        raise Gone(_("That post is no longer on the board."))
    if len(votes.of_voter(round, voter) - {post}) < board.round.votes:
        votes.cast(round, post, voter)
        _changed(scene.visit, round)
    return Show(_ballot(scene, round, post), replaces=True)


def take_back(scene: Scene, about: str) -> Outcome:
    round, _blank, post = about.partition(" ")
    _open(scene, round)
    Votes(scene.visit.connection).take_back(post, _voter(scene, round))
    _changed(scene.visit, round)
    return Show(_ballot(scene, round, post), replaces=True)


def forget(visit: Visit, person: str) -> None:
    """Take back the votes of somebody who is being erased, as long as they can be told from others."""
    for round in visit.surroundings.vote_keys.urns():
        marking, _unused = visit.surroundings.vote_keys.keys(round)
        if Votes(visit.connection).take_all_back(round, keys.marker(marking, person)):
            _changed(visit, round)


def forget_voters(visit: Visit) -> None:
    """Destroy the keys of rounds that are over: what is left of a voter is a number that means nothing."""
    open_ones = {round.id for round in Rounds(visit.connection, visit.now).running()}
    for round in visit.surroundings.vote_keys.urns() - open_ones:
        visit.surroundings.vote_keys.destroy(round)


def _ballot(scene: Scene, round: str, first: str) -> Card:
    board = _open(scene, round)
    mine = Votes(scene.visit.connection).of_voter(round, _voter(scene, round))
    return voting.ballot(voting.Ballot(board, mine, first))


def _open(scene: Scene, round: str) -> Board:
    """The board, if this person may vote on it now."""
    visit = scene.visit
    board = boards.read(visit.connection, visit.now, visit.programmes, round)
    if board is None or not board.round.votes or not board.round.is_open:
        raise Gone(_("There is no vote here any more. The board shows how it went."))
    if scene.person.id not in asked_of(visit, board.round):
        raise NotAllowed(_("Only those who take part in the programme vote. Write “programmes” to see how to join."))
    return board


def _voter(scene: Scene, round: str) -> bytes:
    """The person's marker in this round: the same on every platform, another one in every other round."""
    scene.visit.surroundings.vote_keys.make(round)
    marking, _unused = scene.visit.surroundings.vote_keys.keys(round)
    return keys.marker(marking, scene.person.id)


def _changed(visit: Visit, round: str) -> None:
    Rounds(visit.connection, visit.now).touch(round)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    voting.VOTE: show,
    voting.CAST: cast,
    voting.TAKE_BACK: take_back,
}
