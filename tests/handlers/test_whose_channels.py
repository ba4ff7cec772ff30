"""Channels of organisations abroad: their reminders keep the days off of those who read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.handlers.events import Left
from bot.handlers.visit import Visit
from bot.handlers.whose_channels import WhoseChannels
from bot.ports import Address
from storage.bindings import Bindings
from storage.groups import Groups
from tests.flows.samples import BAMBLE, FREE, at, occasion
from tests.handlers.town import Town, text
from tests.handlers.workshop import channel

SEVENTEENTH = date(2027, 5, 17)  # a Monday, Norway's own day
PROGRAMME = replace(FREE, id="maj")
SWEDISH, NORWEGIAN = channel("C1", "slack", "S1"), channel("19:stad", "teams", "T1")
"""Each in the workspace of one municipality."""


async def follows(town: Town, *channels: Address, day: date = SEVENTEENTH + timedelta(days=1)) -> None:
    """Channels that follow a programme which meets on that day."""
    await town.load(replace(PROGRAMME, occasions=(occasion("maj", day),)))
    admin = town.person("admin")
    await admin.open_home()

    def bind(visit: Visit) -> None:
        by = str(visit.people.present(admin.actor))
        for one in channels:
            Bindings(visit.connection, visit.now).bind(one, PROGRAMME.id, by)

    await town.work.run(lambda c: bind(Visit(c, town.clock.now(), town.surroundings)))


async def registered(town: Town, name: str, organisation: str, where: Address) -> None:
    await town.person(name, where.platform, where.workspace).register(PROGRAMME.id, organisation=organisation)
    await town.deliver()


def said_in(town: Town, where: Address) -> list[str]:
    there = (m for m in town.posts[where.platform].sent if m.address.conversation == where.conversation)
    return [m.text.splitlines()[0] for m in there]


async def there(town: Town, where: Address) -> str:
    """The country whose days off a channel keeps."""

    def look(connection: Connection) -> str:
        visit = Visit(connection, town.clock.now(), town.surroundings)
        return WhoseChannels(visit).there(where, visit.programmes[PROGRAMME.id]).country

    return await town.read(look)


async def test_the_day_before_comes_to_each_channel_on_the_last_working_day_of_its_own_people(town: Town) -> None:
    await follows(town, SWEDISH, NORWEGIAN)
    await registered(town, "anna", "Lunds kommun", SWEDISH)
    await registered(town, "kari", "Bamble kommune", NORWEGIAN)
    await town.tick_at(at(SEVENTEENTH - timedelta(days=3), 12))
    assert said_in(town, NORWEGIAN) == ["Soon: Träff maj, Tuesday 18 May 2027"]
    assert said_in(town, SWEDISH) == []
    await town.tick_at(at(SEVENTEENTH, 12))
    assert said_in(town, SWEDISH) == ["Tomorrow: Träff maj"]
    assert len(said_in(town, NORWEGIAN)) == 1


async def test_what_may_come_later_waits_until_those_who_read_the_channel_are_at_work(town: Town) -> None:
    await follows(town, SWEDISH, NORWEGIAN, day=date(2027, 5, 29))
    await registered(town, "kari", "Bamble kommune", NORWEGIAN)
    await town.tick_at(at(SEVENTEENTH, 12))
    assert said_in(town, SWEDISH) == ["Register by Tuesday 18 May 2027 at 23:59"]
    assert said_in(town, NORWEGIAN) == []
    await town.tick_at(at(SEVENTEENTH + timedelta(days=1), 12))
    assert said_in(town, NORWEGIAN) == said_in(town, SWEDISH)


async def test_the_dry_run_tells_when_it_comes_to_which_channel(small_town: Town) -> None:
    await follows(small_town, SWEDISH, NORWEGIAN)
    await registered(small_town, "kari", "Bamble kommune", NORWEGIAN)
    small_town.clock.at = at(SEVENTEENTH - timedelta(days=5), 12)
    shown = text((await small_town.person("admin").press("timeline", PROGRAMME.id)).view)
    for day in ("Friday 14 May", "Monday 17 May"):
        assert f"{day} 2027 at 09:00 (07:00 UTC): The day before: Träff maj, to 1 channel" in shown


async def test_a_channel_in_which_organisations_of_both_countries_read_keeps_the_programmes_days_off(
    small_town: Town,
) -> None:
    await follows(small_town, SWEDISH)
    assert await there(small_town, SWEDISH) == "SE"
    await registered(small_town, "kari", "Bamble kommune", SWEDISH)
    assert await there(small_town, SWEDISH) == "NO"
    await registered(small_town, "anna", "Lunds kommun", SWEDISH)
    assert await there(small_town, SWEDISH) == "SE"


async def test_the_group_that_talks_in_a_channel_says_whose_it_is(small_town: Town) -> None:
    await follows(small_town, SWEDISH)
    await registered(small_town, "anna", "Lunds kommun", SWEDISH)

    def talk(connection: Connection) -> None:
        groups = Groups(connection, small_town.clock.now())
        group = groups.found(PROGRAMME.id, "", "Bamble", organisation_key=BAMBLE.key)
        groups.talk_in(group.id, SWEDISH)

    await small_town.work.run(talk)
    assert await there(small_town, SWEDISH) == "NO"


async def test_who_has_left_the_workspace_says_nothing_of_whose_it_is(small_town: Town) -> None:
    await follows(small_town, SWEDISH)
    await registered(small_town, "kari", "Bamble kommune", SWEDISH)
    await small_town.person("kari").send(Left())
    assert await there(small_town, SWEDISH) == "SE"
