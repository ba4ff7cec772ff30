"""From votes to a plan: who may put what into whose plan, and that it stands there once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.board import Standing
from bot.domain.plans import PlanRow
from bot.domain.rounds import Mode, Question, QuestionSet, Round, State, boxes
from bot.handlers import proposals
from bot.handlers.events import Reply
from bot.handlers.visit import Visit
from bot.messages import Card, ChoiceField, Form
from storage.answers import Answers, NewAnswer
from storage.plans import Plans
from storage.posts import Posts
from storage.rounds import Rounds
from storage.votes import Votes
from tests.flows.samples import HABO, LUND, NOW, SINGLE, words
from tests.handlers.town import Person, Town, at_once, second_process, text
from tests.handlers.workshop import labels, person_id, press_on

SET = QuestionSet("forslag", words("Förslag"), (Question("q", words("Vad kan ni göra?")),), by_role=False, votes=3)
ROUND = Round("r1", SINGLE.id, SET.title, boxes(SET, ()), Mode.NOTES, NOW, threshold=3, votes=3, state=State.CLOSED)
POSTS = ("Måla rådhuset", "Mät väntetiden", "Fika ihop", "Byt system", "Läs högt", "Dolt förslag")
VOTES = (1, 3, 0, 2, 2, 3)  # of the post at the same place


def store(connection: Connection, about: Round, counts: Sequence[int]) -> dict[str, str]:
    """A round with these posts and votes; text → id. The last post is hidden."""
    Rounds(connection, NOW).add(about)
    answers, votes = Answers(connection, NOW), Votes(connection)
    ids = answers.add(about.id, [NewAnswer("", "q", said) for said in POSTS])
    for id, count in zip(ids, counts, strict=True):
        for voter in range(count):
            votes.cast(about.id, id, bytes([voter]))
    hidden = answers.get(ids[-1])
    assert hidden is not None
    answers.stand(hidden, Standing.HIDDEN, "other")
    return dict(zip(POSTS, ids, strict=True))


async def closed(town: Town, counts: Sequence[int] = VOTES, **changes: object) -> dict[str, str]:
    about = replace(ROUND, **changes)  # type: ignore[arg-type]
    return await town.work.run(lambda connection: store(connection, about, counts))


async def plan(town: Town) -> list[PlanRow]:
    return list(await town.read(lambda c: Plans(c, NOW).of_programme(SINGLE.id)))


async def contact(town: Town, name: str = "cleo", key: str = LUND.key) -> Person:
    person = town.person(name)
    await person.open_home()
    id = await person_id(town, person)
    await town.work.run(lambda c: Posts(c, NOW).add_contact(SINGLE.id, key, id))
    return person


def titles(reply: Reply) -> list[str]:
    assert isinstance(reply.view, Card), reply.view
    return [str(item.title) for item in reply.view.items]


def ways(reply: Reply) -> list[str]:
    """The buttons beside the proposals."""
    assert isinstance(reply.view, Card), reply.view
    return labels(replace(reply, view=replace(reply.view, buttons=())))


def rows(found: Sequence[PlanRow]) -> list[tuple[str, str]]:
    return sorted((row.organisation_key, row.what) for row in found)


# --- The order --------------------------------------------------------------------------------------------------------


async def test_the_most_wanted_stand_first_and_ties_are_said(small_town: Town) -> None:
    await closed(small_town)
    found = await small_town.read(lambda c: proposals.top(Visit(c, NOW, small_town.surroundings), "r1", 3))
    assert [(one.text, one.votes, one.ties) for one in found] == [
        ("Mät väntetiden", 3, 0),
        ("Byt system", 2, 1),
        ("Läs högt", 2, 1),
    ]
    ranks = sorted(zip(VOTES[:-1], POSTS[:-1], strict=True), key=lambda one: -one[0])  # on their own, without the bot
    assert [one.text for one in found] == [said for _votes, said in ranks[:3]]


async def test_the_card_says_votes_ties_and_nothing_of_what_is_hidden(small_town: Town) -> None:
    await closed(small_town)
    reply = await small_town.person("admin").press("proposals", "r1")
    assert titles(reply) == ["Mät väntetiden", "Byt system", "Läs högt", "Måla rådhuset"]
    said = text(reply.view)
    assert "3 votes" in said
    assert said.count("2 votes, as many as 1 other") == 2
    assert titles(await press_on(small_town.person("admin"), reply, "Show more")) == ["Fika ihop"]
    assert "Dolt förslag" not in said


async def test_a_page_that_ends_between_equals_says_so(small_town: Town) -> None:
    await closed(small_town, (3, 3, 3, 3, 3, 0))
    assert "1 more has as many votes" in text((await small_town.person("admin").press("proposals", "r1")).view)


async def test_numbers_of_too_few_voters_are_not_shown_and_do_not_order(small_town: Town) -> None:
    await closed(small_town, (0, 2, 1, 0, 0, 0))
    reply = await small_town.person("admin").press("proposals", "r1")
    assert titles(reply) == list(POSTS[:4])
    assert "Too few have voted" in text(reply.view)
    assert "2 votes" not in text(reply.view)


async def test_control_the_same_votes_order_where_fewer_are_enough(small_town: Town) -> None:
    await closed(small_town, (0, 3, 1, 0, 0, 0))
    assert titles(await small_town.person("admin").press("proposals", "r1"))[:2] == ["Mät väntetiden", "Fika ihop"]


# --- Into the plan ----------------------------------------------------------------------------------------------------


async def test_a_contact_puts_a_proposal_into_the_plan_with_one_tap(small_town: Town) -> None:
    ids = await closed(small_town)
    cleo = await contact(small_town)
    reply = await press_on(cleo, await cleo.press("proposals", "r1"), "To the plan")
    assert ways(reply)[:2] == ["In the plan", "To the plan"]
    (row,) = await plan(small_town)
    assert (row.organisation_key, row.what, row.answer) == (LUND.key, "Mät väntetiden", ids["Mät väntetiden"])
    assert row.before == SINGLE.occasions[0].id
    assert row.lacks_owner
    assert "Mät väntetiden" in text((await press_on(cleo, reply, "In the plan")).view)


async def test_however_many_tap_it_stands_there_once(town: Town) -> None:
    ids = await closed(town)
    cleo, dan = await contact(town), await contact(town, "dan")
    async with second_process(town) as elsewhere:
        there = replace(dan, reception=elsewhere)
        about = f"{ids['Byt system']} {LUND.key}"
        await at_once(*(who.press("to_plan", about) for who in (cleo, there) * 3))
    assert rows(await plan(town)) == [(LUND.key, "Byt system")]


async def test_the_same_delivery_twice_is_one_tap(small_town: Town) -> None:
    ids = await closed(small_town)
    cleo = await contact(small_town)
    for _time in range(2):
        reply = await cleo.press("to_plan", f"{ids['Fika ihop']} {LUND.key}", delivery="d1")
        assert "In the plan" in labels(reply)
    assert len(await plan(small_town)) == 1


async def test_a_coordinator_is_asked_whose_plan(small_town: Town) -> None:
    await closed(small_town)
    await contact(small_town)
    await contact(small_town, "kaj", HABO.key)
    admin = small_town.person("admin")
    form = (await press_on(admin, await admin.press("proposals", "r1"), "To the plan")).view
    assert isinstance(form, Form)
    assert isinstance(form.fields[0], ChoiceField)
    assert [one.value for one in form.fields[0].options] == [HABO.key, LUND.key]
    reply = await admin.submit(form, {"organisation": HABO.key})
    assert "It is in the plan" in text(reply.view)
    assert rows(await plan(small_town)) == [(HABO.key, "Mät väntetiden")]
    page = await admin.press("proposals", "r1")
    assert f"In the plan: {HABO.name}" in text(page.view)
    assert ways(page)[0] == "To the plan"


async def test_two_organisations_each_put_it_into_their_own(town: Town) -> None:
    ids = await closed(town)
    for person, key in ((await contact(town), LUND.key), (await contact(town, "kaj", HABO.key), HABO.key)):
        await person.press("to_plan", f"{ids['Läs högt']} {key}")
    assert rows(await plan(town)) == sorted([(LUND.key, "Läs högt"), (HABO.key, "Läs högt")])


async def test_a_contact_puts_nothing_into_the_plan_of_others(small_town: Town) -> None:
    ids = await closed(small_town)
    await contact(small_town)
    kaj = await contact(small_town, "kaj", HABO.key)
    reply = await kaj.press("to_plan", f"{ids['Läs högt']} {LUND.key}")
    assert "put proposals into the plan" in text(reply.view)
    assert not await plan(small_town)


async def test_participants_read_and_their_contact_acts(small_town: Town) -> None:
    ids = await closed(small_town)
    anna = small_town.person("anna")
    await anna.register()
    reply = await anna.press("proposals", "r1")
    assert titles(reply)[0] == "Mät väntetiden"
    assert "To the plan" not in labels(reply)
    assert "put proposals" in text((await anna.press("to_plan", f"{ids['Läs högt']} {LUND.key}")).view)
    assert not await plan(small_town)


async def test_whoever_takes_no_part_reads_nothing(small_town: Town) -> None:
    await closed(small_town)
    assert "Mät väntetiden" not in repr((await small_town.person("stranger").press("proposals", "r1")).view)


async def test_in_a_workshop_of_one_organisation_everybody_of_it_may(small_town: Town) -> None:
    await closed(small_town, organisation=LUND.key)
    anna = small_town.person("anna")
    await anna.register()
    await press_on(anna, await anna.press("proposals", "r1"), "To the plan")
    assert rows(await plan(small_town)) == [(LUND.key, "Mät väntetiden")]


async def test_in_a_workshop_of_one_organisation_nobody_else_may(small_town: Town) -> None:
    ids = await closed(small_town, organisation=HABO.key)
    anna = small_town.person("anna")
    await anna.register()
    for key in (LUND.key, HABO.key):
        await anna.press("to_plan", f"{ids['Läs högt']} {key}")
    assert not await plan(small_town)


async def test_a_coordinator_of_a_workshop_of_one_organisation_is_not_asked_whose(small_town: Town) -> None:
    await closed(small_town, organisation=LUND.key)
    admin = small_town.person("admin")
    await press_on(admin, await admin.press("proposals", "r1"), "To the plan")
    assert rows(await plan(small_town)) == [(LUND.key, "Mät väntetiden")]


@pytest.mark.parametrize("said", ["Dolt förslag", ""])
async def test_what_is_not_on_the_board_goes_into_no_plan(small_town: Town, said: str) -> None:
    ids = await closed(small_town)
    cleo = await contact(small_town)
    reply = await cleo.press("to_plan", f"{ids.get(said, 'nowhere')} {LUND.key}")
    assert "no longer on the board" in text(reply.view)
    assert not await plan(small_town)


async def test_a_form_that_lies_open_is_looked_at_again(small_town: Town) -> None:
    ids = await closed(small_town)
    await contact(small_town)
    both = await contact(small_town, "kaj", HABO.key)
    id = await person_id(small_town, both)
    await small_town.work.run(lambda c: Posts(c, NOW).add_contact(SINGLE.id, LUND.key, id))
    form = (await both.press("choose_plan", ids["Läs högt"])).view
    await small_town.work.run(
        lambda c: [Posts(c, NOW).remove_contact(SINGLE.id, key, id) for key in (LUND.key, HABO.key)]
    )
    await both.submit(form, {"organisation": HABO.key})
    assert not await plan(small_town)


async def test_a_closed_round_with_votes_leads_to_the_proposals(small_town: Town) -> None:
    await closed(small_town)
    admin = small_town.person("admin")
    reply = await press_on(admin, await admin.press("round", "r1"), "What most want to begin with")
    assert titles(reply)[0] == "Mät väntetiden"
