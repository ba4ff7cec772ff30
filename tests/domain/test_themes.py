"""Themes: the words of the conference's board are counted as people count them, and no more is made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.themes import Theme, themes
from tests.fixtures.seed_board import POSTS, WORDINGS

SAID = tuple((role, text) for role, _question, text in POSTS)
FOUND = themes(SAID, WORDINGS.values())


def with_word(word: str, found: tuple[Theme, ...] = FOUND) -> Theme:
    (theme,) = [one for one in found if word in one.words]
    return theme


@pytest.mark.parametrize(
    ("words", "posts"),
    [
        (("tillsammans", "sammanhållning", "hålla ihop"), 5),
        (("kunskap", "kunskaper", "sakkunskap"), 5),
        (("statistik", "nyckeltal", "nulägesbild", "nulägesanalys"), 4),
        (("resurser", "resurssätter"), 3),
        (("resultat",), 3),
        (("kommunikation", "kommunikativt", "kommuniceras"), 3),
        (("processen", "processledning", "processledarskapet"), 5),
    ],
)
def test_the_themes_that_people_counted_on_the_board(words: tuple[str, ...], posts: int) -> None:
    found = {with_word(word) for word in words}
    assert [theme.count for theme in found] == [posts]


def test_a_theme_tells_who_says_it_where_and_of_how_many_posts() -> None:
    theme = with_word("nyckeltal")
    assert theme.roles == ("politiker", "chefer", "strateger")
    assert all(any(word in SAID[number][1].casefold() for word in theme.words) for number in theme.posts)
    assert theme.looked_at == 50


def test_the_most_common_come_first_and_nothing_that_fewer_than_three_posts_say() -> None:
    counts = [theme.count for theme in FOUND]
    assert counts == sorted(counts, reverse=True)
    assert min(counts) == 3


def test_a_post_that_repeats_itself_counts_once() -> None:
    assert themes([("a", "Resultat, resultat, resultat!")]) == ()


def test_the_words_of_the_question_are_no_theme() -> None:
    said = [("a", "Vi bidrar med mandat"), ("b", "Bidra med mandat"), ("c", "bidra: mandat")]
    assert [theme.words for theme in themes(said, ["Vad kan ni bidra med?"])] == [("mandat",)]
    assert len(themes(said)) == 2


def test_municipalities_are_not_communication() -> None:
    said = [("a", "kommuner"), ("a", "kommunen"), ("a", "kommunikation"), ("a", "alla kommuner")]
    (theme,) = themes(said)
    assert theme.posts == (0, 1, 3)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (("Mer ressurser", "Ressursene må på plass", "ressurs"), "ressurs"),
        (("Kunnskap om mål", "Kunnskapen finst", "fagkunnskap"), "kunnskap"),
        (("Leiinga må ta ansvar", "ansvaret ligg hos oss", "Ansvar!"), "ansvar"),
        (("A clear mandate", "mandates differ", "We lack a mandate"), "mandate"),
    ],
)
def test_the_other_languages_are_counted_too(said: tuple[str, ...], word: str) -> None:
    assert with_word(word, themes([("a", text) for text in said])).count == 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=60)), max_size=12))
def test_whatever_is_written_themes_are_counted_within_the_posts(said: list[tuple[str, str]]) -> None:
    for theme in themes(said):
        assert 3 <= theme.count <= len(said) == theme.looked_at
        assert theme.words
