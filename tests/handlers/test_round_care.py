"""How a round stands, for coordinators; reminders before it closes; sealed rounds; and rounds that cannot go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.rounds import QuestionSet, State
from bot.domain.workdays import Whereabouts, is_polite
from bot.flows import buttons, prompts
from bot.flows import rounds as words
from bot.handlers import boards, prompting, rounds, urns
from bot.handlers.events import Left
from bot.messages import Form
from tests.flows.samples import SINGLE
from tests.handlers import round_town
from tests.handlers.round_town import (
    MODEL,
    all_rounds,
    appointed,
    ask,
    in_group,
    known,
    labels,
    preview,
    read,
    states,
    the_round,
    visit,
    write,
)
from tests.handlers.town import Town, open_town, text

town, either_town = round_town.on_sqlite, round_town.on_both


async def card(town: Town) -> str:
    return text((await town.person("admin").press(buttons.ROUND, (await the_round(town)).id)).view)


# --- How it stands ----------------------------------------------------------------------------------------------------


async def test_the_only_group_of_a_role_that_is_named_after_it_is_not_named_twice(town: Town) -> None:
    await in_group(town, "anna", "politiker", "Politiker")
    await ask(town)
    shown = await card(town)
    assert shown.count("Politiker") == 1
    assert "1 person, 0 posts and nobody takes notes yet" in shown


async def test_progress_is_told_by_group_and_never_by_person(town: Town) -> None:
    for name, role, group in (
        ("anna", "politiker", "Nämnden"),
        ("bo", "chefer", "Ledningen"),
        ("cia", "chefer", "Två"),
    ):
        await in_group(town, name, role, group)
    await ask(town)
    await write(town, "chefer", "Ledningen", "Efterfråga resultat", "Visa engagemang")
    shown = await card(town)
    assert "Ledningen: 1 person, 2 posts and nobody takes notes yet" in shown
    assert "Nämnden: 1 person, 0 posts" in shown
    assert not [name for name in ("Anna", "Bo", "Cia") if name in shown]


async def test_C3_the_status_has_a_line_for_every_running_round(town: Town) -> None:
    await in_group(town, "anna", "politiker", "Nämnden")
    await in_group(town, "bo", "chefer", "Ledningen")
    await ask(town, closes_at="15.00")
    await write(town, "chefer", "Ledningen", "Efterfråga resultat")
    shown = text((await town.person("admin").say("status")).view)
    assert "Questions: Uppstartskonferensen" in shown
    assert "1 of 2 groups has written" in shown or "1 of 2 groups have written" in shown
    assert "2 groups have nobody who takes notes" in shown


async def test_the_status_has_no_line_for_what_is_over(town: Town) -> None:
    await ask(town)
    await town.person("admin").press(words.CONFIRM_CLOSE, (await the_round(town)).id)
    assert "Questions: Uppstartskonferensen" not in text((await town.person("admin").say("status")).view)


async def test_a_participant_sees_nothing_of_it(town: Town) -> None:
    person = await in_group(town, "anna", "politiker")
    await ask(town)
    id = (await the_round(town)).id
    for action in (buttons.ROUND, prompts.UNDO_ROUND, prompts.CLOSE_ROUND, words.CONFIRM_CLOSE, words.NUDGE_GROUPS):
        assert "Only coordinators" in text((await person.press(action, id)).view)
    assert await states(town) == [State.OPEN]


@pytest.mark.parametrize("action", [buttons.ROUND, prompts.UNDO_ROUND, prompts.CLOSE_ROUND, words.CLOSING_TIME])
async def test_a_round_that_is_not_there_is_said_to_be_gone(town: Town, action: str) -> None:
    assert "no longer here" in text((await town.person("admin").press(action, "x" * 32)).view)


# --- Reminders --------------------------------------------------------------------------------------------------------


async def test_the_groups_that_have_written_nothing_are_reminded_once_a_day(either_town: Town) -> None:
    town = either_town
    idle, busy = await in_group(town, "anna", "politiker", "Nämnden"), await in_group(town, "bo", "chefer", "Ledningen")
    await ask(town)
    await write(town, "chefer", "Ledningen", "Efterfråga resultat")
    admin, id = town.person("admin"), (await the_round(town)).id
    assert "1 group is reminded now." in text((await admin.press(words.NUDGE_GROUPS, id)).view)
    assert "Nobody was reminded" in text((await admin.press(words.NUDGE_GROUPS, id)).view)
    town.clock.move(days=1)
    await admin.press(words.NUDGE_GROUPS, id)
    await town.deliver()
    assert read(town, idle).count("Your group has not written anything") == 2
    assert "has not written anything" not in read(town, busy)


async def test_when_the_note_taker_has_left_the_others_of_the_group_are_reminded(town: Town) -> None:
    anna, bo = await in_group(town, "anna", "politiker", "Nämnden"), await in_group(town, "bo", "politiker", "Nämnden")
    await ask(town)
    admin, id = town.person("admin"), (await the_round(town)).id
    await anna.press(buttons.NOTE, id)
    await anna.send(Left())
    assert "1 group is reminded now." in text((await admin.press(words.NUDGE_GROUPS, id)).view)
    await town.deliver()
    assert "Your group has not written anything" in read(town, bo)


async def test_a_group_that_is_called_after_its_role_is_not_named_in_the_programmes_language(town: Town) -> None:
    idle, named = (
        await in_group(town, "anna", "politiker", "Politiker"),
        await in_group(town, "bo", "chefer", "Oss tre"),
    )
    await ask(town)
    await town.person("admin").press(words.NUDGE_GROUPS, (await the_round(town)).id)
    await town.deliver()
    assert "Group: Politiker" not in read(town, idle)
    assert "Group: Oss tre" in read(town, named)
    assert "You get this because you take part in" in read(town, idle)


async def tidied(town: Town, hours: int) -> None:
    """The worker's minutes, hour by hour."""
    for _hour in range(hours):
        town.clock.move(hours=1)
        await town.tick.tidy()
    await town.deliver()


async def test_before_it_closes_only_groups_without_a_word_are_reminded(town: Town) -> None:
    idle, busy = await in_group(town, "anna", "politiker", "Nämnden"), await in_group(town, "bo", "chefer", "Ledningen")
    await ask(town, closes_day="2027-01-18", closes_at="09.00")  # a Monday: the reminder comes on the Friday
    await write(town, "chefer", "Ledningen", "Efterfråga resultat")
    await tidied(town, 24 * 3)
    assert "has not written" not in read(town, idle)
    await tidied(town, 24 * 3)
    assert read(town, idle).count("Your group has not written anything") == 1
    assert "has not written" not in read(town, busy)


async def test_a_workshop_of_an_hour_reminds_nobody(town: Town) -> None:
    idle = await in_group(town, "anna", "politiker", "Nämnden")
    await ask(town, closes_at="14.00")
    for _minute in range(5):
        town.clock.move(minutes=10)
        await town.tick.tidy()
    await town.deliver()
    assert "has not written" not in read(town, idle)


async def test_everybody_in_a_sealed_round_is_reminded_once_whether_they_have_answered_or_not(town: Town) -> None:
    people = [await in_group(town, f"p{n}", "politiker") for n in range(5)]
    await ask(town, "set:egentligen", closes_day="2027-01-20", closes_at="12.00")
    await tidied(town, 24 * 9)
    for person in people:
        assert read(town, person).count("I cannot see who has.") == 1


async def test_reminders_come_in_working_hours(town: Town) -> None:
    await in_group(town, "anna", "politiker", "Nämnden")
    await ask(town, closes_day="2027-01-18", closes_at="09.00")
    came = []
    for _hour in range(24 * 6):
        town.clock.move(hours=1)
        sent = len(town.posts["sandbox"].sent)
        await town.tick.tidy()
        await town.deliver()
        came += [town.clock.at] * (len(town.posts["sandbox"].sent) - sent)
    assert came
    assert {moment.date().isoformat() for moment in came} == {"2027-01-15"}
    assert all(is_polite(moment, Whereabouts.of(MODEL.zone)) for moment in came)


# --- Sealed rounds ----------------------------------------------------------------------------------------------------


async def test_a_sealed_round_opens_only_when_enough_people_can_answer(town: Town) -> None:
    for n in range(4):
        await in_group(town, f"p{n}", "politiker")
    shown = await preview(town, "set:egentligen")
    assert "4 people can answer, and 5 are needed" in text(shown)
    assert "Choose 4 here, or let more people join first: they write “group” to me." in text(shown)
    assert await all_rounds(town) == []
    await in_group(town, "p4", "politiker")
    await town.person("admin").submit(shown)
    await ask(town, "set:egentligen")
    assert await states(town) == [State.OPEN]


async def test_with_fewer_than_three_it_says_how_more_can_join(town: Town) -> None:
    for role in ("politiker", "chefer"):
        await in_group(town, role, role)
    assert "they register, or write “group” to me." in text(await preview(town, "set:egentligen"))
    own = {"mode": "sealed", "split": "split", "title": "T", "questions": "Vad?", "look": "no"}
    details = await preview(town, "own", **own)
    assert "Or leave this role out." in text((await town.person("admin").submit(details)).view)


async def test_no_threshold_below_three_can_be_chosen(town: Town) -> None:
    for n in range(4):
        await in_group(town, f"p{n}", "politiker")
    assert "whole number from 3 to" in text(await preview(town, "set:egentligen", threshold="2"))


async def test_a_sealed_prompt_has_the_promise_and_the_way_to_answer_and_no_board(town: Town) -> None:
    people = [await in_group(town, f"p{n}", "politiker") for n in range(5)]
    await ask(town, "set:egentligen")
    assert "nobody can find out who wrote what" in read(town, people[0])
    assert await people[0].button("Answer") == buttons.answer_sealed((await the_round(town)).id).action
    assert "Take notes" not in read(town, people[0])


async def test_of_sealed_answers_coordinators_see_steps_alone(either_town: Town) -> None:
    for n in range(5):
        await in_group(either_town, f"p{n}", "politiker", "Nämnden")
    await ask(either_town, "set:egentligen")
    shown = await card(either_town)
    assert "Nämnden: 5 people" in shown
    assert "posts" not in shown
    assert "Remind the groups" not in shown


async def test_a_sealed_round_that_is_taken_back_leaves_no_urn(either_town: Town) -> None:
    for n in range(5):
        await in_group(either_town, f"p{n}", "politiker")
    await ask(either_town, "set:egentligen")
    await either_town.person("admin").press(prompts.UNDO_ROUND, (await the_round(either_town)).id)
    assert await states(either_town) == [State.WITHDRAWN]


async def test_where_too_few_answered_everybody_is_told_that_nothing_is_shown(either_town: Town) -> None:
    kim = await appointed(either_town, "kim")
    for n in range(5):
        await in_group(either_town, f"p{n}", "politiker")
    await ask(either_town, "set:egentligen")
    await kim.press(words.CONFIRM_CLOSE, (await the_round(either_town)).id)
    await either_town.deliver()
    assert "Too few answers to be shown: Everybody" in read(either_town, kim)
    assert await states(either_town) == [State.CLOSED]


async def test_all_who_were_asked_hear_where_to_read_sealed_answers_and_not_at_night(either_town: Town) -> None:
    people = [await in_group(either_town, f"p{n}", "politiker") for n in range(5)]
    await ask(either_town, "set:egentligen", closes_day="2027-01-14", closes_at="23.00")
    either_town.clock.at = (await the_round(either_town)).closes_at  # type: ignore[assignment]
    await either_town.tick.run()
    await either_town.deliver()
    assert "Closed:" not in read(either_town, people[0])
    either_town.clock.move(hours=10)  # Friday, nine o'clock
    await either_town.deliver()
    assert all(read(either_town, one).count("Closed: Egentligen") == 1 for one in people)


async def test_a_planned_sealed_round_with_too_few_people_is_given_up_and_its_planner_told(either_town: Town) -> None:
    town = either_town
    await in_group(town, "anna", "politiker")
    await ask(town, "set:egentligen", opens_day="tomorrow")
    await town.tick_at((await the_round(town)).opens_at)
    await town.tick_at(town.clock.at + timedelta(hours=1))
    assert await states(town) == [State.WITHDRAWN]
    assert read(town, town.person("admin")).count("Not asked: Egentligen") == 1


# --- When something goes wrong ----------------------------------------------------------------------------------------


async def test_a_round_that_fails_to_open_is_tried_again_and_leaves_nothing_behind(
    either_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = either_town
    person = await in_group(town, "anna", "politiker")
    await ask(town, opens_day="tomorrow")
    town.clock.at = (await the_round(town)).opens_at
    with monkeypatch.context() as broken:
        broken.setattr(prompting, "send", _broken)
        await town.tick.run()
    assert (await states(town), read(town, person)) == ([State.PLANNED], "")
    await town.tick_at(town.clock.at + timedelta(minutes=10))
    assert await states(town) == [State.OPEN]
    assert "Vad kan ni som politiker" in read(town, person)


def _broken(*_given: object) -> None:
    raise RuntimeError("a bug of ours")


async def test_a_withdrawn_round_has_no_board(town: Town) -> None:
    await in_group(town, "anna", "politiker", "Nämnden")
    await ask(town)
    await write(town, "politiker", "Nämnden", "Redan skrivet")
    id = (await the_round(town)).id
    reply = await town.person("admin").press(prompts.UNDO_ROUND, id)
    assert "is not shown anywhere" in text(reply.view)
    assert await town.read(lambda c: boards.read(c, town.clock.now(), {MODEL.id: MODEL}, id)) is None


async def test_when_the_keys_cannot_be_reached_the_round_stays_open_and_closes_later(
    either_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        await in_group(either_town, f"p{n}", "politiker")
    await ask(either_town, "set:egentligen", closes_at="15.00")
    with monkeypatch.context() as broken:
        broken.setattr(urns, "empty", _out_of_reach)
        reply = await either_town.person("admin").press(words.CONFIRM_CLOSE, (await the_round(either_town)).id)
        assert "Out of reach" in text(reply.view)
        await either_town.tick_at(either_town.clock.at + timedelta(hours=3))
    assert await states(either_town) == [State.OPEN]
    await either_town.tick_at(either_town.clock.at + timedelta(minutes=10))
    assert await states(either_town) == [State.CLOSED]


def _out_of_reach(*_given: object) -> None:
    raise urns.OutOfReach("Out of reach")


async def test_who_was_first_wins_and_the_other_learns_it(either_town: Town) -> None:
    await ask(either_town)
    found = await the_round(either_town)
    done = [await either_town.work.run(lambda c: rounds.close_round(visit(either_town, c), found)) for _ in range(2)]
    assert done == [True, False]
    assert not await either_town.work.run(lambda c: rounds.open_round(visit(either_town, c), found))


# --- Programmes of other kinds ----------------------------------------------------------------------------------------


async def test_a_programme_without_role_groups_has_one_box_for_everybody(sqlite_url: str) -> None:
    async with open_town(sqlite_url, replace(SINGLE, id=MODEL.id, title=MODEL.title)) as town:
        person = await known(town, "anna")
        await person.register(MODEL.id)
        form = (await town.person("admin").press(buttons.ASK, MODEL.id)).view
        own = {"title": "Tips", "questions": "Vad har ni provat?", "mode": "notes", "look": "no"}
        shown = (await town.person("admin").submit(form, own)).view
        shown = (await town.person("admin").submit(shown)).view
        assert "Everybody\n  Vad har ni provat?" in text(shown)
        await town.person("admin").submit(shown)
        await town.deliver()
        assert [box.role for box in (await the_round(town)).boxes] == [""]
        assert "Vad har ni provat?" in read(town, person)


async def test_a_draft_asks_nobody(sqlite_url: str) -> None:
    async with open_town(sqlite_url, replace(MODEL, draft=True)) as town:
        assert "Publish it first" in text((await town.person("admin").press(buttons.ASK, MODEL.id)).view)


async def test_with_several_programmes_one_is_chosen_first(sqlite_url: str) -> None:
    async with open_town(sqlite_url, MODEL, SINGLE) as town:
        reply = await town.person("admin").press(buttons.ASK)
        assert labels(reply) == ["Ask questions", "Ask questions"]


async def test_questions_that_were_changed_meanwhile_are_asked_as_they_are_now(town: Town) -> None:
    shown = await preview(town)
    gone: tuple[QuestionSet, ...] = MODEL.question_sets[1:]
    await town.load(replace(MODEL, question_sets=gone))
    reply = await town.person("admin").submit(shown)
    assert "no longer in the programme" in text(reply.view)
    assert await all_rounds(town) == []


async def test_a_running_round_keeps_its_words_when_the_programme_changes(town: Town) -> None:
    await ask(town)
    before = (await the_round(town)).boxes
    await town.load(replace(MODEL, question_sets=(), role_groups=()))
    assert (await the_round(town)).boxes == before
    assert not isinstance((await town.person("admin").press(buttons.ROUND, (await the_round(town)).id)).view, Form)


async def test_who_comes_when_a_round_is_open_gets_its_questions_once(either_town: Town) -> None:
    await in_group(either_town, "polly", "politiker")
    await ask(either_town)
    late = await known(either_town, "lars")
    await late.register(MODEL.id, role="politiker")
    group = f"{MODEL.id} politiker"
    for _again in range(2):
        await late.press("join_role", group)
    asked = [said for said in await late.received() if "Vad kan ni som politiker bidra med" in said]
    assert len(asked) == 1


async def test_control_nobody_is_sent_the_questions_of_another_programme(either_town: Town) -> None:
    await in_group(either_town, "polly", "politiker")
    await ask(either_town)
    await either_town.load(SINGLE)
    late = await known(either_town, "lars")
    await late.register(SINGLE.id)
    assert not [said for said in await late.received() if "politiker" in said]
