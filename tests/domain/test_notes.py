"""Lines into posts, and drafts that several people write at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notes import beginning, merged, posts_in, without
from tests.fixtures.seed_board import POSTS

LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=6))


@pytest.mark.parametrize(
    ("typed", "posts"),
    [
        ("Kunskap", ("Kunskap",)),
        ("a\n\n  b  \n", ("a", "b")),
        ("- a\n• b\n* c\n– d\n·e\n-f", ("a", "b", "c", "d", "e", "f")),
        ("1. a\n2) b\n3.c", ("a", "b", "c")),
        ("17. mai feirer vi", ("17. mai feirer vi",)),
        ("2. a\n1. b", ("2. a", "1. b")),
        ("2.5 tjänst\n3.5 tjänst", ("2.5 tjänst", "3.5 tjänst")),
        ("-5 %\n*viktigt*\n#nyckeltal", ("-5 %", "*viktigt*", "#nyckeltal")),
        ("-\n•\n \n", ()),
        ("Samma\nSamma", ("Samma", "Samma")),
        ("A\rB\r\nC", ("A", "B", "C")),
    ],
)
def test_a_line_is_a_post_without_the_sign_of_its_list(typed: str, posts: tuple[str, ...]) -> None:
    assert posts_in(typed) == posts


def test_the_fifty_posts_of_the_conference_come_through_unchanged() -> None:
    texts = tuple(text for _role, _question, text in POSTS)
    assert posts_in("\n".join(texts)) == texts


@given(LINES, LINES)
def test_of_two_drafts_no_line_is_lost(mine: list[str], theirs: list[str]) -> None:
    both = merged({"q": "\n".join(mine)}, {"q": "\n".join(theirs)}).get("q", "")
    assert {line.strip() for line in (*mine, *theirs)} - {""} <= {line.strip() for line in both.splitlines()}


@given(LINES, LINES)
def test_what_is_gone_is_all_that_goes(mine: list[str], gone: list[str]) -> None:
    left = without({"q": "\n".join(mine)}, {"q": "\n".join(gone)}).get("q", "").splitlines()
    assert left == [line for line in mine if line not in gone]


def test_merging_the_same_draft_again_changes_nothing() -> None:
    draft = {"a": "x\ny", "b": "z"}
    assert merged(draft, draft) == draft
    assert without(draft, draft) == {}


@given(LINES, st.integers(0, 30))
def test_the_beginning_is_whole_lines_that_fit(lines: list[str], most: int) -> None:
    text = "\n".join(lines)
    kept = beginning(text, most)
    assert len(kept) <= most
    assert text.startswith(kept)
    assert kept == "" or kept.split("\n") == lines[: kept.count("\n") + 1]
