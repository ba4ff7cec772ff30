"""How reminders reach a person: together, in working hours, as much as they want, and put off when asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.nudges import schedule
from bot.domain.people import Language, Profile, Role
from bot.domain.programmes import Programme, Span
from bot.domain.rules import Anchor, Audience, Rule, Topic
from bot.handlers.reminding import Batch
from bot.handlers.visit import Visit
from bot.messages import Form
from storage.nudges import Nudge
from storage.people import People
from storage.posts import Posts
from storage.tables import nudges, outbox
from tests.flows.samples import FREE, NOW, SINGLE, at, occasion, with_occasion, words
from tests.handlers.town import Person, Town, at_once, buttons, open_town, text

OTHER = replace(FREE, id="annat", title=words("Annat"))
DAY = FREE.occasions[0].starts_at.date()


def due(rule: str, programme: Programme = FREE) -> datetime:
    return next(p.due_at for p in schedule(programme) if p.rule.name == rule and p.audience == "participants")


async def titles(person: Person) -> list[str]:
    """The headlines of everything after the receipts."""
    return [m.splitlines()[0] for m in await person.received() if not m.startswith("You are registered")]


async def over(town: Town, programme: Programme = FREE, until: date = DAY + timedelta(days=20)) -> None:
    """Let time pass, a tick at every instant at which something is due."""
    for moment in sorted({p.due_at for p in schedule(programme)}):
        if moment > town.clock.at and moment < at(until, 0):
            await town.tick_at(moment)


async def test_P4_all_of_a_meeting_in_its_order(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await over(town)
    assert await titles(anna) == [
        "Träff fika: Tuesday 9 February 2027",
        "Prepare for Träff fika, Tuesday 9 February 2027",
        "Tomorrow: Träff fika",
        "Träff fika begins at 09:30",
        "Thank you for taking part in Träff fika",
    ]


async def test_P4_every_reminder_says_why_it_came_and_how_to_pause(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await over(town)
    sent = town.messages(anna)[1:]
    assert len(sent) == 5
    for message in sent:
        assert "You get this because you are registered for Fika." in message.text
        assert "pause" in {button.action.do for button in buttons(message.view) if button.action}


async def test_P4_two_programmes_on_one_day_come_as_one_message(town: Town) -> None:
    await town.load(OTHER)
    anna = town.person("anna")
    await anna.register(FREE.id)
    await anna.register(OTHER.id)
    await town.tick_at(due("agenda"))
    assert await titles(anna) == ["Träff fika: Tuesday 9 February 2027 (and 1 more)"]


async def test_at_most_one_digest_a_day_the_next_waits_until_tomorrow(town: Town) -> None:
    later = with_occasion(OTHER, "fika", days=(Span(at(DAY, 12), at(DAY, 15)),))
    late = replace(later, reminders=(replace(rule("agenda"), at=at(DAY, 11).time()),))
    await town.load(late)
    anna = town.person("anna")
    await anna.register(FREE.id)
    await anna.register(OTHER.id)
    await town.tick_at(due("agenda"))
    await town.tick_at(due("agenda") + timedelta(hours=5))
    assert len(await titles(anna)) == 1
    await town.tick_at(due("agenda") + timedelta(days=1))
    assert len(await titles(anna)) == 2


def rule(name: str) -> Rule:
    return next(p.rule for p in schedule(FREE) if p.rule.name == name)


async def test_P4b_a_late_registration_gets_what_lies_ahead_and_nothing_else(town: Town) -> None:
    await town.load(with_occasion(FREE, "fika", deadline=FREE.occasions[0].starts_at))
    await town.tick_at(due("preparation"))
    town.clock.move(hours=5)
    anna = town.person("anna")
    await anna.register(FREE.id)
    await over(town)
    assert (await titles(anna))[0] == "Tomorrow: Träff fika"


async def test_P9_a_pause_stands_in_the_form_and_outlives_its_being_saved(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    assert "I pause until" in text((await anna.say("pause 15 August")).view)
    form = (await anna.say("pause")).view
    assert isinstance(form, Form)
    assert (form.values["pause"], str(form.values["until"])[-5:]) == ("until", "08-15")
    assert "I pause until" in text((await anna.submit(form, {"level": "few"})).view)
    await anna.press("wake")
    again = (await anna.say("pause")).view
    assert isinstance(again, Form)
    assert again.values["pause"] == "no"


async def test_P9_whoever_pauses_over_meetings_of_theirs_reads_which(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a", "b", "c"))
    await anna.register(FREE.id, takes_part="others", places="1")  # nobody's seat to be reminded of
    none = text((await anna.say("pause 2027-02-08")).view)
    assert "I do not remind you of them" not in none
    on_the_day = text((await anna.say("pause 2027-02-09")).view)  # a
    assert "You have a seat at these meetings meanwhile, and I do not remind you of them." in on_the_day
    assert "Träff a: Tuesday 9 February 2027 at 09:30–15:00" in on_the_day
    assert "Träff b" not in on_the_day
    form = (await anna.say("pause")).view
    assert isinstance(form, Form)
    saved = text((await anna.submit(form, {"pause": "until", "until": "2027-03-20"})).view)
    assert [f"Träff {id}: " in saved for id in ("a", "b", "c", "fika")] == [True, True, False, False]
    of_another = {"programme": FREE.id, "pause": "until", "until": "2027-03-20"}
    assert "Träff a" not in text((await anna.submit((await anna.say("pause")).view, of_another)).view)


async def test_P9_paused_nothing_comes_and_then_what_is_still_of_use(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    back = DAY - timedelta(days=5)
    await anna.say(f"pause {back:%Y-%m-%d}")
    await over(town, until=back)
    assert await titles(anna) == []
    await town.tick_at(at(back, 8))
    assert await titles(anna) == [
        "Prepare for Träff fika, Tuesday 9 February 2027"
    ]  # the agenda says no more than that
    await over(town)
    assert (await titles(anna))[1] == "Tomorrow: Träff fika"


async def test_P9_after_a_long_pause_nobody_is_told_what_is_over(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await anna.say(f"pause {DAY + timedelta(days=1):%Y-%m-%d}")
    await over(town)
    assert await titles(anna) == ["Thank you for taking part in Träff fika"]
    assert await town.count(nudges, nudges.c.reason == "paused") > 0


@pytest.mark.parametrize(("level", "first"), [("few", "Tomorrow: Träff fika"), ("none", "")])
async def test_P9_fewer_or_none(town: Town, level: str, first: str) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    form = (await anna.press("pause", FREE.id)).view
    await anna.submit(form, {"level": level})
    await over(town)
    assert (await titles(anna) or [""])[0] == first


async def test_snooze_brings_the_reminder_again_the_next_working_morning(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(due("preparation"))
    await anna.click("Snooze")
    await town.tick_at(due("preparation") + timedelta(days=1))
    assert [t[:7] for t in await titles(anna)] == ["Prepare", "Prepare"]


async def test_snooze_of_somebody_elses_reminder_does_nothing(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(FREE.id)
    await town.tick_at(due("preparation"))
    action = await anna.button("Snooze")
    await bo.press(action.do, action.about)
    await town.tick_at(due("preparation") + timedelta(days=1))
    assert len(await titles(anna)) == 1


async def test_an_outage_of_three_days_sends_one_word_about_one_meeting(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick.run()
    await town.tick_at(due("day_before") + timedelta(minutes=5))
    assert await titles(anna) == ["Tomorrow: Träff fika"]
    assert await town.count(nudges, nudges.c.reason == "overtaken") == 2


async def test_nobody_is_written_to_on_the_public_holiday_of_their_own_country(town: Town) -> None:
    """7 June 2027 is a Monday; the Swedish national day falls on the Sunday before, 17 May is Norway's."""
    meeting = occasion("maj", date(2027, 5, 24))
    programme = replace(FREE, id="maj", occasions=(meeting,))
    await town.load(programme)
    kari = town.person("kari")
    kari.profile = Profile("Kari", "kari@example.org", Language.ENGLISH, "Europe/Oslo")
    await kari.register("maj", organisation="Bamble kommune")
    await town.tick_at(at(date(2027, 5, 17), 9))
    assert await titles(kari) == []
    await town.tick_at(at(date(2027, 5, 18), 9))
    assert (await titles(kari))[0].startswith("Prepare for")


async def test_the_message_goes_where_the_person_was_last_seen_once(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.register(FREE.id)
    await town.tick_at(due("agenda"))
    assert await town.count(outbox, outbox.c.key.like("nudge:%")) == 1


BOOK = Rule(
    "boka", Topic.MESSAGE, Anchor.START, (Audience.CONTACTS, Audience.COORDINATORS), days=-20, at=time(9),
    text=words("Boka rum."),
)  # fmt: skip


async def id_of(town: Town, person: Person) -> str:
    return await town.read(lambda connection: People(connection, NOW).owner(person.actor)) or ""


async def with_posts(town: Town) -> tuple[Person, ...]:
    """Who registered, an appointed contact of the same organisation, a coordinator, and her deputy."""
    await town.load(replace(FREE, reminders=(BOOK,)))
    people = tuple(town.person(name) for name in ("anna", "bo", "kim", "lo"))
    for person in people:
        await person.say("help")
    _anna, bo, kim, lo = [await id_of(town, person) for person in people]

    def appoint(connection: Connection) -> None:
        People(connection, NOW).appoint(kim, Role.COORDINATOR)
        Posts(connection, NOW).add_contact(FREE.id, "SE-1281", bo)
        Posts(connection, NOW).set_deputy(kim, lo)

    await town.work.run(appoint)
    await people[0].register(FREE.id)
    return people


async def room_booked(person: Person) -> bool:
    return any("Boka rum." in message for message in await person.received())


async def test_contacts_and_coordinators_get_what_is_meant_for_them(town: Town) -> None:
    people = await with_posts(town)
    await town.tick_at(at(DAY - timedelta(days=20), 9))
    assert [await room_booked(person) for person in people] == [True, True, True, False]


async def test_the_deputy_of_a_coordinator_who_is_away_gets_hers(town: Town) -> None:
    people = await with_posts(town)
    await people[2].say(f"away {DAY:%Y-%m-%d}")
    await town.tick_at(at(DAY - timedelta(days=20), 9))
    assert [await room_booked(person) for person in people] == [True, True, False, True]


async def test_two_workers_with_a_reminder_each_send_one_message_a_day(postgresql_url: str) -> None:
    async with open_town(postgresql_url, FREE, OTHER) as town:
        anna = town.person("anna")
        for programme in (FREE, OTHER):
            await anna.register(programme.id)
        await town.tick.run()
        town.clock.at = due("agenda")

        def look_up(connection: Connection) -> list[Nudge]:
            visit = Visit(connection, town.clock.now(), town.surroundings)
            town.tick._look_up(visit, visit.nudges.claim(50))
            return [nudge for nudge in visit.nudges.claim(50) if nudge.rule == "agenda"]

        def send(connection: Connection, nudge: Nudge) -> None:
            Batch(Visit(connection, town.clock.now(), town.surroundings)).send([nudge])
            connection.execute(select(func.pg_sleep(0.2)))  # so that the other looks in between, on any machine

        both = await town.work.run(look_up)
        assert len(both) == 2
        await at_once(*(town.work.run(partial(send, nudge=nudge)) for nudge in both))
        assert await town.count(outbox, outbox.c.key.like("nudge:%")) == 1
