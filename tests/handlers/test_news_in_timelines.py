"""What went to everybody whom it concerned stands in a person's timeline beside the reminders, and nothing private."""

from __future__ import annotations

from bot.flows import prompts
from bot.ports import Trouble, Undeliverable
from tests.handlers import round_town
from tests.handlers.round_town import ask, in_group, preview, the_round
from tests.handlers.town import Town, text

town, small_town = round_town.on_both, round_town.on_sqlite


async def test_questions_that_came_stand_in_the_timeline_with_where(town: Town) -> None:
    person = await in_group(town, "p", "politiker")
    await ask(town)
    await town.deliver()
    assert "Uppstartskonferensen, in Sandbox" in text((await person.say("my reminders")).view)


async def test_questions_that_could_not_come_stand_there_with_the_reason(town: Town) -> None:
    person = await in_group(town, "p", "politiker")
    await town.deliver()
    town.posts["sandbox"].troubles = [Undeliverable(Trouble.FORBIDDEN, "blocked")] * 2  # whoever asks gets a card
    await ask(town)
    await town.deliver()
    assert "Not sent: Lärträff is blocked or removed there (blocked)" in text((await person.say("my reminders")).view)


async def test_questions_that_were_taken_back_before_they_came_are_no_news(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    await small_town.person("admin").submit(await preview(small_town))
    await small_town.person("admin").press(prompts.UNDO_ROUND, (await the_round(small_town)).id)
    await small_town.deliver()
    assert "nothing has been sent yet" in text((await person.say("my reminders")).view)


async def test_what_was_said_to_one_alone_is_no_news(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    await person.say("my data", answers_inline=False)
    assert len(await person.received()) > 0
    assert "nothing has been sent yet" in text((await person.say("my reminders")).view)
