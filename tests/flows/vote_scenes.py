"""Every view of a vote, from small, typical and extreme facts: `SCENES` is name → view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation import Run
from bot.domain.board import Answer, Board, Standing, board
from bot.domain.plans import PlanRow
from bot.domain.programmes import Programme
from bot.domain.rounds import LONGEST_POST, Round
from bot.flows import boards, note_taking, proposals, voting
from bot.messages import View
from config.question_schema import MOST_VOTES
from tests.fixtures.seed_board import POSTS
from tests.flows import board_scenes
from tests.flows.round_scenes import TYPICAL
from tests.flows.samples import LUND, NOW, ZONE

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
    for size, about in (("typical", _ROUND), ("extreme", _EXTREME)):
        yield f"invitation, {size}", voting.invitation(about)
    yield "nothing yet", voting.ballot(voting.Ballot(_board(_ROUND, []), ()))
    yield "typical", voting.ballot(voting.Ballot(typical, (f"{0:032}",)))
    yield "typical, all given", voting.ballot(voting.Ballot(typical, tuple(f"{n:032}" for n in range(3))))
    yield "extreme", voting.ballot(voting.Ballot(longest, (first,), first))
    for number, page in enumerate(boards.pages(typical, board_scenes.LINK)):
        yield f"board with a vote, page {number}", page
    for size, about in (("typical", _ROUND), ("extreme", _EXTREME)):
        open_one = note_taking.OpenRound(about, about.title, ZONE)
        yield f"open to you, {size}", note_taking.open_rounds([open_one] * 12)
    yield from _proposals("typical", typical, TYPICAL)
    yield from _proposals("extreme", longest, TYPICAL)


class _Maker:
    def put_into_plan(self, post: str, organisation_key: str) -> PlanRow:
        return _ROW


_ROW = PlanRow("p1", TYPICAL.id, LUND.key, LUND.name, (board_scenes.HOSTILE * 20)[:LONGEST_POST], "", "a")


def _proposals(size: str, shown: Board, programme: Programme) -> Iterator[tuple[str, View]]:
    """What most want to begin with, for readers who may put it into no plan, into one, and into many."""
    first, second, third = (one.id for one in proposals.ranked(shown, {})[:3])
    many = {f"SE-{n}": "Region Jämtland Härjedalen " * 4 for n in range(61)}
    plans = {first: many, second: dict(list(many.items())[:3]), third: {LUND.key: LUND.name}}
    ranked = proposals.ranked(shown, plans)
    for name, keys in (("nobody’s", {}), ("one", {LUND.key: LUND.name}), ("many", many)):
        seen = proposals.Seen(shown.round, programme, ranked, keys)
        yield f"proposals, {size}, {name} plan", proposals.card(seen)
        yield f"proposals, {size}, {name} plan, last", proposals.card(seen, ranked[-1].id)
    yield f"proposals, {size}, none", proposals.card(proposals.Seen(shown.round, programme, (), many))
    for keys in (dict(list(many.items())[:60]), many):
        facts = proposals.Facts(ranked[0], programme, keys)
        turn = proposals.flow.begin(Run("r", proposals.Choice(first)), facts, _Maker())
        yield f"proposals, {size}, whose of {len(keys)}", turn.view
        wrong = proposals.flow.receive(turn.run, {"organisation": "Ingenstans"}, facts, _Maker())
        yield f"proposals, {size}, whose of {len(keys)}, unknown", wrong.view
    yield f"proposals, {size}, put", proposals.put_into_plan(programme, _ROW)


SCENES = dict(_scenes())
