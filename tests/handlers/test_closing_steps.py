"""Before a step or a workshop is over its leader is asked, where something would be lost that could be waited for."""

from __future__ import annotations

import pytest

from bot.domain.workshops import State
from bot.flows import workshops as words
from bot.handlers.events import Reply
from bot.messages import Form
from tests.handlers import workshop_town
from tests.handlers.town import buttons, text
from tests.handlers.workshop_town import Day, rate, write

day, small = workshop_town.on_both, workshop_town.on_sqlite

GONE_FOR_GOOD = "Too few have answered for anything to be shown: their answers will be gone for good."
NOT_AGAIN = "A vote that is over cannot be opened again."
SEEN_BY_NOBODY = "A draft that is not put up before the questions close is seen by nobody."


def ways(reply: Reply) -> list[str]:
    return [one.action.do for one in buttons(reply.view) if one.action]


async def answer_alone(day: Day, number: int) -> None:
    about = (await day.round("skattning")).id
    for person in day.people[:number]:
        await rate(person, about)


async def vote(day: Day, number: int) -> None:
    about = (await day.round("forslag")).id
    for person in day.people[:number]:
        ballot = (await person.press("vote", about)).view
        cast = next(one.action for one in buttons(ballot) if one.action and one.action.do == "cast")
        await person.press("cast", cast.about)


async def begin_vote(day: Day) -> None:
    await day.begin()
    await day.to("forslag")
    await write(day.people[0], (await day.round("forslag")).id, "Bygg en bro")
    await day.to("rosta")


async def test_sealed_answers_of_too_few_are_not_thrown_away_without_a_question(day: Day) -> None:
    await day.begin()
    await day.to("skattning")
    await answer_alone(day, 3)
    before = await day.stands()
    asked = await day.press(words.NEXT_STEP)
    said = text(asked.view)
    assert "Go on to Alla tillsammans now?" in said
    assert (GONE_FOR_GOOD in said, "Fewer than 4 have answered" in said) == (True, True)
    assert (await day.stands(), (await day.rounds())["skattning"]) == (before, "open")
    assert ways(asked) == [words.NEXT_ANYWAY, words.LONGER, words.CARD]


async def test_whoever_was_asked_may_wait_and_then_go_on_without_a_question(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    await answer_alone(small, 3)
    await small.press(words.NEXT_STEP)
    ends_at = (await small.stands()).ends_at
    assert "Step 3 of 8" in text((await small.press(words.LONGER)).view)
    assert (ends_at, (await small.stands()).ends_at) == (ends_at, ends_at and ends_at + words.MORE_TIME)
    await rate(small.people[3], (await small.round("skattning")).id)
    await small.press(words.NEXT_STEP)
    assert ((await small.stands()).step.id, (await small.rounds())["skattning"]) == ("alla", "closed")


async def test_nobody_is_asked_where_nothing_was_answered(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    await small.press(words.NEXT_STEP)
    assert (await small.stands()).step.id == "alla"


async def test_going_on_anyway_goes_one_step_however_often_it_is_pressed(day: Day) -> None:
    await day.begin()
    await day.to("skattning")
    await answer_alone(day, 1)
    about = await day.about()
    await day.leader.press(words.NEXT_STEP, about)
    await day.leader.press(words.NEXT_ANYWAY, about)
    await day.leader.press(words.NEXT_ANYWAY, about)
    assert (await day.stands()).step.id == "alla"


@pytest.mark.parametrize(("voters", "is_asked"), [(0, True), (3, True), (4, False), (6, False)])
async def test_a_vote_ends_unasked_once_half_have_voted(small: Day, voters: int, is_asked: bool) -> None:
    await begin_vote(small)
    await vote(small, voters)
    said = text((await small.press(words.NEXT_STEP)).view)
    assert (NOT_AGAIN in said, (await small.stands()).step.id == "rosta") == (is_asked, is_asked)


async def test_a_vote_on_nothing_ends_unasked(small: Day) -> None:
    await small.begin()
    await small.to("rosta")
    await small.press(words.NEXT_STEP)
    assert (await small.stands()).step.id == "plan"


async def test_a_vote_that_goes_on_after_the_step_is_not_asked_about(small: Day) -> None:
    await small.begin()
    await small.to("forslag")
    await write(small.people[0], (await small.round("forslag")).id, "Bygg en bro")
    await small.press(words.NEXT_STEP)
    assert (await small.stands()).step.id == "paus"


async def test_a_group_s_draft_is_named_before_its_questions_close(day: Day) -> None:
    await day.begin()
    await day.to("swot")
    form = (await day.people[0].press("note", (await day.round("swot")).id)).view
    assert isinstance(form, Form)
    (name,) = (one.name for one in form.fields if one.kind == "text")
    await day.people[0].submit(form, {name: "Halvt", "later": ("draft",)})
    said = text((await day.press(words.NEXT_STEP)).view)
    assert (SEEN_BY_NOBODY in said, "Has a draft that is not put up: Grupp 1" in said) == (True, True)
    assert "Halvt" not in said
    assert (await day.stands()).step.id == "swot"


async def test_the_question_about_the_end_names_what_would_be_lost(day: Day) -> None:
    await day.begin()
    await day.to("skattning")
    await answer_alone(day, 2)
    said = text((await day.press(words.END)).view)
    assert ("End the workshop?" in said, GONE_FOR_GOOD in said) == (True, True)
    await day.press(words.CONFIRM_END)
    assert (await day.stands()).state is State.ENDED


async def test_control_the_end_names_nothing_where_nothing_would_be_lost(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    await answer_alone(small, 4)
    assert GONE_FOR_GOOD not in text((await small.press(words.END)).view)


async def test_a_vote_that_is_over_says_so_to_whoever_goes_back_to_it(small: Day) -> None:
    await begin_vote(small)
    assert "The vote is over." not in text(small.card())
    await small.to("plan")
    assert "The vote is over." in text((await small.press(words.BACK)).view)


async def test_a_question_stands_beside_the_card_which_is_edited_whenever_a_group_writes(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    await answer_alone(small, 1)
    assert [(await small.press(do)).replaces for do in (words.NEXT_STEP, words.END)] == [False, False]
    assert (await small.press(words.NEXT_ANYWAY)).replaces
