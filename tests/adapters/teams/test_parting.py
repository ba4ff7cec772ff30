"""A card that is too long for Teams comes in several messages, each of which reads as one."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.teams.parting import parts
from bot.domain.people import Language
from bot.messages import Card, Item, View
from bot.texts import Translators

ENGLISH = Translators(Path("no-catalogues-for-english"))(Language.ENGLISH)


def lengths(view: View) -> int:
    return sum(len(str(line)) for item in view.items for line in item.lines) if isinstance(view, Card) else 0


def test_the_halves_of_an_item_do_not_stand_in_one_message_under_the_same_title_twice() -> None:
    """They would fit there, as one half was parted again; two that are called differently are put together."""
    long = Item("Lund", lines=("a" * 50, "b" * 40, "c" * 10, "d", "e", "f"))
    pieces = parts(Card("Plan", items=(long, Item("Habo", lines=("g",)))), ENGLISH, lambda view: lengths(view) <= 60)
    titles = [[item.title for item in piece.items] for piece in pieces if isinstance(piece, Card)]
    assert titles == [["Lund"], ["Lund"], ["Lund", "Habo"]]
