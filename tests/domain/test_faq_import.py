"""What storing entries that somebody brings along would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.domain.faq import COMMON, Entry, Standing, entry_id
from bot.domain.faq_import import Comparison, Difference, Given, compare, short_id
from bot.domain.words import Localised

PAGE = frozenset[str]()  # says nothing of editions and days


def entry(id: str, question: str, answer: str = "Så.", programme: str = "dialog", **rest: object) -> Entry:
    made = Entry(entry_id(programme, id), programme, Localised({"sv": question}), Localised({"sv": answer}))
    return replace(made, **rest)  # type: ignore[arg-type]


def compared(*given: Given | Entry, known: Iterable[Entry] = ()) -> Comparison:
    brought = (one if isinstance(one, Given) else Given(one) for one in given)
    return compare(brought, {one.id: one for one in known})


PRICE = entry("pris", "Vad kostar det?", alternates=("Pris?",), edition="2027", valid_until=date(2027, 6, 30))


def test_what_is_not_there_is_added_and_what_is_there_is_the_same() -> None:
    new = entry("ny", "Var äter vi?")
    found = compared(PRICE, new, known=[replace(PRICE, version=4)])
    assert found.added == (new,)
    assert [one.id for one in found.same] == [PRICE.id]
    assert not found.changed


def test_a_wording_replaces_the_one_in_its_language_only() -> None:
    norwegian = replace(PRICE, question=Localised({"nb": "Hva koster det?"}), answer=Localised({"nb": "Ingenting."}))
    (change,) = compared(norwegian, known=[PRICE]).changed
    assert change.after.question.wordings == {"sv": "Vad kostar det?", "nb": "Hva koster det?"}
    assert [(one.field, one.language) for one in change.differences] == [("question", "nb"), ("answer", "nb")]


def test_other_ways_to_ask_come_in_addition() -> None:
    (change,) = compared(replace(PRICE, alternates=("Avgift?", "Pris?")), known=[PRICE]).changed
    assert change.after.alternates == ("Pris?", "Avgift?")
    assert change.differences == (Difference("alternates", "", "Pris?", "Pris?\nAvgift?"),)


def test_a_table_that_leaves_a_day_empty_takes_it_away_and_a_page_does_not() -> None:
    bare = replace(PRICE, edition="", valid_until=None)
    assert compared(Given(bare, says=PAGE), known=[PRICE]).same == (PRICE,)
    (change,) = compared(bare, known=[PRICE]).changed
    assert (change.after.edition, change.after.valid_until) == ("", None)


def test_an_entry_without_an_id_is_the_one_that_asks_the_very_same() -> None:
    unnamed = Given(entry("vad-kostar-det", "vad kostar det", "Inget."), named=False, says=PAGE)
    (change,) = compared(unnamed, known=[PRICE]).changed
    assert (change.after.id, change.after.answer.wordings) == (PRICE.id, {"sv": "Inget."})
    assert compared(replace(unnamed, named=True), known=[PRICE]).added == (unnamed.entry,)


def test_an_entry_without_an_id_leaves_those_of_other_editions_and_programmes_alone() -> None:
    this_year = Given(entry("vad-kostar-det", "Vad kostar det?", "Inget.", edition="2028"), named=False)
    elsewhere = Given(entry("x", "Vad kostar det?", programme="annat"), named=False, says=PAGE)
    assert compared(this_year, elsewhere, known=[PRICE]).added == (this_year.entry, elsewhere.entry)


def test_an_entry_from_chat_is_found_by_the_id_it_was_exported_with() -> None:
    from_chat = replace(PRICE, id="ab12")
    exported = replace(from_chat, id=entry_id("dialog", short_id(from_chat)))
    assert compared(exported, known=[from_chat]).same == (from_chat,)
    assert compared(replace(exported, programme="annat"), known=[from_chat]).added != ()


def test_what_a_person_has_retired_stays_so() -> None:
    gone = replace(PRICE, standing=Standing.RETIRED)
    found = compared(replace(PRICE, edition="2028"), known=[gone])
    assert found == Comparison(retired=(gone,))


def test_a_new_question_much_like_another_is_named_with_it() -> None:
    like = entry("a", "Vad kostar det för oss?")
    twin = entry("b", "Kan man parkera vid lokalen?")
    found = compared(like, twin, entry("c", "Parkera vid lokalen, kan man?"), known=[PRICE])
    assert [(one.entry.id, one.other.id) for one in found.alike] == [
        ("dialog.a", "dialog.pris"),
        ("dialog.c", "dialog.b"),
    ]


def test_questions_of_other_programmes_and_retired_ones_are_not_like_any() -> None:
    gone = replace(PRICE, id="dialog.borta", standing=Standing.RETIRED)
    new = entry("a", "Vad kostar det?")
    assert compared(new, known=[gone, entry("b", "Vad kostar det?", programme="annat")]).alike == ()
    assert compared(new, known=[entry("b", "Vad kostar det?", programme=COMMON)]).alike != ()
