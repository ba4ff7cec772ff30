"""“Hello” is answered with what matters to whoever says so, and never with the whole list."""

from __future__ import annotations

from sqlalchemy import update

from bot.domain.faq import MissState
from bot.flows import buttons
from bot.flows.greeting import Concerns, hello
from bot.flows.note_taking import OpenRound
from bot.messages import Card
from storage.tables import misses
from tests.flows.samples import SINGLE, with_capacity, with_occasion
from tests.handlers import asked_town
from tests.handlers.asked_town import click, labels
from tests.handlers.town import Person, Town, text
from tests.handlers.urn_scenes import round_of

town = asked_town.on_both


async def greeted(person: Person) -> str:
    shown = (await person.say("hej")).view
    assert isinstance(shown, Card)
    assert [one.action.do for one in shown.buttons if one.action][-1] == buttons.HELP
    return text(shown)


async def test_to_a_stranger_it_says_who_it_is_and_what_is_open(town: Town) -> None:
    said = await greeted(town.person("anna"))
    assert ("I help you through" in said, "open for registration" in said) == (True, True)
    assert "my reminders" not in said


async def test_the_next_meeting_is_named_with_its_link_and_a_later_one_is_not(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("b", "c"))
    said = await greeted(anna)
    assert ("Your next meeting: Träff b" in said, "https://zoom.example.org/b" in said) == (True, True)
    assert "Träff c" not in said


async def test_no_meeting_is_mine_where_a_colleague_sits_where_i_wait_or_that_is_cancelled(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(SINGLE.id, occasions=("b",), takes_part="others", places="1")
    await bo.register(SINGLE.id, occasions=("b",), takes_spare="no")
    assert ["next meeting" in await greeted(one) for one in (anna, bo)] == [False, False]
    await bo.register(SINGLE.id, occasions=("c",))
    assert "Your next meeting: Träff c" in await greeted(bo)
    await town.load(with_occasion(SINGLE, "c", cancelled=True))
    assert "next meeting" not in await greeted(bo)


async def test_a_registration_that_was_begun_goes_on_from_there(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", SINGLE.id)).view
    await anna.submit(form, {"occasions": ("b",), "prerequisite": "yes"})
    assert "Not finished: Dialog" in await greeted(anna)


async def test_a_question_that_waits_is_counted(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("säljer ni hundkex?")
    assert "1 of your questions waits for an answer" in await greeted(anna)
    assert "waits for an answer" not in await greeted(town.person("bo"))
    await town.work.run(lambda connection: connection.execute(update(misses).values(state=MissState.DISMISSED.value)))
    assert "waits for an answer" not in await greeted(anna)


async def test_coordinators_come_to_what_waits_for_them(town: Town) -> None:
    assert "Status" in repr((await town.person("admin").say("hej")).view)
    assert "Status" not in repr((await town.person("anna").say("hej")).view)


async def test_only_coordinators_are_told_what_waits_to_be_looked_at(town: Town) -> None:
    await town.person("anna").say("säljer ni hundkex?")
    said = [await greeted(town.person(name)) for name in ("admin", "bo")]
    assert ["waits to be looked at" in one for one in said] == [True, False]


async def test_whoever_has_a_seat_is_not_asked_to_register(town: Town) -> None:
    anna = town.person("anna")
    assert "Register" in labels((await anna.say("hej")).view)
    await anna.register(SINGLE.id, occasions=("b",))
    assert "Register" not in labels((await anna.say("hej")).view)


def test_of_many_open_questions_the_number_is_told_and_not_the_list() -> None:
    rounds = tuple(OpenRound(round_of(), SINGLE.title, SINGLE.zone) for _number in range(3))
    assert "3 sets of questions are open to you" in text(hello(Concerns(rounds=rounds)))
    assert "sets of questions" not in text(hello(Concerns(rounds=rounds[:2])))


async def test_everything_else_is_one_press_away(town: Town) -> None:
    anna = town.person("anna")
    everything = await click(anna, (await anna.say("hej")).view, "Show everything I can do")
    assert "What I can do" in text(everything.view)


async def test_calling_a_channel_together_is_no_question_either(town: Town) -> None:
    await town.person("anna").say("@channel")
    assert await town.count(misses) == 0
