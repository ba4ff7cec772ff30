"""The board where people talk: its pages in every channel of the programme, and the way to it on the web."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import count, islice, takewhile

from bot.domain.board import Board
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Round
from bot.domain.words import _
from bot.flows import boards as cards
from bot.flows import buttons
from bot.handlers import boards
from bot.handlers.groups import check_concerned, concerned
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.prompting import Circle, channel_id, key
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card
from bot.ports import Address, Surface
from storage.groups import Groups
from storage.links import Kind, Links
from storage.living import Living
from storage.rounds import Rounds
from storage.trouble import is_of_the_database

log = logging.getLogger(__name__)

_RESTS = timedelta(seconds=5)
"""How long a board rests between two edits: what many write at once is shown together."""

_MOST_TO_CHOOSE = 10


# --- In the channels --------------------------------------------------------------------------------------------------


def post(visit: Visit) -> None:
    """Let the channels show the boards that have changed. Several workers may: of two, one finds it done."""
    store = Rounds(visit.connection, visit.now)
    for changed in store.unposted(rested=_RESTS):
        if changed.programme not in visit.programmes:
            continue
        try:
            with visit.connection.begin_nested():
                _post(visit, changed.id)
        except Exception as error:
            if is_of_the_database(error):
                raise
            log.exception("a board could not be posted and is tried again", extra={"round": changed.id})
            store.rest(changed.id)


def _post(visit: Visit, id: str) -> None:
    """The lock keeps other workers out, and what is written meanwhile for the next time."""
    store = Rounds(visit.connection, visit.now)
    store.locked(id)
    board = boards.read(visit.connection, visit.now, visit.programmes, id)
    if board is None:
        return
    address = boards.address(visit, id)
    pages = cards.pages(board, address)
    shown = [_show(visit, board, channel, pages, address) for channel in _channels(visit, board.round)]
    if all(shown):
        store.posted(board.round)
    else:
        store.rest(id)


def _is_worth_showing(board: Board) -> bool:
    """Whether a channel is begun with it: when something stands there, sealed answers once the round has closed."""
    headings = (one for part in board.parts for one in part.headings)
    return not board.is_sealed and any(one.posts or one.held or one.hidden or one.rated for one in headings)


def _channels(visit: Visit, round: Round) -> tuple[Address, ...]:
    """Where discussion groups of the round talk, and what follows the programme."""
    circle = Circle(visit, round)
    return (*(channel for channel, _group in circle.group_channels.values()), *circle.channels.values())


def _show(visit: Visit, board: Board, channel: Address, pages: tuple[Card, ...], address: str) -> bool:
    """Every page in one channel; False when one of them has to be shown again."""
    living, language = Living(visit.connection, visit.outbox, visit.now), visit.language_of(channel)
    names = (key(board.round, "board", str(number), channel_id(channel)) for number in count(1))
    needed = list(islice(names, len(pages)))
    if not _is_worth_showing(board) and not living.known(needed[:1]):
        return True
    shown = [living.show(name, channel, language, page) for name, page in zip(needed, pages, strict=True)]
    empty = cards.no_longer_needed(board.round, address)
    shown += [living.show(name, channel, language, empty) for name in takewhile(lambda one: living.known([one]), names)]
    return all(shown)


# --- For one person ---------------------------------------------------------------------------------------------------


def show_board(scene: Scene, about: str) -> Outcome:
    """The way to a board, for those whom it concerns; `board` alone leads to the only one, or to a choice."""
    if not about:
        return _choice(scene)
    board = _board(scene, about)
    if board.round.organisation:
        check_concerned(scene, board.round)
    if not _concerns(scene, board.round):
        raise NotAllowed(
            _("The board is for those who take part in the programme. Register first, or ask whoever leads it.")
        )
    return Show(_way(scene, board))


def _choice(scene: Scene) -> Outcome:
    found = tuple(_boards_of(scene))
    if len(found) == 1:
        return Show(_way(scene, _board(scene, found[0].id)))
    return Show(cards.which([(one, scene.programme(one.programme)) for one in found[:_MOST_TO_CHOOSE]]))


def _boards_of(scene: Scene) -> Iterator[Round]:
    """The rounds whose boards concern the person, the newest first; what people think of meetings is found there."""
    store = Rounds(scene.visit.connection, scene.visit.now)
    rounds = (one for programme in scene.programmes for one in store.of_programme(programme.id))
    shown = (one for one in rounds if one.state in boards.HAVE_BOARD and not one.occasion)
    yield from sorted((one for one in shown if _concerns(scene, one)), key=lambda one: one.opens_at, reverse=True)


def _way(scene: Scene, board: Board) -> Card:
    """In the language that the person has chosen here, whatever their browser prefers."""
    address = f"{boards.address(scene.visit, board.round.id)}?language={scene.language.value}"
    return cards.way(board, address, coordinator=scene.coordinates)


def _board(scene: Scene, about: str) -> Board:
    visit = scene.visit
    board = boards.read(visit.connection, visit.now, visit.programmes, about)
    if board is None:
        raise Gone(_("There is no board here any more."))
    return board


def _concerns(scene: Scene, round: Round) -> bool:
    """Who takes part or coordinates, and whoever reads the channel in which the button was pressed.

    What people think of a meeting concerns coordinators alone, and one organisation's round its own people.
    """
    if round.occasion:
        return scene.coordinates
    if round.organisation:
        return concerned(scene, round)
    store = Groups(scene.visit.connection, scene.visit.now)
    here = scene.inbound.came_from
    among_them = here.surface is Surface.CHANNEL and channel_id(here) in map(channel_id, _channels(scene.visit, round))
    return among_them or scene.coordinates or scene.person.id in store.people_of_programme(round.programme)


def ask_for_new_link(scene: Scene, about: str) -> Outcome:
    return Show(cards.ask_for_new_link(_board(scene, about).round), replaces=True)


def give_new_link(scene: Scene, about: str) -> Outcome:
    """Close the links that were given out; the channels are shown the new one."""
    board, visit = _board(scene, about), scene.visit
    Links(visit.connection, visit.now).revoke(Kind.BOARD, board.round.id)
    Rounds(visit.connection, visit.now).touch(board.round.id)
    return Show(_way(scene, board), replaces=True)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.BOARD: show_board,
    cards.NEW_LINK: ask_for_new_link,
    cards.CONFIRM_NEW_LINK: give_new_link,
}
