"""Every view of a vote, from small, typical and extreme facts: `SCENES` is name → view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.board import Answer, Board, Standing, board
from bot.domain.rounds import LONGEST_POST, Round
from bot.flows import boards, note_taking, voting
from bot.messages import View
from config.question_schema import MOST_VOTES
from tests.fixtures.seed_board import POSTS
from tests.flows import board_scenes
from tests.flows.samples import NOW, ZONE

_ID = "0123456789abcdef0123456789abcdef"
_ROUND = replace(board_scenes.ROUND, id=_ID, votes=3)
_EXTREME = replace(_ROUND, title=board_scenes.LONG, votes=MOST_VOTES)


def _board(about: Round, texts: list[str]) -> Board:
    """A post under one question after the other."""
    places = [(box.role, asked.id) for box in about.boxes for asked in box.questions] * len(texts)
    answers = [
        Answer(f"{n:032}", _ID, box, question, "g1", text, Standing.SHOWN, n, NOW)
        for n, ((box, question), text) in enumerate(zip(places, texts, strict=False))
    ]
    return board(about, board_scenes.LONG, answers, names={}, votes={answer.id: 7 for answer in answers})


def _scenes() -> Iterator[tuple[str, View]]:
    typical = _board(_ROUND, [text for _box, _question, text in POSTS])
    longest = _board(_EXTREME, [(board_scenes.HOSTILE * 20)[:LONGEST_POST]] * 60)
    first = longest.parts[1].headings[1].posts[0].id
    yield "nothing yet", voting.ballot(voting.Ballot(_board(_ROUND, []), ()))
    yield "typical", voting.ballot(voting.Ballot(typical, (f"{0:032}",)))
    yield "typical, all given", voting.ballot(voting.Ballot(typical, tuple(f"{n:032}" for n in range(3))))
    yield "extreme", voting.ballot(voting.Ballot(longest, (first,), first))
    for number, page in enumerate(boards.pages(typical, board_scenes.LINK)):
        yield f"board with a vote, page {number}", page
    for size, about in (("typical", _ROUND), ("extreme", _EXTREME)):
        open_one = note_taking.OpenRound(about, about.title, ZONE)
        yield f"open to you, {size}", note_taking.open_rounds([open_one] * 12)


SCENES = dict(_scenes())
