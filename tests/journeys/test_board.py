"""C2, N1–N3: questions to the groups, notes from all sides at the same moment, and one board wherever people talk."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection

from bot.domain.people import Actor
from storage.groups import Groups
from storage.people import People
from tests.fixtures.seed_board import POSTS
from tests.fixtures.slack_stand_in import TEAM
from tests.fixtures.teams_person import TENANT
from tests.journeys.clients import OnSandbox, OnSlack
from tests.journeys.people import Participant, plain
from tests.journeys.stage import Stage
from tests.journeys.test_whole_programme import MODELL, follow_in_channel

CONTRIBUTIONS = [plain(text) for role, question, text in POSTS if (role, question) == ("strateger", "bidra")]
PROMPT = "Vad kan ni i era olika roller bidra med rent konkret?"


def actor(person: Participant) -> Actor:
    if isinstance(person, OnSlack):
        return Actor("slack", TEAM, person.role.slack_user)
    if isinstance(person, OnSandbox):
        return Actor("sandbox", "sandbox", person.role.id)
    return Actor("teams", TENANT, person.role.id)


async def talk_together(stage: Stage, name: str, *people: Participant) -> None:
    """Let these strategists be a discussion group of their own."""
    for person in people:
        await person.say("hjälp")

    def join(connection: Connection) -> None:
        groups = Groups(connection, stage.clock.now())
        group = groups.found("modellkonceptet", "strateger", name)
        for person in people:
            id = People(connection, stage.clock.now()).present(actor(person))
            assert id is not None
            groups.join(group.id, id)

    await stage.have(join)


async def follow(coordinator: Participant) -> None:
    await coordinator.invite_bot()
    await follow_in_channel(coordinator)


async def ask(coordinator: Participant) -> None:
    """Put the questions of the kick-off to all groups."""
    await coordinator.say("program")
    await coordinator.press("Läs mer", near=MODELL)
    await coordinator.press("Ställ frågor")
    await coordinator.answer({"Vilka frågor?": "Uppstartskonferensen"})
    await coordinator.submit()
    await coordinator.submit()


async def board_in_channel(person: Participant) -> list[str]:
    """The lines of the board as it stands in the person's channel, without what frames each message."""
    if isinstance(person, OnSandbox):
        await person.person.open_channel()
        said = person.person.channel_messages()
        await person.person.open_conversation()
    else:
        said = person._in_channel()
    pages = [message for message in said if "Tavla: Uppstartskonferensen" in message]
    return [line for page in pages for line in map(plain, page.splitlines()) if line]


async def in_channel(person: Participant, words: str) -> bool:
    if isinstance(person, OnSandbox):
        await person.person.open_channel()
        said = person.person.channel_messages()
        await person.person.open_conversation()
        return any(words in message for message in said)
    return words in person.channel()


async def take_notes(person: Participant, *posts: str) -> None:
    """Open the form by the button of the prompt and write, up to where only sending is left."""
    await person.close_if_open()
    await person.press("Anteckna")
    await person.fill({PROMPT: "\n".join(posts)})


async def test_C2b_undone_within_a_minute_the_questions_are_gone_wherever_they_were_put(stage: Stage) -> None:
    karin, anna = await stage.person("karin"), await stage.person("anna")
    await follow(karin)
    await talk_together(stage, "Strateger 1", anna)
    await ask(karin)
    anna.sees(PROMPT)
    assert await in_channel(karin, PROMPT)
    await karin.press("Ångra")
    await stage.tick()
    assert anna.count(PROMPT) == 0
    assert not await in_channel(karin, PROMPT)
    await anna.say("svara")
    anna.does_not_see(PROMPT)


async def test_N1_what_a_group_writes_stands_in_the_channel_and_goes_on_growing(stage: Stage) -> None:
    karin, anna = await stage.person("karin"), await stage.person("anna")
    await follow(karin)
    await talk_together(stage, "Strateger 1", anna)
    await ask(karin)
    for post in ("Processledning i den egna regionen.", "Mentorerna är ett stöd."):
        await take_notes(anna, post)
        await anna.submit("Skicka")
        await stage.pass_seconds(10)
    lines = await board_in_channel(karin)
    first = lines.index("• Processledning i den egna regionen.")
    assert lines[first + 1] == "• Mentorerna är ett stöd."
    assert sum("Tavla: Uppstartskonferensen" in line for line in lines) == 1
    assert not any("Anna" in line for line in lines)


async def test_N3_the_button_leads_to_the_page_where_the_same_stands(stage: Stage) -> None:
    karin, anna = await stage.person("karin"), await stage.person("anna")
    await talk_together(stage, "Strateger 1", anna)
    await ask(karin)
    await take_notes(anna, "Mentorerna är ett stöd.")
    await anna.submit("Skicka")
    await anna.press("Öppna tavlan")
    anna.sees("Tavla: Uppstartskonferensen", "1 inlägg")
    assert "Mentorerna är ett stöd." in await stage.fetch(anna.link("Öppna tavlan"))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_N2_three_groups_in_three_workspaces_write_at_once_and_every_channel_shows_one_board(
    everywhere: Stage,
) -> None:
    coordinators = [await everywhere.person("karin", platform) for platform in everywhere.platforms]
    for karin in coordinators:
        await follow(karin)
    writers = [
        await everywhere.person(who, platform)
        for who, platform in zip(("anna", "erik", "bertil"), everywhere.platforms, strict=True)
    ]
    for number, writer in enumerate(writers, 1):
        await talk_together(everywhere, f"Strateger {number}", writer)
    await ask(coordinators[0])
    written = [[f"• {post}" for post in CONTRIBUTIONS[first::3]] for first in range(3)]
    for writer, lines in zip(writers, written, strict=True):
        await take_notes(writer, *(line.removeprefix("• ") for line in lines))
    await asyncio.gather(*(writer.submit("Skicka") for writer in writers))
    await everywhere.pass_seconds(10)
    boards = [await board_in_channel(karin) for karin in coordinators]
    everything = {line for lines in written for line in lines}
    posts = [[line for line in board if line in everything] for board in boards]
    assert posts[0] == posts[1] == posts[2]
    assert sorted(posts[0]) == sorted(everything)
    for lines in written:
        assert [line for line in posts[0] if line in lines] == lines
