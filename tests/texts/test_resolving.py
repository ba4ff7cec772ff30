"""The watch over sentences: what it lets through and what it catches."""

from __future__ import annotations

from types import FunctionType

import pytest

from bot.domain.people import Language
from bot.domain.words import Listed, Text, _, n_
from bot.flows import occasions, welcome
from bot.messages import Card, Fact, Item, Notice
from tests.texts.resolving import UnresolvedError, problems, resolve, texts_in, watched


def test_a_view_of_ours_is_said_in_four_languages() -> None:
    said = resolve(welcome.not_understood())
    assert said[Language.SWEDISH].splitlines() == [
        "Det förstod jag inte",
        "Välj här nedanför, eller skriv ”hjälp” så ser du allt jag kan göra.",
    ]
    assert said[Language.ENGLISH].startswith("I did not understand that\n")
    assert len(set(said.values())) == 4


def test_a_sentence_without_translation_is_caught() -> None:
    with pytest.raises(UnresolvedError, match="nb lacks 'Nobody translated me'"):
        resolve(Notice(Text("Nobody translated me")))


def test_a_place_without_value_is_caught() -> None:
    with pytest.raises(UnresolvedError, match=r"\{title\} has no value"):
        resolve(Notice(Text("Tomorrow: {title}")))


def test_a_counting_sentence_with_a_new_plural_is_caught() -> None:
    changed = ("{n} seat left", "{n} places left", frozenset({"n"}))
    assert "sv: another plural: '{n} seat left'" in list(problems(changed))
    assert resolve(Notice(n_("{n} seat left", "{n} seats left", 2)))[Language.SWEDISH] == "2 platser kvar"


def test_sentences_are_found_however_deep() -> None:
    inner = _("Yes")
    deep = _("{day}: {title}", day=Listed((inner,)), title="")
    card = Card("", items=(Item("", facts=(Fact(Text("Time"), deep),)),))
    assert {text.message for text in texts_in(card)} == {"Time", "{day}: {title}", "Yes"}


def test_the_watch_catches_a_new_sentence_of_our_code() -> None:
    ours = FunctionType(compile("_('Brand new')", occasions.__file__, "eval"), {"_": _})
    with pytest.raises(UnresolvedError, match="nn lacks 'Brand new'"), watched():
        ours()


def test_the_watch_leaves_alone_what_is_translated_and_what_a_test_makes_up() -> None:
    with watched():
        assert occasions.seats_left(0)
        assert _("Made up by a test")


def test_full_is_said_where_no_seat_is_left() -> None:
    assert resolve(Notice(occasions.seats_left(0)))[Language.NYNORSK] == "fullt, venteliste"
