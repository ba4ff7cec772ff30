"""What becomes of typed words before a flow sees them: every one stays, and apart from the next."""

from __future__ import annotations

import unicodedata

import pytest

from bot import conversation
from bot.conversation import clean

SPACES = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Zs"] + ["\t"]


@pytest.mark.parametrize("space", SPACES, ids=lambda one: f"U+{ord(one):04X}")
def test_whatever_space_stands_in_a_number_it_stays_one_number_in_two_parts(space: str) -> None:
    for long in (False, True):
        assert clean(f"24{space}000 kr{space}", long=long) == "24 000 kr"


def test_lines_stay_lines_and_what_cannot_be_seen_goes() -> None:
    assert clean("a\u00a0b\r\nc\u0000\u001f\ufeff\ud800d\u202e", long=True) == "a b\ncd"
    assert clean("a\u00a0\u00a0b\r\nc") == "a b c"


def test_control_without_the_look_at_spaces_two_numbers_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "_BLANKS", {})
    assert clean("24\u00a0000") == "24000"
