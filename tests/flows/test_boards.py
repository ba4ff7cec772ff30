"""C2, N3c: the board as messages: complete, in order, each one message on every platform, and steady."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.adapters.slack import render as slack
from bot.adapters.teams import render as teams
from bot.domain.board import Answer, Board, Reply, Standing, board
from bot.domain.people import Language
from bot.domain.rounds import LONGEST_POST, Mode, Round, State
from bot.domain.words import Localised
from bot.flows.boards import no_longer_needed, pages
from bot.messages import Card, View
from bot.texts import plain
from tests.fixtures.seed_board import KICK_OFF, POSTS, ROLE_GROUPS
from tests.fixtures.slack_limits import problems_of_message
from tests.flows.board_scenes import LINK, NOW, ROUND, SCENES
from tests.texts.resolving import translators

Place = tuple[str, str, str]


def made(posts: Iterable[Place], shown: Round = ROUND, **rest: object) -> Board:
    answers = [
        Answer(f"a{n}", "r1", role, question, "g1", text, Standing.SHOWN, n, NOW)
        for n, (role, question, text) in enumerate(posts)
    ]
    return board(shown, Localised({"sv": "Modellkonceptet"}), answers, names={"g1": "Grupp 1"}, **rest)  # type: ignore[arg-type]


def said(card: Card, language: Language = Language.SWEDISH) -> str:
    return "\n".join(line.strip() for line in plain(card, translators(language)).splitlines())


def many(number: int, chars: int = 0) -> list[Place]:
    """Posts of the conference's own length, or of so many characters."""
    places = [(role.id, question.id) for role in ROLE_GROUPS for question in KICK_OFF.questions]
    chance = random.Random(number)
    return [
        (*chance.choice(places), f"{n} " + "å" * chars if chars else f"{n} {POSTS[n % 50][2]}") for n in range(number)
    ]


def in_order(posts: Iterable[Place]) -> list[str]:
    asked = [(part.role, heading.id) for part in made(()).parts for heading in part.headings]
    return [text for place in asked for role, question, text in posts if (role, question) == place]


def is_one_message(view: View, language: Language) -> bool:
    assert isinstance(view, Card)
    drawn = slack.messages(view, translators(language))
    return (
        len(drawn) == 1
        and problems_of_message(drawn[0]) == []
        and len(teams.activities(view, translators(language))) == 1
    )


HARD = {
    "& alone": "&" * LONGEST_POST,
    "marks": "<at>{{DATE}}" * (LONGEST_POST // 12),
    "pictures": "\N{GRINNING FACE}" * LONGEST_POST,
    "lines": "a\n" * (LONGEST_POST // 2),
    "one word": "å" * LONGEST_POST,
    "quotes": '"\\' * (LONGEST_POST // 2),
    "usual": "Ett inlägg av vanliga ord. " * (LONGEST_POST // 27),
}


@pytest.mark.parametrize(
    "posts",
    [
        pytest.param([], id="none"),
        pytest.param(list(POSTS), id="the conference"),
        pytest.param(many(1000), id="1000"),
        pytest.param(many(40, LONGEST_POST - 10), id="long ones"),
        *(pytest.param([("chefer", "stod", text)] * 4, id=name) for name, text in HARD.items()),
    ],
)
def test_N3c_each_page_is_one_message_on_every_platform_in_every_language(posts: list[Place]) -> None:
    shown = pages(made(posts, replace(ROUND, signed=True)), LINK)
    for language in Language:
        for card in shown[:3] + shown[-3:] if language is not Language.SWEDISH else shown:
            assert is_one_message(card, language)


@pytest.mark.parametrize("name", SCENES)
def test_N3c_so_is_whatever_else_is_said_of_a_board(name: str) -> None:
    assert all(is_one_message(SCENES[name], language) for language in Language)


def test_N3c_a_page_that_is_filled_without_measuring_does_not_fit() -> None:
    """The positive control: the check above sees a page that is too long for either platform."""
    shown = pages(made(many(400)), LINK)
    crammed = replace(shown[0], items=tuple(item for page in shown for item in page.items))
    assert not is_one_message(crammed, Language.SWEDISH)
    assert len(slack.messages(crammed, translators(Language.SWEDISH))) > 1
    assert len(teams.activities(crammed, translators(Language.SWEDISH))) > 1


@pytest.mark.parametrize("posts", [list(POSTS), many(1000), many(40, LONGEST_POST - 10)])
def test_N3c_every_post_stands_there_once_in_the_order_of_the_board(posts: list[Place]) -> None:
    lines = [line for card in pages(made(posts), LINK) for item in card.items for line in item.lines]
    assert [line[2:] for line in lines if isinstance(line, str)] == in_order(posts)


@pytest.mark.parametrize("name", HARD)
def test_N3c_a_post_that_has_to_be_divided_loses_nothing(name: str) -> None:
    shown = pages(made([("chefer", "stod", HARD[name])]), LINK)
    lines = [line for card in shown for item in card.items for line in item.lines if isinstance(line, str)]
    assert "".join("".join(lines).removeprefix("• ").split()) == "".join(HARD[name].split())


def test_C2_the_conference_reads_like_its_board() -> None:
    first, *rest = pages(made(POSTS), LINK)
    assert said(first).splitlines()[0] == "Tavla: Uppstartskonferensen (sida 1 av 2)"
    assert "• Politiker: Vad kan ni som politiker bidra med rent konkret?\n• Vi kan se till så att" in said(first)
    assert "• Bidra med kunskap\n• Hålla ihop och leda arbetet" in said(first)
    assert len(rest) == 1


def test_a_page_that_goes_on_repeats_its_heading() -> None:
    shown = pages(made(many(1000)), LINK)
    firsts = [said(card).splitlines()[1] for card in shown[1:]]
    assert all(first.startswith("• ") for first in firsts)
    assert sum(first.endswith("(forts.)") for first in firsts) > len(shown) // 2
    assert not any("(forts.) (forts.)" in first for first in firsts)


def test_N3c_the_pages_say_which_they_are() -> None:
    shown = pages(made(many(200)), LINK)
    assert [f"sida {n} av {len(shown)}" in said(card) for n, card in enumerate(shown, 1)] == [True] * len(shown)
    assert "sida" not in said(pages(made(()), LINK)[0])


def test_one_more_post_leaves_the_pages_before_it_as_they_are() -> None:
    """Unless there is a page more: they all say how many there are."""
    posts = many(120)
    before, kept = pages(made(posts), LINK), 0
    for place in sorted({place[:2] for place in posts}):
        after = pages(made([*posts, (*place, "Ett till")]), LINK)
        lands = next(n for n, card in enumerate(after) if any("• Ett till" in item.lines for item in card.items))
        if len(after) == len(before):
            assert after[: max(lands - 1, 0)] == before[: max(lands - 1, 0)]
            assert after[lands] != before[lands]
            kept += lands > 1
    assert kept > 2


def test_what_is_not_shown_is_told_and_nothing_of_its_words() -> None:
    answers = [
        Answer("a1", "r1", "chefer", "stod", "g1", "Shown", Standing.SHOWN, 1, NOW),
        Answer("a2", "r1", "chefer", "stod", "g1", "HELD-WORDS", Standing.HELD, 2, NOW, reason="person"),
        Answer("a3", "r1", "chefer", "stod", "g1", "HIDDEN-WORDS", Standing.HIDDEN, 3, NOW, reason="person"),
    ]
    (card,) = pages(board(ROUND, Localised({}), answers, names={}), LINK)
    assert "1 post is waiting to be looked at" in said(card, Language.ENGLISH)
    assert "1 post has been hidden" in said(card, Language.ENGLISH)
    assert "WORDS" not in said(card, Language.ENGLISH)


def test_replies_moves_and_signatures_stand_with_their_post() -> None:
    replies = (
        Reply("a1", "chefer", True, "Vi avsätter en dag i veckan", NOW),
        Reply("a1", "politiker", True, "", NOW),
        Reply("a1", "", False, "Vi återkommer", NOW),
    )
    answer = Answer("a1", "r1", "strateger", "stod", "g1", "Tid", Standing.SHOWN, 1, NOW, moved=True)
    shown = replace(ROUND, signed=True)
    (card,) = pages(board(shown, Localised({}), [answer], names={"g1": "Grupp 1"}, replies=replies), LINK)
    assert (
        "• Tid – Grupp 1\n↳ Moved here from another question\n↳ Chefer: Yes, we will – Vi avsätter en dag i veckan\n"
        "↳ Politiker: Yes, we will\n↳ The organiser: Vi återkommer"
    ) in said(card, Language.ENGLISH)


def test_N3a_sealed_answers_are_told_of_but_not_shown_before_the_round_has_closed() -> None:
    sealed = replace(ROUND, mode=Mode.SEALED)
    (card,) = pages(made(POSTS, sealed), LINK)
    assert card.items == ()
    assert "at least 5 people" in said(card, Language.ENGLISH)
    closed = pages(made([("chefer", "stod", "Tid")], replace(sealed, state=State.CLOSED)), LINK)
    assert "• Tid" in said(closed[0])
    shown = said(closed[0], Language.ENGLISH)
    assert "that takes answers from at least 5 people" in shown


def test_N3a_where_enough_have_answered_a_question_without_posts_was_left_empty_and_is_not_withheld() -> None:
    closed = replace(ROUND, mode=Mode.SEALED, state=State.CLOSED)
    managers = replace(closed, boxes=tuple(box for box in closed.boxes if box.role == "chefer"))
    (card,) = pages(made([("chefer", "stod", "Tid")], managers), LINK)
    assert "Nobody wrote anything here" in said(card, Language.ENGLISH)
    assert "that takes answers" not in said(card, Language.ENGLISH)
    (empty,) = pages(made([], managers), LINK)
    assert "Nobody wrote anything here" not in said(empty, Language.ENGLISH)
    assert "that takes answers from at least 5 people" in said(empty, Language.ENGLISH)


def test_a_page_too_many_says_where_everything_is() -> None:
    assert "no longer needed" in said(no_longer_needed(ROUND, LINK), Language.ENGLISH)
