"""An answer that was not right: taken down where it was sent and where it is kept, and the question waits again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.faq import MissState, Standing
from bot.domain.words import Localised
from bot.flows import misses
from bot.handlers import misses_taken_down
from bot.messages import Form
from storage.faq import Entries
from storage.inquiries import Misses
from storage.tables import matters
from tests.flows.samples import FREE
from tests.handlers import questions as towns
from tests.handlers.answering import LUND, OPEN, answer, entries, told
from tests.handlers.questions import Questions
from tests.handlers.test_misses_corrected import correct
from tests.handlers.town import at_once, buttons, second_process, text

here, small = towns.on_both, towns.on_sqlite


async def take_down(here: Questions, miss: str) -> str:
    shown = text((await here.admin.press(misses.CONFIRM_TAKE_DOWN, f"{miss} :0")).view)
    await here.town.deliver()
    return shown


async def edits(here: Questions, platform: str = "sandbox") -> list[str]:
    """What stands by now where an answer stood."""
    await here.town.deliver()
    return [text(view) for _reference, view in here.town.posts[platform].updated]


async def matched(here: Questions, entry: str, asked: str) -> str:
    miss = await here.ask(asked)
    form = (await here.admin.press(misses.MATCH, miss)).view
    shown = (await here.admin.submit(form, {"entry": entry})).view
    assert isinstance(shown, Form)
    await here.admin.submit(shown)
    return miss


async def test_C8a_an_answer_taken_down_is_gone_where_it_was_sent_and_the_question_waits(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await here.ask("Var då?", who="bo", platform="teams", joins=miss)
    await answer(here, miss)
    assert "in 2 messages too" in await take_down(here, miss)
    for platform, asked in (("sandbox", "Var är det?"), ("teams", "Var då?")):
        (now,) = await edits(here, platform)
        assert (LUND in now, "has been taken down" in now, asked in now) == (False, True, True)
    assert (await here.miss(miss)).state is MissState.OPEN
    assert await here.town.count(matters, *OPEN) == 1
    assert "Var är det?" in text((await here.admin.press(misses.QUEUE)).view)
    assert LUND not in text((await here.town.person("ann").say("my questions")).view)


async def test_C8a_whoever_was_given_the_same_entry_hears_it_too(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    (entry,) = await entries(here)
    other = await matched(here, entry, "Vilken stad?")
    assert "in 2 messages too" in await take_down(here, miss)
    assert {(await here.miss(one)).state for one in (miss, other)} == {MissState.OPEN}
    assert sum("has been taken down" in one for one in await edits(here)) == 2


async def test_where_an_answer_for_all_programmes_was_given_coordinators_are_asked_again(small: Questions) -> None:
    miss = await small.ask("Var är det?", programme="")
    await answer(small, miss)
    (entry,) = await entries(small)
    other = await matched(small, entry, "Vilken stad?")
    assert await small.town.count(matters, *OPEN) == 0
    await take_down(small, miss)
    assert (await small.miss(other)).state is MissState.OPEN
    assert await small.town.count(matters, *OPEN) == 2


async def test_a_matched_question_goes_alone_and_leaves_the_entry_to_the_others(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    (entry,) = await entries(here)
    other = await matched(here, entry, "Vilken stad?")
    await take_down(here, other)
    assert ((await here.miss(miss)).state, (await here.miss(other)).state) == (MissState.ANSWERED, MissState.OPEN)
    assert (await entries(here))[entry].standing is Standing.LIVE


async def test_a_new_answer_reaches_the_same_people_and_is_the_one_that_is_kept(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    await take_down(here, miss)
    await answer(here, miss, "I Malmö.")
    first, new = await told(here, "ann")
    assert (LUND in first, "I Malmö." in new, "corrected" in new) == (True, True, False)
    assert len(await edits(here)) == 1
    (entry,) = (await entries(here)).values()
    assert (entry.standing, entry.answer.wordings) == (Standing.LIVE, {"en": "I Malmö."})


async def test_a_corrected_answer_is_taken_down_in_every_message(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    await correct(here, miss, "I Malmö.")
    await here.town.deliver()
    await take_down(here, miss)
    assert ["has been taken down" in one for one in await edits(here)] == [True, True]


async def test_nobody_else_is_given_an_answer_that_was_taken_down(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    asked = (await here.admin.press(misses.TAKE_DOWN, f"{miss} :0")).view
    assert "is no longer in use" in text(asked)
    assert [one.standing for one in (await entries(here)).values()] == [Standing.LIVE]  # it only asks
    await take_down(here, miss)
    assert [one.standing for one in (await entries(here)).values()] == [Standing.RETIRED]


async def test_an_entry_that_was_there_before_stays_and_forgets_these_words(here: Questions) -> None:
    entry = await here.entry("Var är träffen?", LUND, alternates=("Vilken plats?",))
    miss = await matched(here, entry, "Var äter vi?")
    assert (await entries(here))[entry].alternates == ("Vilken plats?", "Var äter vi?")
    assert "was there before and stays" in text((await here.admin.press(misses.TAKE_DOWN, f"{miss} :0")).view)
    await take_down(here, miss)
    kept = (await entries(here))[entry]
    assert (kept.standing, kept.alternates) == (Standing.LIVE, ("Vilken plats?",))


async def test_what_stood_in_doubt_and_was_written_anew_is_no_longer_in_use_either(here: Questions) -> None:
    entry = await here.entry("Var är det?", "I Lund.")
    for who in ("ann", "bo", "cia"):
        await here.not_helped(entry, "Vilken sal?", who=who)
    (miss,) = await here.town.read(lambda c: Misses(c, here.town.clock.now()).open_ones())
    form = (await here.admin.press(misses.ANSWER, miss.id)).view
    await here.admin.submit((await here.admin.submit(form, {"answers.sv": "Fel sal."})).view)
    assert "in 3 messages too" in await take_down(here, miss.id)
    assert (await entries(here))[entry].standing is Standing.RETIRED
    queue = text((await here.admin.press(misses.QUEUE)).view)
    assert ("Vilken sal?" in queue, "Is this answer right?" in queue) == (True, False)


async def test_what_a_coordinator_has_written_anew_since_is_left_alone(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    await answer(small, miss)
    (entry,) = (await entries(small)).values()
    theirs = Localised({"sv": "I Habo."})
    written = replace(entry, answer=theirs)
    await small.town.work.run(lambda c: Entries(c, small.town.clock.now()).edit(written))
    await take_down(small, miss)
    assert [(one.standing, one.answer) for one in (await entries(small)).values()] == [(Standing.LIVE, theirs)]


async def test_of_two_who_take_it_down_at_once_one_does(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    lo = await here.coordinator("lo")
    async with second_process(here.town) as other:
        lo.reception = other
        both = await at_once(*(one.press(misses.CONFIRM_TAKE_DOWN, f"{miss} :0") for one in (here.admin, lo)))
    assert sorted("in 1 message too" in text(one.view) for one in both) == [False, True]
    assert len(await edits(here)) == 1


@pytest.mark.parametrize("do", [misses.TAKE_DOWN, misses.CONFIRM_TAKE_DOWN])
async def test_only_coordinators_take_answers_down(small: Questions, do: str) -> None:
    miss = await small.ask("Var är det?", programme=FREE.id)
    await answer(small, miss)
    assert "Only coordinators" in text((await small.town.person("ann").press(do, f"{miss} :0")).view)
    assert await edits(small) == []


async def test_an_open_question_has_nothing_to_take_down_and_the_button_stands_by_what_was_answered(
    small: Questions,
) -> None:
    miss = await small.ask("Var är det?")
    for do in (misses.TAKE_DOWN, misses.CONFIRM_TAKE_DOWN):
        assert "Somebody else has seen to this" in text((await small.admin.press(do, f"{miss} :0")).view)
    await answer(small, miss)
    shown = (await small.admin.press(misses.QUEUE)).view
    assert misses.TAKE_DOWN in [one.action.do for one in buttons(shown) if one.action]


async def test_control_without_the_edits_the_wrong_answer_would_stand(
    small: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    miss = await small.ask("Var är det?")
    await answer(small, miss)
    monkeypatch.setattr(misses_taken_down, "copies", lambda *_asked: ())
    await take_down(small, miss)
    assert await edits(small) == []
