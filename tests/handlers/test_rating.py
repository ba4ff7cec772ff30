"""Self-assessment, each for themselves: rated form by form, sealed, and only ever counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot import keys
from bot.domain.rounds import Asked, Box
from bot.domain.rules import NOTHING
from bot.flows import boards as drawn
from bot.flows import rating, sealing
from bot.handlers import boards, ratings
from bot.handlers.visit import Visit
from bot.messages import Card, ChoiceField, Form
from storage.tables import answers, deliveries, metadata, outbox, runs, sealed, tallies
from tests.flows.samples import words
from tests.handlers.rated import AREAS, COMMENT, SCALE, STATEMENTS, all_of, counts, rate, rated, send
from tests.handlers.test_urns import elsewhere
from tests.handlers.town import Person, Town, at_once, text
from tests.handlers.urn_scenes import (
    NAMES,
    board,
    by_role,
    closed,
    form_of,
    opened,
    swept,
    texts_on_board,
    together,
    visiting,
)

# --- The forms --------------------------------------------------------------------------------------------------------


async def test_S1_statements_are_rated_in_forms_that_can_be_overlooked(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town, rated())
    form = await form_of(anna)
    assert [field.name for field in form.fields] == [f"q.q{n}" for n in range(6)]
    said = text(form)
    assert "Ledning: Påstående 0" in said
    assert "Part 1 of 2." in said
    assert "what is kept is how many have chosen each of them, never who" in said
    assert "Tänk efter." in said
    second = (await send(anna, form, all_of("4"))).view
    assert isinstance(second, Form)
    assert [field.name for field in second.fields] == [f"q.q{n}" for n in range(6, 12)]
    assert "Part 2 of 2." in text(second)


async def test_S1_whoever_stops_in_the_middle_goes_on_there_weeks_later_in_another_process(town: Town) -> None:
    anna, *_ = await together(town, *NAMES)
    await opened(town, rated(closes_at=None))
    await send(anna, await form_of(anna), all_of("4"))
    town.clock.move(days=21)
    async with elsewhere(anna) as there:
        form = await form_of(there)
        assert "Part 2 of 2." in text(form)
        assert "Your answer is sealed" in text((await send(there, form, all_of("2"))).view)
        whole = await form_of(there)
        assert {whole.values[f"q.q{n}"] for n in range(6)} == {"4"}
    assert await town.count(sealed) == 1


async def test_S1_one_can_go_back_and_change(small_town: Town) -> None:
    people = await together(small_town, *NAMES[:3])
    await opened(small_town, rated())
    for person in people:
        await rate(person, all_of("4"))
    first = await form_of(people[0])
    second = (await send(people[0], first, {"q0": "1"})).view
    assert isinstance(second, Form)
    assert second.can_go_back
    back = (await people[0].back(second)).view
    assert isinstance(back, Form)
    assert (back.values["q.q0"], back.values["q.q1"], "Part 1 of 2." in text(back)) == ("1", "4", True)
    await closed(small_town)
    assert (await counts(small_town))["", "q0"] == {1: 1, 4: 2}


async def test_two_forms_sent_at_the_same_moment_on_two_connections_are_both_kept(town: Town) -> None:
    people = await together(town, *NAMES[:3])
    await opened(town, rated())
    for person in people[1:]:
        await rate(person, all_of("3"))
    first = await form_of(people[0])
    second = (await send(people[0], first, {})).view
    async with elsewhere(people[0]) as there:
        assert isinstance(second, Form)
        await at_once(send(people[0], first, all_of("5")), send(there, second, all_of("5")))
    await closed(town)
    assert await counts(town) == {("", f"q{n}"): {3: 2, 5: 1} for n in range(12)}


async def test_the_same_form_sent_three_times_counts_once(town: Town) -> None:
    people = await together(town, *NAMES[:3])
    await opened(town, rated("r1", *STATEMENTS[:3]))
    form = await form_of(people[0])
    for _ in range(3):
        await send(people[0], form, all_of("2"))
    for person in people[1:]:
        await rate(person, all_of("3"))
    await closed(town)
    assert (await counts(town))["", "q0"] == {2: 1, 3: 2}


async def test_everything_can_be_taken_back_until_the_round_closes(town: Town) -> None:
    anna, bodil, *_ = await together(town, *NAMES)
    await opened(town, rated())
    assert "take_back" not in [field.name for field in (await form_of(anna)).fields]
    await rate(anna, all_of("5"))
    form = await form_of(anna)
    reply = await anna.submit(form, {"take_back": ("take_back",)})
    assert "Your answer is taken back" in text(reply.view)
    assert await town.count(sealed) == 0
    assert "Nothing was sent" in text((await rate(bodil, {})).view)


async def test_do_not_know_is_stored_as_nothing(town: Town) -> None:
    people = await together(town, *NAMES[:4])
    await opened(town, rated("r1", *STATEMENTS[:3]))
    for person in people:
        await rate(person, {"q0": rating.DONT_KNOW, "q1": "1", "q2": "2" if person is not people[0] else "none"})
    await closed(town)
    assert await counts(town) == {("", "q1"): {1: 4}, ("", "q2"): {2: 3}}


async def test_the_word_for_not_knowing_is_a_word_like_any_other_where_people_write(small_town: Town) -> None:
    people = await together(small_town, *NAMES[:3])
    await opened(small_town, rated("r1", COMMENT))
    for person in people:
        await rate(person, {"mer": rating.DONT_KNOW})
    await closed(small_town)
    assert await texts_on_board(small_town, "mer") == {rating.DONT_KNOW}


@pytest.mark.parametrize("value", ["6", "0", "-1", "abc", "3.5", "٣", "3 "])
async def test_what_is_not_on_the_scale_is_refused(small_town: Town, value: str) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town, rated())
    view = (await send(anna, await form_of(anna), {"q0": value})).view
    assert isinstance(view, Form)
    assert (set(view.errors), view.values["q.q0"]) == ({"q.q0"}, "")
    assert await small_town.count(sealed) == 0


@pytest.mark.parametrize("page", ["99", "-1", "x", "1:1", "", "٣", "100000000000000000000"])
async def test_a_made_up_page_does_no_harm(small_town: Town, page: str) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town, rated())
    await rate(anna, all_of("5"))
    reply = await anna.submit(Form("", token=f"sealed.r1.write:{page}"), {"q.q0": "1"})
    assert reply.view is not None
    assert "went wrong" not in text(reply.view)


async def test_a_round_that_closes_between_two_forms_gives_back_what_was_chosen(small_town: Town) -> None:
    people = await together(small_town, *NAMES[:3])
    await opened(small_town, rated())
    for person in people:
        await send(person, await form_of(person), all_of("4"))
    second = await form_of(people[0])
    await closed(small_town)
    view = (await send(people[0], second, {"q6": "1"})).view
    assert isinstance(view, Form)
    assert ("closed before this arrived" in text(view), view.values["q.q6"]) == (True, "1")
    assert set(await counts(small_town)) == {("", f"q{n}") for n in range(6)}, "what was sealed counts"


async def test_forty_ratings_fit_into_a_box_and_a_text_beside_them_is_refused_politely(small_town: Town) -> None:
    many = tuple(replace(STATEMENTS[0], id=f"{'x' * 47}{n}", area="") for n in range(10, 50))
    texts = tuple(Asked(f"t{n}", words(f"Text {n}?")) for n in range(3))
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town, rated("r1", *many, *texts))
    assert "Your answer is sealed" in text((await rate(anna, {one.id: "4" for one in many})).view)
    view = (await rate(anna, {**{one.id: "4" for one in many}, **{one.id: "å" * 600 for one in texts}})).view
    assert isinstance(view, Form)
    assert "With the other parts this is a little too long" in text(view)
    boxes = await small_town.read(lambda connection: connection.execute(select(sealed.c.box)).scalars().all())
    assert [len(box) for box in boxes] == [12 + keys.ROOM + 16]


async def test_only_words_are_looked_through_for_names(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town, rated("r1", *STATEMENTS[:3], COMMENT))
    view = (await rate(anna, {"q0": "3", "mer": "Fråga anna@example.org"})).view
    assert isinstance(view, Card), "looked at once more, and then sent"
    first = await form_of(anna)
    look = (await send(anna, first, {"mer": "Ring 070-123 45 67"})).view
    assert isinstance(look, Form)
    assert (look.token.endswith(sealing.LOOK), look.values["q.q0"]) == (True, "3")
    assert isinstance((await send(anna, first, {"mer": "", "q0": "1"})).view, Card)


# --- What is kept -----------------------------------------------------------------------------------------------------


async def test_C7_when_the_round_has_closed_there_are_numbers_and_nothing_else(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town, rated("r1", *STATEMENTS[:3], COMMENT))
    for n, person in enumerate(people):
        await rate(person, {"q0": str(1 + n % 5), "q1": "4", "mer": "Mer tid"})
    assert await closed(town) == frozenset()
    assert await counts(town) == {("", "q0"): {1: 2, 2: 1, 3: 1, 4: 1, 5: 1}, ("", "q1"): {4: 6}}
    assert {one.question for one in await board(town)} == {"mer"}
    assert await town.count(sealed) == 0


async def test_C7_below_the_threshold_nothing_is_stored_anywhere(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town, rated())
    for person in people[:2]:
        await rate(person, all_of("5"))
    assert await closed(town) == frozenset({""})
    assert (await town.count(tallies), await town.count(answers), await town.count(sealed)) == (0, 0, 0)


async def test_C7_one_more_person_shows_all(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town, rated())
    for person in people[:3]:
        await rate(person, all_of("5"))
    assert await closed(town) == frozenset()
    assert await counts(town) == {("", f"q{n}"): {5: 3} for n in range(12)}


async def test_C7_a_statement_that_too_few_have_rated_is_not_stored_although_enough_have_answered(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town, rated("r1", *STATEMENTS[:2]))
    for n, person in enumerate(people):
        await rate(person, {"q0": "5", "q1": "1"} if n < 2 else {"q0": "5"})
    await closed(town)
    assert await counts(town) == {("", "q0"): {5: 6}}


async def test_C7_each_box_has_a_threshold_of_its_own(town: Town) -> None:
    chefer = await together(town, *NAMES[:3], role="chefer")
    politiker = await together(town, *NAMES[3:], role="politiker")
    boxes = tuple(replace(box, questions=STATEMENTS[:2]) for box in by_role("chefer", "politiker"))
    await opened(town, rated(boxes=boxes))
    for person in (*chefer, *politiker[:2]):
        await rate(person, all_of("2"))
    assert await closed(town) == frozenset({"politiker"})
    assert await counts(town) == {("chefer", "q0"): {2: 3}, ("chefer", "q1"): {2: 3}}


def _all_of_them(box: Box, sent: Iterable[Mapping[str, str]], _least: int) -> Iterable[tuple[str, Mapping[int, int]]]:
    return ((one.id, ratings._counted(one, (a[one.id] for a in sent if one.id in a))) for one in box.questions)


async def test_control_a_count_that_forgets_the_threshold_is_noticed(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratings, "_enough", _all_of_them)
    with pytest.raises(AssertionError):
        await test_C7_a_statement_that_too_few_have_rated_is_not_stored_although_enough_have_answered(small_town)


async def test_a_closing_that_is_tried_again_counts_once(town: Town) -> None:
    people = await together(town, *NAMES[:3])
    await opened(town, rated("r1", *STATEMENTS[:1]))
    for person in people:
        await rate(person, all_of("2"))
    await at_once(closed(town), closed(town))
    assert await counts(town) == {("", "q0"): {2: 3}}


async def test_no_row_that_names_anybody_is_written_when_somebody_rates(town: Town) -> None:
    anna, *_ = await together(town, *NAMES)
    await opened(town, rated())
    before = await town.contents(deliveries, outbox, runs)
    await rate(anna, all_of("3"))
    await anna.back(await form_of(anna))
    assert await town.contents(deliveries, outbox, runs) == before


async def test_what_each_has_rated_is_nowhere_once_the_round_has_closed(town: Town) -> None:
    """Somebody whose ratings are like nobody else's: they are in no row, one beside the other."""
    people = await together(town, *NAMES)
    await opened(town, rated("r1", *(replace(one, scale=replace(SCALE, least=10, most=19)) for one in STATEMENTS[:3])))
    for n, person in enumerate(people):
        await rate(person, {"q0": str(10 + n), "q1": str(11 + n), "q2": str(12 + n)})
    await closed(town)
    await swept(town)
    rows = await town.contents(*(one for one in metadata.sorted_tables if one.name not in ("rounds", "programmes")))
    kept = [row for name, found in rows.items() for row in found if name == "tallies"]
    assert len(kept) == 18
    assert {row[-1] for row in kept} == {1}, "one for each value: whose, no row says"
    others = str({name: found for name, found in rows.items() if name != "tallies"})
    assert not any(f'"q0": "{10 + n}"' in others for n in range(len(people)))


async def test_the_board_says_how_many_have_rated_and_what_is_withheld(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town, rated("r1", *STATEMENTS[:2]))
    for n, person in enumerate(people):
        await rate(person, {"q0": "5", "q1": "1"} if n < 2 else {"q0": "5"})
    await closed(small_town)
    shown = await visiting(small_town, _pages)
    assert "6 people have rated this" in shown
    assert shown.count("that takes answers from at least 3 people") == 1


def _pages(visit: Visit) -> str:
    found = boards.read(visit.connection, visit.now, visit.programmes, "r1")
    assert found is not None
    return "".join(text(page) for page in drawn.pages(found, "https://example.org"))


async def test_the_preview_of_the_first_form_is_what_everybody_in_the_box_reads(small_town: Town) -> None:
    _anna, bodil, *_ = await together(small_town, *NAMES)
    await opened(small_town, rated(boxes=(Box("", NOTHING, STATEMENTS[:2]),)))
    form = await form_of(bodil)
    (first, second) = form.fields
    assert isinstance(first, ChoiceField)
    assert [option.value for option in first.options] == ["1", "2", "3", "4", "5", rating.DONT_KNOW]
    assert (first.required, second.hint) == (False, words("Tänk efter."))
    assert AREAS[0].name in first.label.values.values()


async def test_A2b_whoever_asks_what_is_stored_is_told_of_numbers(small_town: Town) -> None:
    people: list[Person] = await together(small_town, *NAMES)
    await opened(small_town, rated())
    assert "Only the numbers are kept, and only where at least 3" in text((await people[0].press("stored", "r1")).view)
    await closed(small_town)
    assert "Only the numbers are kept" in text((await people[0].press("stored", "r1")).view)
