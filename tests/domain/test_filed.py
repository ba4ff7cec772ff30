"""What was said of a meeting in chat holds when the file is loaded again, until the file itself says something new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.calendar_shift import copied
from bot.domain.changes import held_on, with_occasion
from bot.domain.filed import after_loading, amended
from bot.domain.programmes import Format, Occasion, Programme, Span
from tests.flows.samples import NOW, SINGLE, ZONE, at, words

B = SINGLE.occasion("b")
MOVED = held_on(B, (Span(at(date(2027, 3, 25), 9, 30), at(date(2027, 3, 25), 15)),), ZONE, NOW)
SAID = replace(MOVED, place=words("Teams"), link="https://teams.example.org/b", format=Format.HYBRID)


def file(**changes: Any) -> Programme:
    return with_occasion(SINGLE, replace(B, **changes))


def b(programme: Programme) -> Occasion:
    return programme.occasion("b")


@pytest.mark.parametrize("said", [SAID, replace(B, cancelled=True), replace(B, agenda=())])
def test_the_same_file_again_changes_nothing_of_what_was_said(said: Occasion) -> None:
    chat = amended(SINGLE, said)
    again = after_loading(chat, SINGLE)
    assert b(again) == said
    assert again.filed == chat.filed == (B,)
    assert after_loading(again, SINGLE) == again


def test_what_cannot_be_said_in_chat_comes_from_the_file() -> None:
    loaded = after_loading(amended(SINGLE, SAID), file(title=words("Ny titel"), capacity=7))
    assert b(loaded) == replace(SAID, title=words("Ny titel"), capacity=7)


def test_what_the_file_says_anew_holds_and_the_rest_stays_as_it_was_said() -> None:
    loaded = after_loading(amended(SINGLE, SAID), file(place=words("Rådhuset")))
    assert b(loaded) == replace(SAID, place=words("Rådhuset"))
    assert b(after_loading(loaded, file(place=words("Rådhuset")))) == b(loaded)


def test_new_days_of_the_file_bring_their_own_last_dates() -> None:
    days = (Span(at(date(2027, 4, 1), 9), at(date(2027, 4, 1), 12)),)
    loaded = b(after_loading(amended(SINGLE, SAID), file(days=days)))
    assert (loaded.days, loaded.deadline, loaded.free_until) == (days, B.deadline, B.free_until)
    assert loaded.link == SAID.link


def test_a_last_date_of_the_file_does_not_move_the_meeting_back() -> None:
    later = at(date(2027, 3, 14), 0)
    loaded = b(after_loading(amended(SINGLE, SAID), file(deadline=later)))
    assert (loaded.days, loaded.deadline) == (SAID.days, later)


def test_said_back_in_chat_the_file_decides_again() -> None:
    back = amended(amended(SINGLE, SAID), B)
    assert back.filed == ()
    assert b(after_loading(back, file(place=words("Rådhuset")))).place == words("Rådhuset")


def test_a_meeting_that_the_file_leaves_out_is_forgotten_with_what_was_said_of_it() -> None:
    without = replace(SINGLE, occasions=tuple(one for one in SINGLE.occasions if one.id != "b"))
    assert after_loading(amended(SINGLE, SAID), without) == without


def test_meetings_of_which_nothing_was_said_are_as_the_file_has_them() -> None:
    changed = with_occasion(SINGLE, replace(SINGLE.occasion("a"), link="https://zoom.example.org/new"))
    assert after_loading(amended(SINGLE, SAID), changed).occasion("a") == changed.occasion("a")


def test_a_copy_for_the_next_edition_has_no_file() -> None:
    assert copied(amended(SINGLE, SAID), "nasta", "Nästa", 364).filed == ()
