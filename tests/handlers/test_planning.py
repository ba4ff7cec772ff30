"""Plans of organisations: who sees and writes them, what owners are told, meetings that move, owners who leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.domain.people import Role
from bot.domain.programmes import Programme, Span
from bot.flows import plan_cards, planning
from bot.handlers import planning as handlers
from bot.handlers.events import Left
from bot.messages import Card, Form, Notice, View
from storage.groups import Groups
from storage.people import People
from storage.plans import Plans
from storage.posts import Posts
from storage.tables import matters, outbox, plan_rows
from tests.flows.samples import DAYS, FREE, LUND, NOW, SINGLE, at, with_occasion
from tests.handlers.test_after_an_offer import give_everything_up
from tests.handlers.town import Person, Town, at_once, buttons, second_process, text

CANARY = "HEMLIGT-I-HABO"
ROW = {"what": "Följ upp besluten", "owner": planning.ME, "before": "a"}


async def id_of(town: Town, person: Person) -> str:
    return await town.read(lambda c: People(c, NOW).owner(person.actor)) or ""


async def make(town: Town, person: Person, role: Role) -> None:
    id = await id_of(town, person)
    await town.read(lambda c: People(c, NOW).appoint(id, role))


async def member(town: Town, name: str, organisation: str = "Lunds kommun", platform: str = "sandbox") -> Person:
    """Somebody with a seat at every meeting of the series."""
    person = town.person(name, platform)
    await person.register(SINGLE.id, occasions=("a", "b", "c"), organisation=organisation)
    return person


async def write(person: Person, key: str = LUND.key, **answers: str) -> View | None:
    """Fill in a new row."""
    form = (await person.press(plan_cards.ADD, plan_cards.about(SINGLE.id, key))).view
    return (await person.submit(form, {**ROW, **answers})).view


async def rows(town: Town) -> list[dict[str, object]]:
    def read(connection: Connection) -> list[dict[str, object]]:
        found = connection.execute(select(plan_rows).order_by(plan_rows.c.created_at, plan_rows.c.what))
        return [dict(row._mapping) for row in found]

    return await town.read(read)


def labels(view: View | None) -> list[str]:
    assert view is not None
    return [text(Notice(button.label)) for button in buttons(view)]


async def said(person: Person, words: str = "plan") -> str:
    return text((await person.say(words)).view)


# --- Seeing and writing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["planen min", "Planen vår", "min plan", "planen for kommunen", "plan Lunds kommun"])
async def test_G2_however_people_call_their_own_plan_they_find_it(small_town: Town, typed: str) -> None:
    anna = await member(small_town, "anna")
    assert "Plan of Lunds kommun" in await said(anna, typed)
    assert "Lunds kommun" not in await said(small_town.person("stranger"), typed)


async def test_G2_a_day_of_its_own_is_a_day_by_which_it_is_done(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    assert "Done by: Friday 15 January 2027" in text(await write(anna, before=planning.OWN_DAY, day="fredag"))


async def test_G2_a_row_is_written_in_one_form_and_stands_in_the_plan(town: Town) -> None:
    anna = await member(town, "anna")
    assert "There is nothing in the plan yet" in await said(anna)
    assert "It is in the plan" in text(await write(anna, deputy="Bo"))
    shown = await said(anna)
    for part in ("Plan of Lunds kommun", "Följ upp besluten", "Planned", "Anna", "Tue 9 Feb: Träff a", "Bo"):
        assert part in shown
    (row,) = await rows(town)
    assert (row["owner"], row["before"], row["progress"]) == (await id_of(town, anna), "a", "planned")


async def test_G2_a_colleague_is_offered_put_down_and_told(small_town: Town) -> None:
    anna, bo = await member(small_town, "anna"), await member(small_town, "bo")
    await write(anna, owner=await id_of(small_town, bo))
    assert "Anna has put you down for something in the plan" in (await bo.received())[-1]
    assert not [m for m in await anna.received() if "put you down" in m]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"owner": planning.SOMEBODY}, "Please write who sees to it"),
        ({"before": planning.OWN_DAY, "day": "igår"}, "Please write a day in the future"),
        ({"before": "x"}, "no longer there"),
        ({"what": " "}, "Please fill this in"),
    ],
)
async def test_a_refused_row_comes_back_filled_in(small_town: Town, answers: dict[str, str], reason: str) -> None:
    anna = await member(small_town, "anna")
    again = await write(anna, **{"deputy": "Bo", **answers})
    assert isinstance(again, Form)
    assert reason in text(again)
    assert again.values["deputy"] == "Bo"


async def test_G2_a_row_is_done_blocked_changed_or_removed_in_the_same_form(town: Town) -> None:
    anna = await member(town, "anna")
    await write(anna)
    (row,) = await rows(town)
    form = (await anna.press(plan_cards.UPDATE, str(row["id"]))).view
    shown = text((await anna.submit(form, {"progress": "blocked", "remark": "Ingen tid"})).view)
    assert ("Stuck" in shown, "Ingen tid" in shown) == (True, True)
    form = (await anna.press(plan_cards.UPDATE, str(row["id"]))).view
    assert "Removed from the plan" in text((await anna.submit(form, {"progress": planning.REMOVE})).view)
    assert await rows(town) == []
    assert "no longer in the plan" in text((await anna.press(plan_cards.UPDATE, str(row["id"]))).view)


async def test_two_who_change_a_row_at_once_never_both_believe_to_be_alone(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    await write(anna)
    id = str((await rows(town))[0]["id"])
    async with second_process(town) as other:
        bo.reception = other
        forms = [(await one.press(plan_cards.UPDATE, id)).view for one in (anna, bo)]
        town.clock.move(minutes=1)
        replies = await at_once(anna.submit(forms[0], {"progress": "done"}), bo.submit(forms[1], {"remark": "Nej"}))
    asked = [isinstance(reply.view, Form) for reply in replies]
    assert sorted(asked) == [False, True]


async def test_the_same_submit_twice_is_one_row(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    form = (await anna.press(plan_cards.ADD, plan_cards.about(SINGLE.id, LUND.key))).view
    replies = [await anna.submit(form, dict(ROW), delivery="the same") for _ in range(2)]
    assert text(replies[0].view) == text(replies[1].view)
    assert len(await rows(small_town)) == 1


# --- Nobody else's ----------------------------------------------------------------------------------------------------


async def habo(town: Town) -> tuple[Person, str, str]:
    """Somebody of another organisation, whose plan has a canary; the row's id and where the plan is."""
    kim = await member(town, "kim", "Habo kommun")
    await write(kim, "SE-1643", what=CANARY, deputy=CANARY)
    return kim, str((await rows(town))[-1]["id"]), plan_cards.about(SINGLE.id, "SE-1643")


async def test_the_plan_of_another_organisation_is_neither_shown_nor_changed(town: Town) -> None:
    anna = await member(town, "anna")
    _kim, row, place = await habo(town)
    before = await rows(town)
    for do, about in (("plan", place), (plan_cards.ADD, place), (plan_cards.UPDATE, row), ("plan", SINGLE.id)):
        for opens_forms in (True, False):
            reply = await anna.press(do, about, opens_forms=opens_forms)
            assert CANARY not in repr(reply), do
    assert "belongs to another organisation" in text((await anna.press("plan", place)).view)
    assert CANARY not in "".join(await anna.received())
    assert await rows(town) == before


async def test_control_without_the_look_at_whose_it_is_the_canary_shows(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await member(town, "anna")
    _kim, row, place = await habo(town)
    monkeypatch.setattr(handlers, "organisations", lambda *_asked: {"SE-1643": "Habo kommun"})
    assert CANARY in repr(await anna.press("plan", place))
    assert CANARY in repr(await anna.press(plan_cards.UPDATE, row))


async def test_whose_plan_it_is_is_looked_at_again_when_the_form_comes_in(town: Town) -> None:
    kim, row, _place = await habo(town)
    form = (await kim.press(plan_cards.UPDATE, row)).view
    for _ in range(3):
        await kim.fill((await kim.click("Cancel registration")).view)
    await town.read(lambda c: People(c, NOW).remember(replace(People(c, NOW).person(_id(c, kim)), organisation=None)))
    assert "belongs to another organisation" in text((await kim.submit(form, {"progress": "done"})).view)
    assert (await rows(town))[0]["progress"] == "planned"


def _id(connection: Connection, person: Person) -> str:
    return str(People(connection, NOW).owner(person.actor))


async def test_what_people_write_is_never_anything_but_text(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    hostile = "<!channel> [x](https://evil.example) {what} {{DATE()}} %s"
    await write(anna, what=hostile, owner=planning.SOMEBODY, who=hostile, deputy=hostile)
    assert (await said(anna)).count(hostile) == 3


# --- Which plan -------------------------------------------------------------------------------------------------------


async def test_the_word_opens_the_only_plan_or_asks_which_one(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    await anna.register(FREE.id, organisation="Habo kommun")
    assert "Which plan?" in await said(anna)
    assert "Plan of Habo kommun" in await said(anna, "plan fika")
    assert "Plan of Lunds kommun" in await said(anna, "plan dialog")
    assert "You have no plan yet" in await said(small_town.person("bo"))


async def test_whoever_has_given_up_their_seats_and_still_belongs_to_a_group_finds_the_plan(town: Town) -> None:
    anna = await member(town, "anna")
    id = await id_of(town, anna)
    await write(anna, what=ROW["what"])
    await town.read(lambda c: Groups(c, NOW).join(Groups(c, NOW).found(SINGLE.id, "", "Nämnden").id, id))
    await anna.say("my registrations")
    await give_everything_up(anna)
    town.clock.move(minutes=11)
    await town.tick.run()
    assert ROW["what"] in await said(anna)


async def test_whoever_takes_part_for_two_organisations_chooses(town: Town) -> None:
    anna = await member(town, "anna")
    id = await id_of(town, anna)
    await town.read(lambda c: Posts(c, NOW).add_contact(SINGLE.id, "SE-1643", id))
    assert labels((await anna.say("plan dialog")).view) == ["Lunds kommun", "Habo kommun"]


async def test_an_organisation_that_nobody_has_registered_before_has_a_plan_too(small_town: Town) -> None:
    anna = await member(small_town, "anna", "Vårt eget <at>bolag</at>")
    plan = (await anna.say("plan")).view
    assert isinstance(plan, Card)
    new = plan.buttons[0].action
    assert new is not None
    await anna.submit((await anna.press(new.do, new.about)).view, dict(ROW))
    shown = (await anna.say("plan")).view
    assert isinstance(shown, Card)
    assert "Följ upp besluten" in text(shown)
    assert not [b for b in buttons(shown) if b.action and "<at>" in str(b.action)]


async def test_a_long_plan_comes_in_pages_with_what_is_done_last(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    for number in range(plan_cards.MOST + 2):
        await write(anna, what=f"Steg {number:02}", before="b")
    form = (await anna.press(plan_cards.UPDATE, str((await rows(small_town))[0]["id"]))).view
    await anna.submit(form, {"progress": "done"})
    first = (await anna.say("plan")).view
    assert ("1–8 of 10" in text(first), "Steg 00" in text(first)) == (True, False)
    more = plan_cards.about(SINGLE.id, LUND.key, plan_cards.MOST)
    assert "Steg 00" in text((await anna.press("plan", more)).view)


# --- Coordinators -----------------------------------------------------------------------------------------------------


async def test_the_matrix_counts_every_organisation_and_drills_into_one_without_changing_it(town: Town) -> None:
    anna = await member(town, "anna")
    await member(town, "kim", "Habo kommun")
    await write(anna, owner=planning.NOBODY)
    lo = town.person("lo")
    await lo.say("help")
    await make(town, lo, Role.COORDINATOR)
    shown = text((await lo.press(plan_cards.MATRIX, SINGLE.id)).view)
    for part in (
        "2 organisations take part",
        "1 has no plan yet",
        "Habo kommun",
        "1 planned, of which nobody has taken on 1",
    ):
        assert part in shown
    seen = (await lo.press("plan", plan_cards.about(SINGLE.id, LUND.key))).view
    assert "Följ upp besluten" in text(seen)
    assert labels(seen) == ["All plans"]
    assert labels((await anna.say("plan")).view) == ["New row", "Update"]


async def test_the_matrix_is_for_coordinators(small_town: Town) -> None:
    anna = await member(small_town, "anna")
    assert "Only coordinators" in text((await anna.press(plan_cards.MATRIX, SINGLE.id)).view)


# --- Nudges -----------------------------------------------------------------------------------------------------------


async def tick_days_before(town: Town, days: int, programme: Programme = SINGLE) -> None:
    day = programme.occasions[0].starts_at.date()
    await town.tick_at(at(day - timedelta(days=days), 9))


async def plan_nudges(person: Person) -> list[str]:
    return [one for one in await person.received() if "In your plan before" in one]


async def test_G2_an_owner_is_nudged_twice_before_the_meeting_and_not_once_it_is_done(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    await write(anna)
    await write(bo, what="Mät läget")
    await tick_days_before(town, 14)
    assert ["Följ upp besluten" in one for one in await digests(anna)] == [True]
    id = next(str(row["id"]) for row in await rows(town) if row["what"] == "Mät läget")
    await bo.submit((await bo.press(plan_cards.UPDATE, id)).view, {"progress": "done"})
    await town.tick_at(at(DAYS[0] - timedelta(days=1), 9))  # two days before is a Sunday
    assert [len(await digests(one)) for one in (anna, bo)] == [2, 1]


async def digests(person: Person) -> list[str]:
    """Everything that was sent and speaks of the plan as a nudge."""
    return [one for one in await person.received() if "you are named in your organisation’s plan" in one]


async def test_an_owner_without_a_seat_is_nudged_too_and_may_say_no_more(small_town: Town) -> None:
    anna, bo = await member(small_town, "anna"), small_town.person("bo")
    await bo.say("help")
    id = await id_of(small_town, bo)
    await small_town.read(lambda c: Posts(c, NOW).add_contact(SINGLE.id, LUND.key, id))
    await write(anna, owner=id)
    await tick_days_before(small_town, 14)
    assert len(await plan_nudges(bo)) == 1
    await bo.submit((await bo.say("pause")).view, {"level": "none", "programme": "all", "pause": "no"})
    await small_town.tick_at(at(DAYS[0] - timedelta(days=1), 8))
    assert len(await plan_nudges(bo)) == 1


async def test_G2b_the_row_moves_with_its_meeting(town: Town) -> None:
    anna = await member(town, "anna")
    await write(anna)
    later = DAYS[0] + timedelta(days=28)
    moved = with_occasion(SINGLE, "a", days=(Span(at(later, 9, 30), at(later, 15)),))
    await town.load(moved)
    assert "Tue 9 Mar: Träff a" in await said(anna)
    await tick_days_before(town, 14)
    assert await digests(anna) == []
    await tick_days_before(town, 14, moved)
    assert len(await digests(anna)) == 1


async def test_G2_what_was_to_be_done_before_a_meeting_is_asked_for_again_when_it_has_been(town: Town) -> None:
    far = with_occasion(SINGLE, "b", days=(Span(at(DAYS[2] - timedelta(days=1), 9), at(DAYS[2], 9)),))
    await town.load(far)
    anna = await member(town, "anna")
    await write(anna)
    await tick_days_before(town, 14, far)
    await town.tick_at(at(DAYS[0] + timedelta(days=14), 9))
    (asked,) = [one for one in await anna.received() if "Still open in your plan: Träff a" in one]
    assert "• Följ upp besluten" in asked
    assert "Update" in [text(Notice(one.label)) for one in buttons((town.messages(anna)[-1]).view)]


async def test_G2_what_is_overdue_stands_among_what_is_to_be_done_before_the_next_meeting(town: Town) -> None:
    anna = await member(town, "anna")
    await write(anna)
    await town.tick_at(at(DAYS[1] - timedelta(days=14), 9))
    assert any("In your plan before Träff b" in one and "Följ upp besluten" in one for one in await anna.received())


async def test_the_agenda_says_how_the_readers_own_plan_stands(town: Town) -> None:
    anna, kim = await member(town, "anna"), await member(town, "kim", "Habo kommun")
    await write(anna, owner=planning.NOBODY)
    await tick_days_before(town, 14)
    assert any("Your plan: 0 of 1 row done." in one for one in await anna.received())
    assert not any("Your plan" in one for one in await kim.received())


# --- Owners who leave -------------------------------------------------------------------------------------------------


async def test_G2a_who_leaves_loses_their_rows_and_the_contact_is_asked_once(town: Town) -> None:
    anna, bo = await member(town, "anna", platform="slack"), await member(town, "bo", platform="slack")
    await write(bo)
    id = await id_of(town, anna)
    await town.read(lambda c: Posts(c, NOW).add_contact(SINGLE.id, LUND.key, id))
    for _ in range(2):
        await bo.send(Left())
    assert sum("Bo no longer takes part. Who sees to this now?" in one for one in await anna.received()) == 1
    assert "Nobody has taken this on yet" in await said(anna)
    assert (await rows(town))[0]["owner"] is None


async def test_G2a_when_nobody_of_the_organisation_is_left_the_coordinators_are_told(town: Town) -> None:
    bo = await member(town, "bo", platform="slack")
    await write(bo)
    await bo.send(Left())
    assert await town.count(matters, matters.c.kind == "plan") == 1
    assert await town.count(outbox, outbox.c.key.like("plan-left:%")) == 0


async def test_what_is_done_stays_as_it_was_when_its_owner_leaves(small_town: Town) -> None:
    bo = await member(small_town, "bo", platform="slack")
    await write(bo)
    (row,) = await rows(small_town)
    form = (await bo.press(plan_cards.UPDATE, str(row["id"]))).view
    await bo.submit(form, {"progress": "done"})
    await bo.send(Left())
    plan = await small_town.read(lambda c: Plans(c, NOW).of_programme(SINGLE.id))
    assert [(one.who, one.lacks_owner) for one in plan] == [("Bo", False)]


async def out_of_it(town: Town, *persons: Person) -> None:
    """They give up all their seats, and can no longer undo it."""
    for one in persons:
        await one.say("my registrations")
        await give_everything_up(one)
    town.clock.move(minutes=11)
    await town.tick.run()


async def test_R20_when_whoever_has_rows_gives_up_all_their_seats_a_colleague_is_asked_once(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    await write(anna)
    await anna.say("my registrations")
    await give_everything_up(anna)
    await town.tick.run()
    assert (await rows(town))[0]["owner"] == await id_of(town, anna), "for ten minutes it can be undone"
    for _ in range(2):
        town.clock.move(minutes=11)
        await town.tick.run()
    (asked,) = [one for one in await bo.received() if "Anna no longer takes part. Who sees to this now?" in one]
    assert "• Följ upp besluten" in asked
    assert "Nobody has taken this on yet" in await said(bo)
    await tick_days_before(town, 14)
    assert await digests(anna) == []


async def test_R20_who_undoes_it_or_keeps_a_seat_keeps_what_they_have_taken_on(small_town: Town) -> None:
    anna, bo = await member(small_town, "anna"), await member(small_town, "bo")
    await write(anna)
    await write(bo, what="Boka rum")
    await anna.say("my registrations")
    await give_everything_up(anna)
    await anna.click("Undo")
    await bo.say("my registrations")
    form = (await bo.click("Cancel registration")).view
    assert isinstance(form, Form)
    await bo.fill((await bo.submit(form, {"seats": (form.fields[0].options[0].value,)})).view)  # type: ignore[union-attr]
    small_town.clock.move(minutes=11)
    await small_town.tick.run()
    assert sorted(await small_town.states()) == ["confirmed"] * 5 + ["released"]
    owners = {one["what"]: one["owner"] for one in await rows(small_town)}
    assert owners == {ROW["what"]: await id_of(small_town, anna), "Boka rum": await id_of(small_town, bo)}


async def test_R20_what_is_taken_on_elsewhere_stays_with_whoever_has_it(small_town: Town) -> None:
    anna, _bo = await member(small_town, "anna"), await member(small_town, "bo")
    id = await id_of(small_town, anna)
    await small_town.read(lambda c: Posts(c, NOW).add_contact(SINGLE.id, "SE-1643", id))
    await write(anna)
    await write(anna, "SE-1643", what="I Habo")
    await out_of_it(small_town, anna)
    assert {one["what"]: one["owner"] for one in await rows(small_town)} == {ROW["what"]: None, "I Habo": id}


async def test_R20_a_colleague_is_asked_in_working_hours(small_town: Town) -> None:
    anna, bo = await member(small_town, "anna"), await member(small_town, "bo")
    await write(anna)
    small_town.clock.at = at((NOW + timedelta(days=1)).date(), 21)
    await out_of_it(small_town, anna)
    assert not any("no longer takes part" in one for one in await bo.received())
    small_town.clock.at = at((NOW + timedelta(days=2)).date(), 8)
    assert "Anna no longer takes part" in (await bo.received())[-1]


async def test_R20_when_all_of_an_organisation_have_given_up_their_seats_the_coordinators_are_told(town: Town) -> None:
    anna, bo = await member(town, "anna"), await member(town, "bo")
    await write(anna)
    await out_of_it(town, anna, bo)
    assert not any("no longer takes part" in one for one in await bo.received())
    assert await town.count(matters, matters.c.kind == "plan") == 1
