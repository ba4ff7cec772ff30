"""A round's board as it stands, and the link to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.board import Board, board
from bot.domain.programmes import Programme
from bot.domain.rounds import State
from bot.handlers import leaders
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.groups import Groups
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.tallies import Tallies
from storage.votes import Votes

HAVE_BOARD = (State.OPEN, State.CLOSED)


def read(connection: Connection, now: datetime, programmes: Mapping[str, Programme], id: str) -> Board | None:
    """The board of a round; None when there is no such round, or it has not opened or was taken back."""
    shown = Rounds(connection, now).get(id)
    programme = programmes.get(shown.programme) if shown is not None else None
    if shown is None or programme is None or shown.state not in HAVE_BOARD:
        return None
    store = Answers(connection, now)
    names = Groups(connection, now).names(shown.programme)
    votes = Votes(connection).shown(shown)
    rated = {key: sum(counts.values()) for key, counts in Tallies(connection).of_round(id).items()}
    return board(
        shown, programme.title, store.of_round(id), names=names, replies=store.replies(id), votes=votes, rated=rated
    )


def as_page(visit: Visit, id: str) -> Board | None:
    """The board as its page shows it: with whose it is, where only one organisation is asked."""
    found = read(visit.connection, visit.now, visit.programmes, id)
    return replace(found, organisation=leaders.asked_alone(visit, found.round)) if found is not None else None


def address(visit: Visit, round: str) -> str:
    """The address of the board's page, for whoever is given it."""
    id = Links(visit.connection, visit.now).give_out(Kind.BOARD, round)
    return visit.surroundings.link_address(Kind.BOARD, id)
