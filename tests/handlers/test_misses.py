"""Questions that no entry answers: the matter, the queue, who takes one on, and what is put aside."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.people import Role
from bot.domain.words import Localised
from bot.flows import matters, misses
from storage.faq import Entries
from storage.inquiries import Misses as Store
from storage.tables import matters as matter_rows
from storage.tables import misses as miss_rows
from tests.flows.samples import FREE, SINGLE
from tests.handlers import questions as towns
from tests.handlers.questions import Questions
from tests.handlers.test_matters import FRIDAY, away, heard, tidy
from tests.handlers.town import at_once, buttons, second_process, text
from tests.handlers.workshop import labels

OPEN = (matter_rows.c.kind == "misses", matter_rows.c.closed_at.is_(None))
here, small = towns.on_both, towns.on_sqlite


# --- The matter -------------------------------------------------------------------------------------------------------


async def test_C8_several_questions_are_one_matter_that_tells_how_many(here: Questions) -> None:
    for question in ("Var är det?", "Vad kostar det?", "Får jag ta med en kollega?"):
        await here.ask(question)
        await tidy(here.town)
    assert await here.town.count(matter_rows, *OPEN) == 1
    (told,) = heard(here.town, here.admin)
    assert "1 question waits for an answer" in told
    assert "3 questions wait for an answer" in text((await here.admin.say("status")).view)


async def test_the_matter_is_over_when_nothing_waits_and_rings_again_for_the_next_question(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await tidy(here.town)
    await here.admin.press(misses.DISMISS, f"{miss} :0")
    assert await here.town.count(matter_rows, *OPEN) == 0
    await here.ask("Vad kostar det?")
    await tidy(here.town)
    assert await here.town.count(matter_rows, *OPEN) == 1
    assert len(heard(here.town, here.admin)) == 2


async def test_what_is_about_no_programme_is_told_by_its_matter_and_after_done_by_a_line(small: Questions) -> None:
    await small.ask("Var är det?", programme="")
    status = (await small.admin.say("status")).view
    assert text(status).count("1 question waits for an answer") == 1
    assert status is not None
    done = next(one.action for one in buttons(status) if one.action and one.action.do == matters.DONE_IN_STATUS)
    after = await small.admin.press(done.do, done.about)
    assert "About no programme in particular." in text(after.view)


async def test_each_programme_has_its_own_matter(small: Questions) -> None:
    for programme in (SINGLE.id, FREE.id, ""):
        await small.ask("Var är det?", programme=programme)
    assert await small.town.count(matter_rows, *OPEN) == 3
    shown = text((await small.admin.say("status")).view)
    assert shown.count("1 question waits for an answer") == 5  # the matters, and where each programme stands


async def test_two_questions_at_once_are_both_counted(here: Questions) -> None:
    await at_once(here.ask("Var är det?", who="ann"), here.ask("Vad kostar det?", who="bo"))
    shown = text((await here.admin.say("status")).view)
    assert shown.count("2 questions wait for an answer") == 2  # the matter, and how the programme stands


async def test_two_last_questions_put_aside_at_once_leave_no_matter(here: Questions) -> None:
    first, second = await here.ask("Var är det?"), await here.ask("Vad kostar det?")
    lo = await here.coordinator("lo")
    async with second_process(here.town) as other:
        lo.reception = other
        await at_once(here.admin.press(misses.DISMISS, f"{first} :0"), lo.press(misses.DISMISS, f"{second} :0"))
    assert await here.town.count(miss_rows, miss_rows.c.state == "open") == 0
    assert await here.town.count(matter_rows, *OPEN) == 0


async def test_C8b_nothing_is_lost_when_the_coordinator_is_away(here: Questions) -> None:
    kim, dee = await here.coordinator("kim"), await here.coordinator("dee", role=Role.PARTICIPANT)
    await away(here.town, kim, here.town.clock.at + timedelta(days=30), deputy=dee)
    await here.ask("Var är det?")
    await tidy(here.town)
    assert [len(heard(here.town, one)) for one in (kim, dee)] == [0, 1]
    answer = await dee.press(misses.QUEUE)
    assert "Var är det?" in text(answer.view)


async def test_C3a_after_two_working_days_it_goes_to_the_deputy_too(here: Questions) -> None:
    kim, dee = await here.coordinator("kim"), await here.coordinator("dee", role=Role.PARTICIPANT)
    await away(here.town, kim, here.town.clock.at, deputy=dee)  # back at once
    here.town.clock.at = FRIDAY
    await here.ask("Var är det?")
    await tidy(here.town, until=datetime(2027, 1, 18, 13, tzinfo=FRIDAY.tzinfo))
    assert heard(here.town, dee) == []
    await tidy(here.town, until=datetime(2027, 1, 19, 14, tzinfo=FRIDAY.tzinfo))
    (told,) = heard(here.town, dee)
    assert "This has waited for more than two working days." in told


# --- The queue --------------------------------------------------------------------------------------------------------


async def test_C8_the_queue_shows_what_was_asked_by_how_many_and_in_which_languages(small: Questions) -> None:
    miss = await small.ask("Var är det?", contact="Kursadministrationen")
    await small.ask("Hvor er det?", who="bo", language="nb", joins=miss, named=True)
    await small.ask("var är det", who="cia", joins=miss)
    shown = text((await small.admin.say("obesvarade")).view)
    for part in ("Var är det?", "and 2 more asked much the same", "• Hvor er det?", "Swedish (2) and bokmål"):
        assert part in shown
    assert ("Kursadministrationen" in shown, "Asked by: Bo" in shown, "Cia" in shown) == (True, True, False)
    assert "• var är det" not in shown


async def test_the_oldest_come_first_six_on_a_page(small: Questions) -> None:
    for number in range(8):
        await small.ask(f"Fråga nummer {number}?")
        small.town.clock.move(minutes=1)
    first = await small.admin.press(misses.QUEUE, SINGLE.id)
    assert ("1–6 of 8" in text(first.view), "nummer 0" in text(first.view), first.replaces) == (True, True, False)
    second = await small.admin.press(misses.QUEUE, f"{SINGLE.id}:6")
    assert ("7–8 of 8" in text(second.view), "nummer 6" in text(second.view), second.replaces) == (True, True, True)
    beyond = await small.admin.press(misses.QUEUE, f"{SINGLE.id}:600")
    assert "7–8 of 8" in text(beyond.view)


async def test_an_empty_queue_says_so(small: Questions) -> None:
    assert "No question waits for an answer" in text((await small.admin.press(misses.QUEUE)).view)


async def test_a_programme_that_is_gone_says_so(small: Questions) -> None:
    assert "no longer here" in text((await small.admin.press(misses.QUEUE, "x")).view)


@pytest.mark.parametrize("do", [misses.TAKE, misses.DISMISS, misses.REOPEN, misses.RIGHT, misses.ANSWER, misses.MATCH])
async def test_a_question_that_is_gone_says_so(small: Questions, do: str) -> None:
    assert "no longer there" in text((await small.admin.press(do, "x dialog:0")).view)


# --- Taking one on ----------------------------------------------------------------------------------------------------


async def test_C8b_who_takes_a_question_on_is_shown_and_others_can_take_over(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    lo = await here.coordinator("lo")
    mine = await here.admin.press(misses.TAKE, f"{miss} :0")
    assert "You have taken this on" in text(mine.view)
    assert ("Taken on by: you" in text(mine.view), "I take this on" in labels(mine)) == (True, False)
    theirs = await lo.press(misses.QUEUE)
    assert "Taken on by: Admin" in text(theirs.view)
    await lo.press(misses.TAKE, f"{miss} :0 {await here.id(here.admin)}")
    assert (await here.miss(miss)).owner == await here.id(lo)
    assert await here.town.count(matter_rows, *OPEN) == 1


async def test_of_two_who_take_the_same_at_once_the_second_one_is_told(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    lo = await here.coordinator("lo")
    async with second_process(here.town) as other:
        lo.reception = other
        both = await at_once(here.admin.press(misses.TAKE, f"{miss} :0"), lo.press(misses.TAKE, f"{miss} :0"))
    said = [text(one.view) for one in both]
    assert sum("You have taken this on" in one for one in said) == 1
    assert sum("has just taken this on" in one for one in said) == 1


async def test_whoever_took_it_and_is_away_is_shown_to_be(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    lo = await small.coordinator("lo")
    await lo.press(misses.TAKE, f"{miss} :0")
    await away(small.town, lo, small.town.clock.at + timedelta(days=9))
    shown = await small.admin.press(misses.QUEUE)
    assert "Lo, who is away. Please take over." in text(shown.view)
    assert "I take this on" in labels(shown)


async def test_the_asker_sees_that_somebody_is_seeing_to_it(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    await small.admin.press(misses.TAKE, f"{miss} :0")
    assert "It is with Admin, and you usually get the answer by" in text(
        (await small.town.person("ann").say("my questions")).view
    )


# --- Nothing to answer ------------------------------------------------------------------------------------------------


async def test_what_is_put_aside_can_be_brought_back(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    gone = await here.admin.press(misses.DISMISS, f"{miss} {SINGLE.id}:0")
    assert "No question waits" in text(gone.view)
    assert "Undo" in labels(gone)
    back = await here.admin.press(misses.REOPEN, f"{miss} {SINGLE.id}:0")
    assert ("It is back" in text(back.view), "Var är det?" in text(back.view)) == (True, True)
    assert await here.town.count(matter_rows, *OPEN) == 1
    again = await here.admin.press(misses.REOPEN, f"{miss} {SINGLE.id}:0")
    assert "Somebody else has seen to this meanwhile." in text(again.view)


async def test_who_asked_what_is_put_aside_hears_of_it_once_it_is_no_slip_any_more(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    gone = await here.admin.press(misses.DISMISS, f"{miss} {SINGLE.id}:0")
    assert "1 person who asked is told in ten minutes." in text(gone.view)
    assert not put_aside(await here.town.person("ann").received())
    here.town.clock.move(minutes=10)
    assert len(put_aside(await here.town.person("ann").received())) == 1


async def test_what_was_a_slip_is_told_to_nobody_and_told_when_it_is_none_after_all(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    for do in (misses.DISMISS, misses.REOPEN):
        await here.admin.press(do, f"{miss} {SINGLE.id}:0")
    here.town.clock.move(minutes=10)
    assert not put_aside(await here.town.person("ann").received())
    await here.admin.press(misses.DISMISS, f"{miss} {SINGLE.id}:0")
    here.town.clock.move(minutes=10)
    assert len(put_aside(await here.town.person("ann").received())) == 1


def put_aside(said: list[str]) -> list[str]:
    return [one for one in said if "Your question has been put aside" in one]


async def test_what_was_seen_to_meanwhile_is_not_seen_to_again(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    await small.admin.press(misses.DISMISS, f"{miss} :0")
    for do in (misses.TAKE, misses.DISMISS, misses.RIGHT):
        assert "Somebody else has seen to this meanwhile." in text((await small.admin.press(do, f"{miss} :0")).view)
    assert (await small.miss(miss)).owner == ""


# --- An answer in doubt -----------------------------------------------------------------------------------------------


async def test_C8c_three_who_were_not_helped_put_an_answer_into_the_queue_with_their_reasons(here: Questions) -> None:
    entry = await here.entry("Var är det?", "I Lund.")
    for who, reason in (("ann", "Vilken sal?"), ("bo", ""), ("cia", "Fel ort")):
        await here.not_helped(entry, "Var är salen?", who=who, reason=reason)
    assert await here.town.count(matter_rows, *OPEN) == 1
    shown = await here.admin.press(misses.QUEUE)
    for part in ("Is this answer right? Var är det?", "I Lund.", "did not help 3 people", "Vilken sal?", "Fel ort"):
        assert part in text(shown.view)
    assert {"Change the answer", "The answer is right"} <= set(labels(shown))
    assert "Nothing to answer" not in labels(shown)


async def test_two_are_not_enough_and_a_fourth_joins_the_others(here: Questions) -> None:
    entry = await here.entry("Var är det?", "I Lund.")
    for number in range(4):
        await here.not_helped(entry, "Var?", who=f"p{number}")
        assert await here.town.count(miss_rows) == (1 if number > 1 else 0)
    assert "did not help 4 people" in text((await here.admin.press(misses.QUEUE)).view)


async def test_an_answer_that_is_right_stays_and_is_counted_anew(here: Questions) -> None:
    entry = await here.entry("Var är det?", "I Lund.")
    for who in ("ann", "bo", "cia"):
        await here.not_helped(entry, "Var?", who=who)
    (miss,) = await here.town.read(lambda c: Store(c, here.town.clock.now()).open_ones())
    shown = await here.admin.press(misses.RIGHT, f"{miss.id} :0")
    assert "The answer stays as it is." in text(shown.view)
    now = await here.town.read(lambda c: Entries(c, here.town.clock.now()).get(entry))
    assert now is not None
    assert (now.version, now.answer) == (2, Localised({"sv": "I Lund."}))
    await here.not_helped(entry, "Var?", who="dan")
    assert await here.town.count(miss_rows, miss_rows.c.state == "open") == 0


async def test_a_doubt_begins_once_however_many_say_so_at_once(here: Questions) -> None:
    entry = await here.entry("Var är det?", "I Lund.")
    for who in ("ann", "bo", "cia"):
        await here.not_helped(entry, "Var?", who=who, doubts=False)

    async def say() -> None:
        await here.town.work.run(lambda connection: here.put_in_doubt(connection, entry))

    await at_once(*(say() for _ in range(4)))
    assert await here.town.count(miss_rows) == 1


async def test_who_waits_for_a_human_already_goes_on_waiting_there(small: Questions) -> None:
    entry = await small.entry("Var är det?", "I Lund.")
    elsewhere = [await small.not_helped(entry, "Var?", who=who, doubts=False) for who in ("ann", "bo", "cia")]
    own = await small.town.work.run(
        lambda c: [Store(c, small.town.clock.now()).open(one).id for one in small.read(c, elsewhere)]
    )
    await small.town.work.run(lambda connection: small.put_in_doubt(connection, entry))
    now = await small.town.read(lambda c: [one.miss for one in small.read(c, elsewhere)])
    assert now == own
    assert "did not help 3 people" in text((await small.admin.press(misses.QUEUE)).view)


async def test_a_retired_entry_is_in_doubt_no_more_but_its_askers_still_wait(small: Questions) -> None:
    entry = await small.entry("Var är det?", "I Lund.")
    for who in ("ann", "bo", "cia"):
        await small.not_helped(entry, "Var är salen?", who=who)
    await small.town.work.run(lambda c: Entries(c, small.town.clock.now()).retire(entry))
    shown = await small.admin.press(misses.QUEUE)
    assert ("Is this answer right?" in text(shown.view), "Var är salen?" in text(shown.view)) == (False, True)
    assert "Answer" in labels(shown)


# --- Who may ----------------------------------------------------------------------------------------------------------

ALL = (misses.QUEUE, misses.TAKE, misses.DISMISS, misses.REOPEN, misses.RIGHT)


async def test_the_queue_is_for_coordinators(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    before = await small.town.contents(miss_rows)
    for do in (*ALL, misses.ANSWER, misses.CORRECT, misses.MATCH):
        assert "Only coordinators" in text((await small.town.person("ann").press(do, f"{miss} :0")).view)
    assert await small.town.contents(miss_rows) == before


async def test_the_same_press_twice_is_one(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    first = await here.admin.press(misses.DISMISS, f"{miss} :0", delivery="once")
    second = await here.admin.press(misses.DISMISS, f"{miss} :0", delivery="once")
    assert text(first.view) == text(second.view)
