"""Which wording somebody gets, what the queue says of a question, and what an answer cannot overtake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation import Run
from bot.domain.words import Localised
from bot.flows import misses
from bot.flows.misses import Cluster, Owner, Queue, Reply
from bot.flows.misses_answering import Draft, Facts, Task, answering, matching, that_fit
from bot.messages import Card, Form
from tests.flows.miss_scenes import FEW, SMALL, Room, entry
from tests.flows.samples import ZONE
from tests.handlers.town import buttons, text

ALL = Localised({"sv": "I Lund.", "nb": "I Lund by.", "en": "In Lund."})
SWEDISH = Localised({"sv": "I Lund."})


@pytest.mark.parametrize(
    ("answer", "languages", "code"),
    [
        (ALL, ("nb", "sv"), "nb"),
        (ALL, ("nn", "en"), "nb"),  # either Norwegian is nearer than another language
        (ALL, ("en",), "en"),
        (SWEDISH, ("nb", "en"), "sv"),  # the original, where there is none of theirs
        (Localised({"sv": "I Lund.", "en": ""}), ("en",), "sv"),
    ],
)
def test_somebody_gets_the_wording_they_understand_or_the_original(
    answer: Localised, languages: tuple[str, ...], code: str
) -> None:
    assert misses.wording(answer, languages) == (code, answer.wordings[code])


def test_what_is_in_no_language_of_the_readers_says_which_it_is_in() -> None:
    reply = Reply("i", "Where?", SWEDISH, ("en",), "Kim")
    assert "The answer is written in Swedish." in text(misses.told(reply))
    assert "is written in" not in text(misses.told(replace(reply, languages=("en", "sv"))))


def test_an_answer_is_never_cut() -> None:
    long = "x" * 2500
    assert long in text(misses.told(Reply("i", "y" * 1000, Localised({"sv": long}), ("sv",))))


def card_of(*found: Cluster) -> Card:
    return misses.card(Queue("", ZONE, found, 0, len(found)))


@pytest.mark.parametrize(
    ("owner", "said", "to_be_taken"),
    [
        (None, "", True),
        (Owner("kim", "Kim", mine=False, away=False), "Taken on by: Kim", True),
        (Owner("kim", "Kim", mine=False, away=True), "Taken on by: Kim, who is away. Please take over.", True),
        (Owner("kim", "Kim", mine=True, away=False), "Taken on by: you", False),
    ],
)
def test_who_has_taken_a_question_on_is_shown(owner: Owner | None, said: str, *, to_be_taken: bool) -> None:
    shown = card_of(replace(FEW, owner=owner))
    assert said in text(shown)
    takes = [one.action.about for one in buttons(shown) if one.action and one.action.do == misses.TAKE]
    assert takes == ([f"{SMALL.id} :0{' kim' if owner else ''}"] if to_be_taken else [])


def test_of_many_wordings_three_are_shown_and_all_are_counted() -> None:
    shown = text(card_of(replace(FEW, others=tuple("abcdef"), languages={"sv": 9})))
    assert ("and 8 more asked much the same" in shown, shown.count("• ")) == (True, 1 + 3)  # the question, too


# --- Answering --------------------------------------------------------------------------------------------------------

BEGUN = Draft(Task.ANSWER, wording="Var?", answers={"sv": "Mitt"})
FACTS = Facts(FEW, Task.ANSWER, "sv", "Var?")


def test_in_one_language_there_is_no_form_for_others() -> None:
    begun = answering.begin(Run("r", Draft(Task.ANSWER)), FACTS, Room())
    assert isinstance(begun.view, Form)
    shown = answering.receive(begun.run, {**begun.view.values, "answers.sv": "I Lund."}, FACTS, Room())
    assert shown.run.step == "look"


def test_what_was_typed_survives_a_round_trip_and_comes_back_when_somebody_was_first() -> None:
    begun = answering.begin(Run("r", answering.load(answering.dump(BEGUN))), FACTS, Room())
    late = replace(FACTS, task=Task.CORRECT, stands=SWEDISH, by="Kim")
    typed = {"wording": "Var?", "answers.sv": "Mitt", "keep": "programme", "agenda": "no"}
    shown = answering.receive(begun.run, typed, late, Room()).view
    assert isinstance(shown, Form)
    assert "Kim has answered this meanwhile" in text(shown)
    assert shown.values["answers.sv"] == "Mitt"


def test_what_was_written_in_other_languages_can_be_copied_when_somebody_was_first() -> None:
    both = replace(BEGUN, answers={"sv": "Mitt", "nb": "Mitt på bokmål"})
    late = replace(FACTS, task=None)
    shown = answering.begin(Run("r", both), late, Room()).view
    assert "In bokmål: Mitt på bokmål" in text(shown)
    assert "Mitt på bokmål" not in text(answering.begin(Run("r", both), FACTS, Room()).view)


def test_a_choice_of_entries_has_as_many_as_a_form_has_room_for() -> None:
    assert len(that_fit([entry(n) for n in range(300)])) == 100
    assert len(that_fit([entry(n, "x" * 200) for n in range(300)])) == 60
    assert that_fit([]) == ()


def test_the_flows_have_names_that_stay() -> None:
    assert (answering.name, matching.name) == (misses.ANSWER, misses.MATCH)
