"""Answers that people give each for themselves: sealed until the round closes, then nobody's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.board import Standing
from bot.handlers.inbound import Reception
from bot.handlers.regretting import wants_it_back
from bot.handlers.visit import Visit
from bot.messages import Card, Form
from storage.groups import Groups
from storage.tables import inquiries, metadata, outbox, sealed
from storage.unit_of_work import unit_of_work
from tests.flows.samples import FREE
from tests.handlers.town import Person, Town, at_once, buttons, text
from tests.handlers.urn_scenes import (
    NAMES,
    all_answer,
    answer,
    board,
    by_role,
    closed,
    form_of,
    opened,
    round_of,
    texts_on_board,
    together,
    visiting,
)

# --- Answering --------------------------------------------------------------------------------------------------------


async def test_P5_the_form_says_before_anything_is_written_what_is_promised_and_what_is_not(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    said = text(await form_of(anna))
    assert "without your name" in said
    assert "After Wednesday 13 January 2027 at 12:00" in said
    assert "Fewer answers than 3? Then nobody is shown any of them." in said
    assert "Nobody can protect you from this" in said
    assert "Vad hindrar er?" in said


async def test_P5_what_was_sent_is_shown_when_the_round_has_closed_and_not_before(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people, hjalp="Mer tid")
    assert await board(town) == []
    assert await closed(town) == frozenset()
    assert await texts_on_board(town) == {f"Hinder, säger {name[0]}" for name in NAMES}
    assert len(await board(town)) == 2 * len(NAMES)


async def test_P5_the_thanks_are_for_the_person_alone_and_go_into_no_message(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    before = await small_town.count(outbox)
    reply = await answer(anna, "Tiden")
    assert "Thank you! Your answer is sealed" in text(reply.view)
    assert await small_town.count(outbox) == before


async def test_an_answer_of_several_lines_stays_one_answer(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    for person in people:
        await answer(person, "Tid\noch pengar")
    await closed(small_town)
    assert [one.text for one in await board(small_town)] == ["Tid\noch pengar"] * len(NAMES)


async def test_what_was_sent_can_be_read_and_changed_until_the_round_closes(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people)
    form = await form_of(people[0])
    assert form.values == {"q.hinder": "Hinder, säger a"}
    await people[0].submit(form, {"q.hinder": "Något annat"})
    assert await town.count(sealed) == len(NAMES)
    await closed(town)
    assert "Något annat" in await texts_on_board(town)
    assert "Hinder, säger a" not in await texts_on_board(town)


async def test_nobody_else_sees_what_somebody_has_sent(small_town: Town) -> None:
    anna, bodil, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    await answer(anna, "Annas hinder")
    assert (await form_of(bodil)).values == {}


async def test_an_emptied_form_takes_the_answer_back(town: Town) -> None:
    anna, bodil, *_ = await together(town, *NAMES)
    await opened(town)
    await answer(anna, "Tiden")
    assert "Your answer is taken back" in text((await answer(anna)).view)
    assert "Nothing was sent" in text((await answer(bodil)).view)
    assert await town.count(sealed) == 0


async def test_a_person_answers_once_however_often_the_same_submit_comes(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    form = await form_of(people[0])
    for _ in range(3):
        await people[0].submit(form, {"q.hinder": "En gång"}, delivery="the-same")
    await all_answer(people[1:])
    await closed(town)
    assert [one.text for one in await board(town)].count("En gång") == 1


@asynccontextmanager
async def elsewhere(person: Person) -> AsyncIterator[Person]:
    """The same person as another process, with the same folder of keys, meets them."""
    town = person.town
    work = unit_of_work(town.url)
    try:
        yield replace(person, reception=Reception(work, town.clock, town.surroundings, lambda: None))
    finally:
        await work.close()


async def test_twenty_submits_at_once_on_two_connections_leave_one_answer(town: Town) -> None:
    anna, *_ = await together(town, *NAMES)
    await opened(town)
    form = await form_of(anna)
    async with elsewhere(anna) as there:
        await at_once(*(one.submit(form, {"q.hinder": f"Svar {n}"}) for n, one in enumerate([anna, there] * 10)))
    assert await town.count(sealed) == 1


async def test_a_restart_between_two_submits_changes_nothing(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people)
    async with elsewhere(people[0]) as there:
        assert (await form_of(there)).values == {"q.hinder": "Hinder, säger a"}


# --- What is refused --------------------------------------------------------------------------------------------------


async def test_somebody_who_does_not_take_part_is_told_kindly(small_town: Town) -> None:
    await together(small_town, *NAMES)
    await opened(small_town)
    stranger = small_town.person("stranger")
    assert "put to others" in text((await stranger.press("seal", "r1")).view)


async def test_in_a_round_by_role_everybody_gets_the_questions_of_their_own_role(town: Town) -> None:
    chefer = await together(town, *NAMES[:3], role="chefer")
    politiker = await together(town, *NAMES[3:], role="politiker")
    await opened(town, round_of(boxes=by_role("chefer", "politiker")))
    await all_answer(chefer)
    await answer(politiker[0], "Ensam")
    assert await closed(town) == frozenset({"politiker"})
    assert {one.box for one in await board(town)} == {"chefer"}


async def test_who_moves_to_another_role_answers_there_instead_and_counts_once(town: Town) -> None:
    await together(town, *NAMES[3:], role="politiker")
    anna, *_others = await together(town, *NAMES[:3], role="chefer")
    await opened(town, round_of(boxes=by_role("chefer", "politiker")))
    await answer(anna, "Som chef")
    town.clock.move(minutes=1)
    await together(town, "anna", role="politiker")
    await answer(anna, "Som politiker")
    assert await town.count(sealed) == 1
    await answer(anna)
    assert await town.count(sealed) == 0


async def test_a_round_that_has_closed_gives_the_words_back(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    form = await form_of(people[0])
    await closed(town)
    view = (await people[0].submit(form, {"q.hinder": "För sent"})).view
    assert isinstance(view, Form)
    assert view.values["q.hinder"] == "För sent"
    assert "closed before this arrived" in text(view)
    assert "This round is closed" in text((await people[0].press("seal", "r1")).view)


async def test_closing_at_the_very_moment_of_a_submit_loses_nothing_silently(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people[:4])
    form = await form_of(people[4])
    reply, _ = await at_once(people[4].submit(form, {"q.hinder": "I sista stund"}), closed(town))
    shown = "I sista stund" in await texts_on_board(town)
    assert shown == isinstance(reply.view, Card)
    assert await town.count(sealed) == 0


@pytest.mark.parametrize("token", ["sealed..", "sealed.r1", "sealed.none.write", "sealed.r1.\0write", "sealed.r1.x.y"])
async def test_a_made_up_token_is_answered_and_harms_nothing(small_town: Town, token: str) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    reply = await anna.submit(Form("x", token=token), {"q.hinder": "x"})
    assert reply.view is not None
    assert "Something went wrong" not in text(reply.view)


async def test_all_of_unicode_comes_back_as_it_was_written(small_town: Town) -> None:
    people = await together(small_town, *NAMES[:3])
    await opened(small_town)
    written = "Ärligt: 🏳️‍🌈 ɐ 中文 ’citat’"
    for person in people:
        await answer(person, written)
    await closed(small_town)
    assert await texts_on_board(small_town) == {written}


async def test_what_is_too_long_for_a_box_is_refused_with_every_word_in_place(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    long = "\N{CJK UNIFIED IDEOGRAPH-4E2D}" * 900
    view = (await answer(anna, long, long)).view
    assert isinstance(view, Form)
    assert "leave out about" in text(view)
    assert view.values == {"q.hinder": long, "q.hjalp": long}
    assert await small_town.count(sealed) == 0
    assert "Thank you" in text((await answer(anna, long, "a" * 1000)).view)


async def test_a_box_is_always_of_the_same_length(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    for n, person in enumerate(people):
        await answer(person, "x" * (1 + 150 * n))
    boxes = await small_town.read(lambda connection: connection.execute(select(sealed.c.box)).scalars().all())
    assert {len(box) for box in boxes} == {12 + 4096 + 16}


async def test_P5b_what_names_somebody_comes_back_once_and_is_held_when_it_is_sent_anyway(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    view = (await answer(people[0], "Fråga anna@example.org om det")).view
    assert isinstance(view, Form)
    assert "anna@example.org" in text(view)
    assert await small_town.count(sealed) == 0
    assert "Thank you" in text((await people[0].submit(view)).view)
    await all_answer(people[1:])
    await closed(small_town)
    held = [one for one in await board(small_town) if one.standing is Standing.HELD]
    assert [one.text for one in held] == ["Fråga anna@example.org om det"]


async def test_in_a_moderated_round_a_coordinator_looks_at_everything_after_the_shuffle(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town, round_of(moderated=True))
    assert "A coordinator looks at them" in text(await form_of(people[0]))
    await all_answer(people)
    await closed(small_town)
    assert {one.standing for one in await board(small_town)} == {Standing.HELD}


# --- In chat ----------------------------------------------------------------------------------------------------------


async def test_P5a_an_answer_typed_in_chat_is_not_kept_and_the_form_is_offered(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    reply = await anna.say("Det som hindrar oss är att ingen har tid")
    assert isinstance(reply.view, Card)
    assert "I have not kept it" in text(reply.view)
    assert "workplace’s own log" in text(reply.view)
    assert [str(button.action) for button in buttons(reply.view)] == ["typed_question", "ask_human", "seal r1"]
    kept = await small_town.contents(*metadata.sorted_tables)
    assert "ingen har tid" not in str(kept)


@pytest.mark.parametrize("said", ["ta tillbaka", "ångra mitt svar", "kan jeg endre svaret mitt?", "take it back"])
async def test_P5a_whoever_regrets_an_answer_gets_the_way_to_it(small_town: Town, said: str) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    view = (await anna.say(said)).view
    assert isinstance(view, Card)
    assert "Change it, or take it back." in text(view)
    assert [str(button.action) for button in buttons(view)] == ["seal r1"]
    assert await small_town.count(inquiries) == 0


def test_a_long_text_is_perhaps_an_answer_itself() -> None:
    short = "jag vill ta bort mitt svar"
    assert wants_it_back(short)
    assert not wants_it_back(f"{short} om ledningen, som jag skrev när jag var arg på dem allihop i onsdags")


async def test_where_nothing_is_open_an_answer_to_take_back_is_a_question_as_any_other(small_town: Town) -> None:
    """The positive control."""
    anna, *_ = await together(small_town, *NAMES)
    assert "take it back." not in text((await anna.say("ta tillbaka mitt svar")).view)


async def test_where_nothing_is_open_a_sentence_is_a_question(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    reply = text((await anna.say("Ledningen lyssnar aldrig på personalen")).view)
    assert "Was that an answer?" not in reply
    assert await small_town.count(inquiries) == 1


@pytest.mark.parametrize(("said", "is_an_answer"), [("Vad bra!", True), ("inget", True), ("Tack för det!", False)])
async def test_P5a_praise_may_be_an_answer_that_was_typed_and_thanks_is_none(
    small_town: Town, said: str, is_an_answer: bool
) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    reply = text((await anna.say(said)).view)
    assert ("Was that an answer?" in reply, "You are welcome!" in reply) == (is_an_answer, not is_an_answer)


async def test_P5a_while_a_round_is_open_a_sure_answer_is_given_and_what_was_typed_is_not_kept(
    small_town: Town,
) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    assert "next meeting" in text((await anna.say("när är nästa lärträff?")).view)
    assert await small_town.read(lambda c: c.execute(select(inquiries.c.text)).scalars().all()) == [""]
    assert "Was that an answer?" in text((await anna.say("Ledningen lyssnar aldrig på personalen")).view)
    assert await small_town.count(inquiries) == 1


@pytest.mark.parametrize("how", [{"in_window": False}, {"opens_forms": False}])
async def test_where_no_window_can_open_there_is_a_button_and_nothing_that_was_sent(
    small_town: Town, how: dict[str, bool]
) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    form = await form_of(anna)
    await anna.submit(form, {"q.hinder": "HEMLIGT"})
    reply = await anna.press("seal", "r1", **how)
    assert isinstance(reply.view, Card)
    assert "window of its own" in text(reply.view)
    assert "HEMLIGT" not in text(reply.view)


async def test_the_button_of_a_round_that_is_over_leads_on_to_what_is_open_now(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await opened(small_town)
    await closed(small_town)
    on = "answer"
    assert on not in {one.action.do for one in buttons((await anna.press("seal", "r1")).view) if one.action}
    await opened(small_town, replace(round_of(), id="r2"))
    over = (await anna.press("seal", "r1")).view
    assert "This round is closed" in text(over)
    assert on in {one.action.do for one in buttons(over) if one.action}


async def test_whoever_answered_and_is_asked_no_longer_can_still_change_it_and_take_it_back(small_town: Town) -> None:
    anna, *others = await together(small_town, *NAMES)
    await opened(small_town)
    for person in (anna, *others):
        await answer(person, "Tiden")
    await leave_the_group(small_town, anna)
    again = (await anna.press("seal", "r1")).view
    assert isinstance(again, Form)
    assert "Tiden" in again.values.values()
    await answer(anna)
    assert await small_town.count(sealed) == len(others)
    assert "put to others" in text((await anna.press("seal", "r1")).view)


async def leave_the_group(town: Town, person: Person) -> None:
    def act(visit: Visit) -> None:
        store, me = Groups(visit.connection, visit.now), visit.people.present(person.actor) or ""
        for group in store.of_person(FREE.id, me):
            store.leave(group.id, me)

    await visiting(town, act)


async def test_whoever_was_never_asked_is_not_let_in(small_town: Town) -> None:
    await together(small_town, *NAMES)
    await opened(small_town)
    assert not isinstance((await small_town.person("eve").press("seal", "r1")).view, Form)
