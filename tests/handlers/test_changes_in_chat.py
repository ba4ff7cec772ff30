"""A programme changed in chat: the effect seen before, undone in time, and told like any other change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, true

from bot.domain.changes import Kind
from bot.domain.programmes import Programme
from bot.handlers import amending
from bot.messages import Form, View
from storage import programmes
from storage.programmes import Catalogue
from storage.tables import changes as table
from storage.tables import nudges, outbox
from tests.flows.samples import NOW, SINGLE, at, with_capacity, with_occasion, words
from tests.handlers.changed import NINE_DAYS_ON, B, news, pass_ten_minutes
from tests.handlers.test_changes import entry, line
from tests.handlers.town import Person, Town, buttons, surroundings, text
from tests.storage.test_programmes import moved

B_DAY, NEXT_DAY = "2027-03-16", "2027-03-17"


async def effect(admin: Person, **answers: str) -> View | None:
    """Move the middle meeting, up to what follows from it."""
    form = (await admin.press("amend", SINGLE.id)).view
    form = (await admin.submit(form, {"occasion": "b"})).view
    given = {"day.1": NINE_DAYS_ON, **{name.replace("__", "."): value for name, value in answers.items()}}
    return (await admin.submit(form, given)).view


async def test_C4_the_coordinator_sees_the_effect_before_confirming(town: Town) -> None:
    for name, platform in (("anna", "slack"), ("bo", "teams"), ("eva", "teams")):
        await town.person(name, platform).register(occasions=("b",))
    shown = text(await effect(town.person("admin")))
    assert "Was Tuesday 16 March" in shown
    assert "is now Thursday 25 March" in shown
    assert "1 person in Slack" in shown
    assert "2 people in Teams" in shown
    assert "Preparation: Tuesday 9 March 2027 at 09:00 → Thursday 18 March 2027 at 09:00" in shown
    assert await town.count(table, true()) == 0


async def test_C4_confirmed_it_settles_and_is_told(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    done = (await admin.submit(await effect(admin))).view
    assert "1 person is told in ten minutes." in text(done)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == ["NEW DATE: Träff b"]


async def test_C4_what_is_confirmed_late_in_the_evening_is_told_in_the_morning_once_with_what_came_in_between(
    town: Town,
) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    town.clock.at = at(NOW.date(), 23, 20)
    done = text((await admin.submit(await effect(admin))).view)
    assert "1 person is told on Tuesday 12 January 2027 at 08:00." in done
    await pass_ten_minutes(town)
    town.clock.at = at(NOW.date() + timedelta(days=1), 6)
    assert "told on Tuesday 12 January" in text((await admin.submit(await effect(admin, place="Lund"))).view)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == []
    await town.tick_at(at(NOW.date() + timedelta(days=1), 8))
    assert news(await anna.received()) == ["NEW DATE: Träff b"]
    assert "The place was Zoom and is now Lund." in (await anna.received())[-1]


async def test_C4_whoever_is_in_a_hurry_lets_it_be_told_at_night_and_until_the_morning_it_can_be_undone(
    town: Town,
) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    town.clock.at = at(NOW.date(), 23, 20)
    await admin.submit(await effect(admin))
    await pass_ten_minutes(town)
    assert "nobody was told" in text((await admin.press("undo_change", f"{SINGLE.id} b 1")).view)
    await town.tick_at(at(NOW.date() + timedelta(days=1), 8))
    assert news(await anna.received()) == []
    town.clock.at = at(NOW.date() + timedelta(days=1), 23, 20)
    await admin.submit(await effect(admin))
    await admin.press("tell_now", SINGLE.id)
    await town.tick_at(town.clock.at)
    assert news(await anna.received()) == ["NEW DATE: Träff b"]


async def test_C4_whoever_registers_before_it_is_told_knows_nothing_else_and_hears_nothing(town: Town) -> None:
    early, late, admin = town.person("early"), town.person("late"), town.person("admin")
    await early.register(occasions=("b",))
    town.clock.at = at(NOW.date(), 23, 20)
    await admin.submit(await effect(admin))
    town.clock.move(minutes=30)
    await late.register(occasions=("b",))
    await town.tick_at(at(NOW.date() + timedelta(days=1), 8))
    assert [news(await one.received()) for one in (early, late)] == [["NEW DATE: Träff b"], []]


async def test_C4_who_registered_after_the_programme_was_loaded_is_among_those_who_will_be_told(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    town.clock.move(minutes=30)
    await anna.register(occasions=("b",))
    town.clock.move(minutes=30)
    shown = await effect(admin)
    assert "Will be told: 1 person in Sandbox" in text(shown)
    assert "1 person is told in ten minutes." in text((await admin.submit(shown)).view)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == ["NEW DATE: Träff b"]


async def add_a_day(town: Town) -> View | None:
    """Let the middle meeting last two days; the calendar entry of its one seat before and after."""
    admin = town.person("admin")
    return (await admin.submit(await effect(admin, day__1=B_DAY, day__2=NEXT_DAY))).view


async def test_C4_a_day_is_added_told_and_is_in_the_same_calendar_entry(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("b",))
    before = await entry(town, "b")
    assert "1 person is told in ten minutes." in text(await add_a_day(town))
    await pass_ten_minutes(town)
    after = await entry(town, "b")
    assert [line(one, "SEQUENCE") for one in (before, after)] == ["SEQUENCE:0", "SEQUENCE:1"]
    assert line(before, "UID") == line(after, "UID")
    assert line(before, "DTSTART") == line(after, "DTSTART")
    assert line(before, "DTEND").replace("20270316", "20270317") == line(after, "DTEND")
    assert news(await anna.received()) == ["NEW DATE: Träff b"]
    assert "Wednesday 17 March" in (await anna.received())[-1]


async def test_C4_an_added_day_is_undone_as_if_it_had_never_been(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    done = await add_a_day(town)
    undo = next(str(one.action.about) for one in buttons(done) if one.action and one.action.do == "undo_change")
    await admin.press("undo_change", undo)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == []
    stands = await town.read(lambda c: town.surroundings.catalogue.read(c)[SINGLE.id].occasion("b"))
    assert (stands.days, stands.agenda) == (B.days, B.agenda)


async def test_C4_what_is_said_after_a_meeting_waits_for_the_added_day(town: Town) -> None:
    await town.person("anna").register(occasions=("b",))
    await town.tick.run()
    was = await due(town)
    await add_a_day(town)
    await pass_ten_minutes(town)
    assert [one - was[0] for one in (await due(town))[:1]] == [timedelta(days=1)]


async def due(town: Town) -> list[datetime]:
    """When the reminders after the middle meeting are due."""
    after = nudges.c.about == "b", nudges.c.rule == "afterwards"
    rows = select(nudges.c.due_at).where(*after).order_by(nudges.c.due_at)
    return list(await town.read(lambda c: c.execute(rows).scalars().all()))


async def changed_by(town: Town) -> tuple[str, str]:
    """The coordinator has moved the meeting; what the buttons Undo and Tell them now are about."""
    admin = town.person("admin")
    done = (await admin.submit(await effect(admin))).view
    found = {button.action.do: button.action.about for button in done.buttons if button.action}  # type: ignore[union-attr]
    return found["undo_change"], found["tell_now"]


async def test_C4_undone_within_ten_minutes_nobody_is_told(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    undo, _tell_now = await changed_by(town)
    town.clock.move(minutes=9, seconds=59)
    assert "Undone." in text((await admin.press("undo_change", undo)).view)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == []
    assert "Tuesday 16 March" in text((await anna.press("mine")).view)


async def test_C4_when_people_have_been_told_it_is_too_late_to_undo(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    undo, _tell_now = await changed_by(town)
    await pass_ten_minutes(town)
    assert "People have been told already" in text((await admin.press("undo_change", undo)).view)


async def test_C4_undo_never_takes_back_what_somebody_else_has_changed_since(town: Town) -> None:
    await town.person("anna").register(occasions=("b",))
    undo, _tell_now = await changed_by(town)
    await town.load(moved(SINGLE, "b", timedelta(days=2)))
    assert "it has changed again" in text((await town.person("admin").press("undo_change", undo)).view)
    assert "Thursday 18 March" in text((await town.person("anna").press("mine")).view)


async def test_C4c_an_urgent_change_is_told_at_once(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    _undo, tell_now = await changed_by(town)
    await admin.press("tell_now", tell_now)
    await town.tick_at(town.clock.now())
    assert news(await anna.received()) == ["NEW DATE: Träff b"]


async def test_C4b_cancelling_in_chat_shows_the_price_effect_and_is_told(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("a", "b", "c"))
    form = (await admin.press("call_off", SINGLE.id)).view
    shown = (await admin.submit(form, {"occasion": "b"})).view
    assert "3,000" in text(shown)
    assert "2,400" in text(shown)
    await admin.submit(shown)
    await pass_ten_minutes(town)
    assert news(await anna.received()) == ["CANCELLED: Träff b"]


async def test_C4_two_coordinators_at_once_the_second_sees_that_it_has_changed(town: Town) -> None:
    first, second = town.person("admin"), town.person("chef")
    town.surroundings = surroundings(administrators=frozenset({"sandbox:W1:admin", "sandbox:W1:chef"}))
    town.reception._surroundings = town.surroundings
    mine, theirs = await effect(first, place="Lund"), await effect(second, place="Malmö")
    await first.submit(mine)
    refused = (await second.submit(theirs)).view
    assert "Somebody else has changed this meeting meanwhile" in text(refused)
    assert isinstance(refused, Form)
    assert refused.values["place"] == "Malmö"
    done = await second.submit((await second.submit(refused)).view)
    assert "The place was Lund and is now Malmö." in text(done.view)


async def test_C4_one_who_opened_the_form_before_the_others_change_is_told_to_look_closely(town: Town) -> None:
    admin = town.person("admin")
    form = (await admin.press("amend", SINGLE.id)).view
    form = (await admin.submit(form, {"occasion": "b"})).view
    await town.load(with_occasion(SINGLE, "b", place=words("Lund")))
    shown = (await admin.submit(form, {"day.1": NINE_DAYS_ON})).view
    assert "Somebody else has changed this meeting since you opened it." in text(shown)


@pytest.mark.parametrize("action", sorted(amending.ROUTES))
async def test_only_coordinators_may_touch_a_programme(town: Town, action: str) -> None:
    anna = town.person("anna")
    about = f"{SINGLE.id} b 0" if action == "undo_change" else SINGLE.id
    before = await town.contents(table, outbox)
    assert "Only coordinators" in text((await anna.press(action, about)).view)
    assert await town.contents(table, outbox) == before


async def test_C1a_copied_it_is_a_draft_that_sends_nothing_until_it_is_published(town: Town) -> None:
    admin = town.person("admin")
    form = (await admin.press("copy", SINGLE.id)).view
    card = (await admin.submit(form, {"edition": "Våren 2028", "first": "2028-02-08"})).view
    assert "Draft: Dialog" in text(card)
    assert "Tuesday 14 March 2028" in text(card)
    assert "Draft: Dialog" in text((await admin.say("status")).view)
    await town.tick_at(datetime(2028, 2, 7, 9, tzinfo=NOW.tzinfo))
    assert await planned(town) == 0
    form = (await admin.press("publish", f"{SINGLE.id}-varen-2028")).view
    assert "Still missing: joining link: Träff a" in text(form)
    await admin.submit(form)
    await town.tick_at(town.clock.now())
    assert await planned(town) > 0


async def planned(town: Town) -> int:
    from storage.tables import nudges

    return await town.count(nudges, nudges.c.programme == f"{SINGLE.id}-varen-2028")


async def test_C1_a_rule_is_changed_in_chat_and_the_schedule_follows(town: Town) -> None:
    admin, anna = town.person("admin"), town.person("anna")
    await anna.register(occasions=("b",))
    form = (await admin.press("rules", SINGLE.id)).view
    assert "7 days before the meeting at 09.00, to participants" in text(form)
    form = (await admin.submit(form, {"rule": "preparation"})).view
    done = (await admin.submit(form, {"days": "5", "at": "10.30", "text": "Ta med er plan."})).view
    assert "5 days before the meeting at 10.30" in text(done)
    await town.tick_at(at((B.starts_at - timedelta(days=7)).date(), 9))
    assert not any(m.startswith("Prepare for Träff b") for m in await anna.received())
    await town.tick_at(at((B.starts_at - timedelta(days=5)).date(), 10, 30))
    assert "Ta med er plan." in (await anna.received())[-1]


# --- The agenda -------------------------------------------------------------------------------------------------------


def agenda(programme: Programme) -> list[str]:
    return [f"{one.at:%H.%M}" for one in programme.occasion("b").agenda]


async def loaded(town: Town) -> Programme:
    return await town.read(lambda connection: Catalogue().read(connection)[SINGLE.id])


async def test_C4_a_new_agenda_alone_is_kept_and_nobody_is_told(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    done = (await admin.submit(await effect(admin, day__1=B_DAY, agenda__1="10.00 Samtal"))).view
    assert "The agenda is changed." in text(done)
    await pass_ten_minutes(town)
    assert (agenda(await loaded(town)), news(await anna.received())) == (["10.00"], [])


async def test_C4_undone_a_moved_meeting_has_its_agenda_back(town: Town) -> None:
    await town.person("anna").register(occasions=("b",))
    admin = town.person("admin")
    done = (await admin.submit(await effect(admin, agenda__1="10.00 Samtal"))).view
    assert agenda(await loaded(town)) == ["10.00"]
    assert done is not None
    (undo,) = [one.action for one in buttons(done) if one.action and one.action.do == "undo_change"]
    await admin.press(undo.do, undo.about)
    assert agenda(await loaded(town)) == ["09.30", "12.00"]


async def load_file(town: Town, programme: Programme) -> programmes.Loaded:
    return await town.work.run(lambda connection: programmes.load_file(connection, programme, town.clock.now()))


async def test_C4_what_was_changed_in_chat_is_not_put_back_by_the_file(town: Town) -> None:
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(occasions=("b",))
    await admin.submit(await effect(admin))
    await pass_ten_minutes(town)
    told = news(await anna.received())
    again = await load_file(town, with_occasion(SINGLE, "a", capacity=40))
    await pass_ten_minutes(town)
    assert (again.changed, [one.id for one in again.programme.filed]) == ((), ["b"])
    assert news(await anna.received()) == told == ["NEW DATE: Träff b"]
    anew = await load_file(town, with_occasion(SINGLE, "b", link="https://zoom.example.org/new"))
    assert [(one.after.id, one.kinds) for one in anew.changed] == [("b", frozenset({Kind.LINK}))]
    assert anew.programme.occasion("b").days == again.programme.occasion("b").days


async def test_C4_the_new_last_day_free_of_charge_is_seen_before_and_told_to_those_who_pay(town: Town) -> None:
    admin, anna, bo = town.person("admin"), town.person("anna"), town.person("bo")
    await town.load(with_capacity(SINGLE, 1))
    await anna.register(occasions=("b",))
    await bo.register(occasions=("b",))
    town.clock.at = at(date(2027, 3, 11), 9)  # two weeks before the new day
    form = await effect(admin)
    free = "Free to cancel until: "
    assert f"{free}Monday 1 March 2027 at 23:59 → Thursday 18 March 2027 at 23:59" in text(form)
    await admin.submit(form)
    await pass_ten_minutes(town)
    assert f"{free}Thursday 18 March 2027 at 23:59" in (await anna.received())[-1]
    assert free not in (await bo.received())[-1]
    town.clock.at = at(date(2027, 3, 18), 23)
    assert "Cost of cancelling: No cost" in text((await anna.click("I cannot come")).view)
