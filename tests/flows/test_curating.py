"""Curating in pure steps: what a form makes of an entry, places in the list, and limits that agree with files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.conversation import Run
from bot.domain.faq import Age, Entry
from bot.domain.words import Localised
from bot.flows import curating, curating_form, curating_past
from bot.flows.curating import Aged, Place, Shelf, Tools, place_of
from bot.flows.curating_form import Draft, fields_of, wanted
from bot.messages import Card, Form
from config.programme_schema import ANSWER, FAQ_QUESTION, LINE
from tests.flows.curating_scenes import SMALL, TYPICAL, Room, facts
from tests.flows.samples import SINGLE
from tests.handlers.town import text


def typed(entry: Entry, language: str = "sv", **changes: str) -> Draft:
    """The form of an entry with some of its fields written anew."""
    fields: dict[str, Any] = {**fields_of(entry, language), **changes}
    return Draft(opened=entry, language=language, touched=True, **fields)


# --- What a form makes of an entry ------------------------------------------------------------------------------------


def test_a_form_in_which_nothing_is_written_changes_nothing() -> None:
    assert wanted(typed(TYPICAL), facts(TYPICAL)) == TYPICAL


def test_only_what_was_written_is_taken_over_on_top_of_what_is_there_by_now() -> None:
    now = replace(TYPICAL, edition="hösten 2027", alternates=(*TYPICAL.alternates, "lärt"), version=5)
    draft = typed(TYPICAL, answer="Inget.", alternates="va kostar de\nny")
    assert wanted(draft, facts(now)) == replace(
        now,
        answer=Localised({**TYPICAL.answer.wordings, "sv": "Inget."}),
        alternates=("va kostar de", "lärt", "ny"),
    )


def test_an_emptied_field_is_emptied() -> None:
    made = wanted(typed(TYPICAL, edition="", ends="", alternates=""), facts(TYPICAL))
    assert (made.edition, made.valid_until, made.alternates) == ("", None, ())


def test_a_way_to_ask_of_several_lines_stays_one() -> None:
    entry = replace(TYPICAL, alternates=("hej\nvad kostar det", "b"))
    draft = typed(entry, answer="Inget.")
    assert draft.alternates == "hej vad kostar det\nb"
    assert wanted(draft, facts(entry)).alternates == entry.alternates
    assert wanted(replace(draft, alternates="b"), facts(entry)).alternates == ("b",)


def test_what_was_typed_goes_through_json_and_stands_in_the_form_again() -> None:
    flow = curating_form.change
    turn = flow.begin(Run("r", Draft(opened=TYPICAL, language="nb")), facts(TYPICAL), Room())
    turn = flow.receive(turn.run, {"language": "nb"}, facts(TYPICAL), Room())
    assert isinstance(turn.view, Form)
    turn = flow.receive(turn.run, {**turn.view.values, "answer": "Ingenting."}, facts(TYPICAL), Room())
    back = flow.back(replace(turn.run, state=flow.load(flow.dump(turn.run.state))), facts(TYPICAL), Room())
    assert isinstance(back.view, Form)
    assert (back.view.values["answer"], back.view.values["question"]) == ("Ingenting.", "Hva koster det?")


def test_the_preview_is_in_the_language_that_was_written_in() -> None:
    draft = replace(typed(TYPICAL, "nb", answer="Ingenting."), seen=1)
    shown = text(curating_form.look(draft, facts(TYPICAL)))
    assert "Hva koster det?\nIngenting." in shown
    assert "answer is there in" not in shown


def test_what_holds_no_more_is_not_said_to_be_given_from_now_on() -> None:
    past = replace(facts(), age=lambda _entry: Age.PAST)
    draft = replace(typed(SMALL), opened=None, place=SINGLE.id)
    assert "from now on" not in text(curating_form.done_adding(draft, past, Room()))
    assert "from now on" in text(curating_form.done_adding(draft, facts(), Room()))


# --- The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [Place(), Place("dialog"), Place("*", retired=True), Place("", start=8)])
def test_a_place_in_the_list_is_read_as_it_was_written(place: Place) -> None:
    assert place_of(str(place)) == place


@pytest.mark.parametrize("about", ["::x", "::-1", "::٣", ":::::", "\x00", "a" * 5000])
def test_an_odd_place_is_the_beginning(about: str) -> None:
    assert place_of(about).start == 0


def test_a_participant_has_no_tools() -> None:
    shelf = Shelf(SINGLE.id, SINGLE.title, (Aged(TYPICAL, Age.CURRENT),))
    mine = curating.listing((shelf,), Place())
    theirs = curating.listing((shelf,), Place(), Tools(1, 1))
    assert not _actions(mine) - {curating.SHOW, curating.FAQ}
    assert {curating.ADD, curating.PASTE, curating.TRY, curating.PHRASINGS, curating.EDIT} <= _actions(theirs)


def _actions(card: Card) -> set[str]:
    found = [*card.buttons, *(button for item in card.items for button in item.buttons)]
    return {button.action.do for button in found if button.action is not None}


# --- What is different ------------------------------------------------------------------------------------------------


def test_only_what_is_different_is_said() -> None:
    after = replace(TYPICAL, answer=Localised({"sv": "1 200 kronor.", "nb": "Ingenting."}), alternates=("Priset?",))
    said = [(text(_card(fact.label)), fact.value) for fact in curating_past.differences(TYPICAL, after, {})]
    assert said == [
        ("The answer in bokmål, before", "1 200 kroner."),
        ("The answer in bokmål, now", "Ingenting."),
        ("Way to ask, removed", "va kostar de"),
    ]


def _card(title: Any) -> Card:
    return Card(title)


def test_the_same_is_no_difference() -> None:
    assert not list(curating_past.differences(TYPICAL, replace(TYPICAL, version=9), {}))


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_what_is_written_in_chat_has_the_limits_of_a_programmes_file() -> None:
    form = (FAQ_QUESTION.chars, ANSWER.chars, LINE.chars)
    assert form == (curating_form.LONGEST_QUESTION, curating_form.LONGEST_ANSWER, curating_form.LONGEST_WAY)
