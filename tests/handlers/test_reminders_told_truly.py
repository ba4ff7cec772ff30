"""What a whole programme, compared message by message with what was promised, showed of its records and of outages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.nudges import schedule
from bot.domain.people import Language, Profile
from bot.domain.programmes import Programme
from bot.flows import buttons
from bot.handlers.events import Left
from storage.tables import matters, nudges
from tests.flows.samples import DAYS, FREE, at, occasion
from tests.handlers.test_channels import CHANNEL, follow, in_channel
from tests.handlers.town import Person, Town, text

TWO_DAYS = replace(FREE, id="two", occasions=(occasion("par", days=2, deadline=at(DAYS[0], 0)),))


def due(rule: str, of: Programme = FREE) -> datetime:
    return next(p.due_at for p in schedule(of) if p.rule.name == rule and p.audience == "participants")


async def record(town: Town, programme: str) -> str:
    return text((await town.person("admin").press(buttons.TIMELINE, programme)).view)


async def kari_of(town: Town, programme: Programme) -> Person:
    kari = town.person("kari")
    kari.profile = Profile("Kari", "kari@example.org", Language.ENGLISH, "Europe/Oslo")
    await kari.register(programme.id, organisation="Bamble kommune")
    return kari


async def test_P4c_a_channel_is_not_written_to_in_the_night_in_which_an_outage_ends(town: Town) -> None:
    await follow(town, town.person("admin"))
    await town.person("anna").register(FREE.id)
    asked = len(in_channel(town))
    await town.tick_at(at(DAYS[0], 3))
    assert len(in_channel(town)) == asked
    await town.tick_at(at(DAYS[0], 8))
    assert in_channel(town)[-1].text.startswith("Today: Träff fika")


async def test_P4c_after_an_outage_over_the_meeting_nothing_is_said_to_stand_in_what_never_came(town: Town) -> None:
    await town.person("anna").register(FREE.id)
    await town.tick_at(at(DAYS[0] + timedelta(days=1), 8))
    shown = await record(town, FREE.id)
    assert "The day before: Träff fika, to 1 participant. Not sent: it would have come too late" in shown
    assert "The link, just before: Träff fika, to 1 participant. Not sent: it would have come too late" in shown


async def test_P4c_of_several_that_are_of_use_only_the_last_goes(town: Town) -> None:
    await town.person("anna").register(FREE.id)
    await town.tick_at(due("day_before"))
    assert await town.count(nudges, nudges.c.reason == "overtaken") == 2


async def test_P4c_what_was_not_sent_is_told_with_its_day_and_to_whom(town: Town) -> None:
    await town.load(TWO_DAYS)
    await town.person("anna").register("two")
    await town.person("admin").press("bind", "two", came_from=CHANNEL)
    await town.tick_at(at(DAYS[0] + timedelta(days=2), 8))
    shown = text((await town.person("admin").say("status")).view)
    for day in ("Träff par", "Träff par, day 2"):
        assert f"Reminder: The day before: {day}\n  Meant for: 1 participant and 1 channel\n" in shown


async def test_P9c_whom_nothing_reaches_is_a_matter_once_for_each_meeting(town: Town) -> None:
    anna = town.person("anna", "teams")
    await anna.register(FREE.id)
    await anna.send(Left())
    for rule in ("agenda", "preparation", "day_before", "link"):
        await town.tick_at(due(rule))
    assert await town.count(nudges, nudges.c.reason == "unreachable") > 3
    assert await town.count(matters, matters.c.kind == "missed") == 1


async def test_P9c_the_timeline_of_somebody_whom_nothing_reaches_promises_nothing(town: Town) -> None:
    anna = town.person("anna", "teams")
    await anna.register(FREE.id)
    await anna.send(Left())
    shown = text((await town.person("admin").say("status anna")).view)
    assert "The day before: Träff fika. Will not be sent: cannot be reached" in shown


async def test_the_record_has_those_who_were_off_at_the_time_when_they_got_it(town: Town) -> None:
    meeting = replace(FREE, id="maj", occasions=(occasion("maj", date(2027, 5, 18)),))
    await town.load(meeting)
    await kari_of(town, meeting)
    await town.person("anna").register("maj")
    for day in (14, 17):
        await town.tick_at(at(date(2027, 5, day), 9))
    shown = await record(town, "maj")
    for when in ("Friday 14 May", "Monday 17 May"):  # the 17th is Norway's
        assert f"{when} 2027 at 09:00: The day before: Träff maj, to 1 participant" in shown


async def test_the_record_leaves_out_those_who_were_never_to_be_asked_for_names(town: Town) -> None:
    await town.person("anna").register(FREE.id)
    await town.person("bo").register(FREE.id, takes_part="others", places="1")
    await town.tick_at(next(p.due_at for p in schedule(FREE) if p.rule.name == "last_call"))
    shown = await record(town, FREE.id)
    assert shown.count("Last days to register: Träff fika, to 1 who registered an organisation") == 1
    assert "there was nothing to say" not in shown
