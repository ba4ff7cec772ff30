"""Every view of a board in a channel, from small, typical and extreme facts: `SCENES` is name → view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.board import Answer, Reply, Standing, board
from bot.domain.rounds import LONGEST_POST, Asked, Box, Mode, RoleWords, Round, State, boxes
from bot.domain.words import Localised
from bot.flows import boards
from bot.flows.moderation import POLICY
from bot.messages import View
from tests.fixtures.seed_board import KICK_OFF, POSTS, ROLE_GROUPS

NOW = datetime(2026, 12, 8, 9, tzinfo=UTC)
LINK = "https://lartraff.example.org/board/" + "0" * 32 + "-" + "x" * 43
ROUND = Round(
    "r1",
    "modell",
    KICK_OFF.title,
    boxes(KICK_OFF, [RoleWords(group.id, group.name, group.called) for group in ROLE_GROUPS]),
    Mode.NOTES,
    NOW,
    state=State.OPEN,
)
LONG = Localised(dict.fromkeys(("sv", "nb", "nn", "en"), "Hur går det med arbetet? " * 11))
HOSTILE = '<!channel> <at>alla</at> {{DATE()}} [här](https://evil.example) *fet* & "&amp;" \N{GRINNING FACE}\n- rad\n'


def _posts(*posts: tuple[str, str, str], moved: bool = False) -> tuple[Answer, ...]:
    return tuple(
        Answer(f"a{n}", "r1", role, question, "g1", text, Standing.SHOWN, n, NOW, moved=moved)
        for n, (role, question, text) in enumerate(posts)
    )


def _of(shown: Round, *answers: Answer, **more: object) -> tuple[View, ...]:
    made = board(shown, Localised({"sv": "Modellkonceptet"}), answers, names={"g1": "Grupp 1 " * 12}, **more)  # type: ignore[arg-type]
    return boards.pages(made, LINK)


def _extreme() -> tuple[View, ...]:
    """All that can stand beside a post, as long as it may be."""
    asked = (Asked("q", LONG, supplied=(Localised({"sv": HOSTILE}),) * 3),)
    shown = replace(ROUND, title=LONG, boxes=(Box("a", LONG, asked), Box("b", LONG, asked)), signed=True)
    answers = _posts(*(("a", "q", (HOSTILE * 20)[:LONGEST_POST]) for _ in range(8)), moved=True)
    held = (Answer("h", "r1", "b", "q", "g1", "h", Standing.HELD, 90, NOW, reason="personal"),)
    hidden = (Answer(one, "r1", "b", "q", "g1", "h", Standing.HIDDEN, 91, NOW, reason=one) for one in POLICY)
    replies = [
        Reply(f"a{n}", box, accepted, text, NOW)
        for n in range(8)
        for box, accepted, text in (("b", True, HOSTILE * 5), ("", False, "Ja & nej"), ("a", True, ""))
    ]
    votes = {f"a{n}": n for n in range(8)}
    return _of(shown, *answers, *held, *hidden, replies=replies, votes=votes)


def _scenes() -> Iterator[tuple[str, View]]:
    closed, sealed = replace(ROUND, state=State.CLOSED), replace(ROUND, mode=Mode.SEALED)
    sets = {
        "open, empty": _of(ROUND),
        "closed, empty": _of(closed),
        "sealed": _of(sealed, *_posts(*POSTS)),
        "sealed, too few": _of(replace(sealed, state=State.CLOSED)),
        "conference": _of(ROUND, *_posts(*POSTS)),
        "extreme": (_extreme()[0], _extreme()[-1]),
    }
    for name, pages in sets.items():
        for number, page in enumerate(pages, 1):
            yield f"{name} {number}", page
    yield "no longer needed", boards.no_longer_needed(ROUND, LINK)
    made = board(ROUND, Localised({"sv": "Modellkonceptet"}), _posts(*POSTS), names={})
    yield "way", boards.way(made, LINK, coordinator=False)
    yield "way, coordinator", boards.way(replace(made, round=replace(ROUND, title=LONG)), LINK, coordinator=True)
    yield "new link", boards.ask_for_new_link(ROUND)


SCENES: Mapping[str, View] = dict(_scenes())
