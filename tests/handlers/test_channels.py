"""Channels that follow a programme: who may bind them, what comes there, and what happens when the bot is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.nudges import schedule
from bot.domain.people import Language
from bot.domain.programmes import Span
from bot.handlers.channels import Preflight
from bot.handlers.events import AddedToChannel, RemovedFromChannel
from bot.messages import Card, Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from tests.flows.samples import FREE
from tests.handlers.town import Person, Sent, Town, buttons, surroundings, text

CHANNEL = Address("sandbox", "W1", "C1", Surface.CHANNEL, {"name": "lärträffar"})


def due(rule: str) -> datetime:
    return next(p.due_at for p in schedule(FREE) if p.rule.name == rule and p.audience == "channels")


def far(days: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(Span(day.starts_at + timedelta(days=100), day.ends_at + timedelta(days=100)) for day in days)


def in_channel(town: Town) -> list[Sent]:
    return [m for m in town.posts["sandbox"].sent if m.address.surface is Surface.CHANNEL]


async def follow(town: Town, admin: Person) -> None:
    shown = await admin.say("channel", came_from=CHANNEL)
    assert "Which programme should this channel follow?" in text(shown.view)
    await admin.press("bind", FREE.id, came_from=CHANNEL)
    await town.deliver()


async def checked(town: Town) -> None:
    await Preflight(town.work, town.clock, town.posts, surroundings()).run()
    await town.tick.tidy()
    await town.deliver()


async def test_a_coordinator_binds_a_channel_and_everybody_there_is_told(town: Town) -> None:
    await follow(town, town.person("admin"))
    assert "This channel now follows Fika." in in_channel(town)[-1].text


async def test_pressed_twice_everybody_there_is_told_once_and_again_after_it_stopped(town: Town) -> None:
    admin = town.person("admin")
    await follow(town, admin)
    await follow(town, admin)
    assert len(in_channel(town)) == 1
    await admin.press("unbind", f"{FREE.id} sandbox W1 C1")
    await follow(town, admin)
    assert len(in_channel(town)) == 2


async def test_the_question_is_answered_in_the_private_conversation_where_it_was_sent(town: Town) -> None:
    """What one asks in a channel is answered to oneself alone, and so its buttons are pressed there."""
    admin = town.person("admin")
    shown = await admin.say("channel", came_from=CHANNEL)
    assert isinstance(shown.view, Card)
    choice = next(button.action for button in shown.view.buttons if button.action)
    done = await admin.press(choice.do, choice.about)
    await town.deliver()
    assert "The channel follows" in text(done.view)
    assert in_channel(town)[-1].address == CHANNEL


async def test_a_channel_is_written_to_in_the_language_that_is_chosen_for_it(town: Town) -> None:
    admin = town.person("admin")
    await follow(town, admin)
    asked = (await admin.press("channel_language", f"{FREE.id} sandbox W1 C1")).view
    nynorsk = next(one.action for one in buttons(asked) if one.action and text(Notice(one.label)) == "Norsk nynorsk")
    assert "Norsk nynorsk" in text((await admin.press(nynorsk.do, nynorsk.about)).view)
    await admin.send(AddedToChannel(), came_from=CHANNEL)  # whatever else an event tells of it, that stays
    await town.tick_at(due("day_before"))
    assert in_channel(town)[-1].language is Language.NYNORSK
    assert in_channel(town)[0].language is not Language.NYNORSK  # the positive control: before it was chosen
    refused = await town.person("anna").press(nynorsk.do, nynorsk.about)
    assert "Only coordinators" in text(refused.view)


async def test_nobody_else_may_bind_a_channel(town: Town) -> None:
    refused = await town.person("anna").press("bind", FREE.id, came_from=CHANNEL)
    assert "Only coordinators" in text(refused.view)
    assert isinstance(refused.view, Notice)  # a card would take the place of the one that everybody looks at
    await town.tick_at(due("day_before"))
    assert in_channel(town) == []


async def test_alone_one_is_refused_with_ways_on(town: Town) -> None:
    assert isinstance((await town.person("anna").press("bind", FREE.id)).view, Card)


async def test_in_a_private_conversation_one_is_told_where_to_write_it(town: Town) -> None:
    assert "mention me" in text((await town.person("admin").say("channel")).view)


async def test_the_channel_hears_of_the_meeting_once_and_never_gets_the_link(town: Town) -> None:
    await follow(town, town.person("admin"))
    for rule in ("last_call", "last_call", "day_before", "day_before"):
        await town.tick_at(due(rule))
    told = in_channel(town)[1:]
    headlines = [m.text.splitlines()[0] for m in told]
    assert headlines == ["Register by Friday 29 January 2027 at 23:59", "Tomorrow: Träff fika"]
    assert all("zoom.example.org" not in m.text for m in told)
    assert "This comes here because the channel follows Fika." in told[-1].text


async def test_the_channel_is_offered_no_registration_that_is_closed_while_another_meeting_is_open(town: Town) -> None:
    later = replace(FREE.occasions[0], id="sen", deadline=FREE.occasions[0].deadline + timedelta(days=90))
    await town.load(replace(FREE, occasions=(FREE.occasions[0], replace(later, days=far(later.days)))))
    await follow(town, town.person("admin"))
    for rule in ("last_call", "day_before"):
        await town.tick_at(due(rule))
    called, reminded = [[b.action.do for b in buttons(m.view) if b.action] for m in in_channel(town)[1:3]]
    assert ("register" in called, "register" in reminded) == (True, False)


async def test_what_comes_about_one_meeting_is_kept_in_one_thread(town: Town) -> None:
    await follow(town, town.person("admin"))
    await town.tick_at(due("last_call"))
    await town.tick_at(due("day_before"))
    first, second = in_channel(town)[1:]
    assert (first.thread, bool(second.thread)) == ("", True)


async def test_without_threads_each_stands_in_the_channel_itself(town: Town) -> None:
    admin = town.person("admin")
    await follow(town, admin)
    await admin.press("thread", f"{FREE.id} sandbox W1 C1")
    await town.tick_at(due("last_call"))
    await town.tick_at(due("day_before"))
    assert [m.thread for m in in_channel(town)[1:]] == ["", ""]


async def test_a_channel_that_follows_no_more_gets_nothing(town: Town) -> None:
    admin = town.person("admin")
    await follow(town, admin)
    await admin.press("unbind", f"{FREE.id} sandbox W1 C1")
    await town.tick_at(due("day_before"))
    assert len(in_channel(town)) == 1


async def test_C2a_the_day_before_the_coordinator_is_told_exactly_what_to_do(town: Town) -> None:
    admin = town.person("admin")
    await follow(town, admin)
    town.posts["sandbox"].check_troubles = [Undeliverable(Trouble.FORBIDDEN, "not_in_channel")]
    town.clock.at = due("day_before") - timedelta(hours=72)
    await checked(town)
    assert any("I cannot write in lärträffar" in message for message in await admin.received())


async def test_C2a_checked_when_it_is_bound_and_then_not_before_something_is_due(town: Town) -> None:
    await follow(town, town.person("admin"))
    await checked(town)
    town.posts["sandbox"].check_troubles = [Undeliverable(Trouble.FORBIDDEN, "not_in_channel")]
    town.clock.move(days=2)
    await checked(town)
    assert len(town.posts["sandbox"].check_troubles) == 1


async def test_a_channel_without_a_name_is_asked_for_it_as_soon_as_it_is_bound(town: Town) -> None:
    admin = town.person("admin")
    await admin.press("bind", FREE.id, came_from=replace(CHANNEL, details={}))
    await checked(town)
    assert "c1" in text((await admin.press("channels", FREE.id)).view)


async def test_C2a_taken_out_of_the_channel_the_coordinator_hears_and_back_again_it_goes_on(town: Town) -> None:
    admin = town.person("admin")
    await follow(town, admin)
    await admin.send(RemovedFromChannel(), came_from=CHANNEL)
    await town.tick.tidy()
    assert any("I cannot write in" in message for message in await admin.received())
    await admin.send(AddedToChannel(), came_from=CHANNEL)
    await town.tick_at(due("day_before"))
    assert "Tomorrow" in in_channel(town)[-1].text


async def test_the_bot_greets_a_channel_once_ever(town: Town) -> None:
    admin = town.person("admin")
    for _ in range(2):
        await admin.send(AddedToChannel(), came_from=CHANNEL)
    await town.deliver()
    assert len(in_channel(town)) == 1


async def test_the_number_of_those_registered_is_edited_in_place(town: Town) -> None:
    await follow(town, town.person("admin"))
    await town.tick_at(due("last_call"))
    assert "Registered so far: 0" in in_channel(town)[-1].text
    town.clock.move(minutes=1)
    await town.person("anna").register(FREE.id)
    for _ in range(2):
        await town.tick.tidy()
        await town.deliver()
    (edited,) = [view for _reference, view in town.posts["sandbox"].updated if "Registered so far" in text(view)]
    assert "Registered so far: 1" in text(edited)


async def test_as_long_as_nothing_changes_nothing_is_edited(town: Town) -> None:
    await follow(town, town.person("admin"))
    await town.tick_at(due("last_call"))
    await town.tick.tidy()
    await town.deliver()
    assert town.posts["sandbox"].updated == []
