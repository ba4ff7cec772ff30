"""A workshop of the whole programme, and somebody who belongs to a role's group and to a small one as well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from bot.flows.beginning import WHOLE
from bot.handlers import shelf, small_groups
from bot.handlers.visit import Visit
from bot.messages import Form, Notice
from storage.tables import workshops as rows
from tests.fixtures.seed_board import ROLE_GROUPS
from tests.flows.samples import HABO
from tests.handlers.town import Person, text
from tests.handlers.workshop import group, labels, open_round, press_on
from tests.handlers.workshop_town import OPEN, PROGRAMME, SCRIPT, Day, lund

WHICH = "Which group do you take notes for?"


@pytest.fixture
async def day(engine_url: str) -> AsyncIterator[Day]:
    """Everybody's workshop under way, at its first questions."""
    async with lund(engine_url) as opened:
        await group(opened.town, "", "Politikerna", opened.people[0], programme=PROGRAMME.id)
        await whole(opened)
        yield opened


async def whole(day: Day, groups: str = "") -> None:
    await begun(day, WHOLE, groups)


async def begun(day: Day, place: str, groups: str = "") -> None:
    day.leader = day.town.person("admin")
    form = (await day.leader.press("begin_workshop", f"{PROGRAMME.id} {SCRIPT.id}")).view
    last = (await day.leader.fill(form, "Begin now", place=place)).view
    assert isinstance(last, Form), text(last)
    await day.leader.submit(last, {"groups": groups} if groups else None)
    day.workshop = await day.town.read(
        lambda c: str(c.execute(select(rows.c.id).order_by(rows.c.begun_at.desc())).scalars().first())
    )
    day.town.clock.move(minutes=1)  # what was joined before it began is no choice of today's
    await day.to("swot")


async def notes(day: Day, who: Person, step: str) -> str:
    return text((await who.press("note", (await day.round(step)).id)).view)


async def test_who_is_in_two_is_asked_kindly_and_once_in_the_whole_workshop(day: Day) -> None:
    anna = day.people[0]
    asked = await anna.press("note", (await day.round("swot")).id)
    assert set(labels(asked)) == {"Politikerna", "Grupp 1"}
    for said in (WHICH, "You belong to several groups.", "I ask once"):
        assert said in text(asked.view)
    assert "Notes of Politikerna" in text((await press_on(anna, asked, "Politikerna")).view)
    assert "Notes of Politikerna" in await notes(day, anna, "swot")
    await day.to("forslag")
    assert "Notes of Politikerna" in await notes(day, anna, "forslag")


async def test_who_chose_the_wrong_one_presses_the_other(day: Day) -> None:
    anna = day.people[0]
    asked = await anna.press("note", (await day.round("swot")).id)
    await press_on(anna, asked, "Politikerna")
    day.town.clock.move(minutes=1)
    assert "Notes of Grupp 1" in text((await press_on(anna, asked, "Grupp 1")).view)
    assert "Notes of Grupp 1" in await notes(day, anna, "swot")


async def test_who_takes_over_in_a_group_has_chosen_it(day: Day) -> None:
    anna, bea = day.people[:2]
    await notes(day, bea, "swot")
    asked = await anna.press("note", (await day.round("swot")).id)
    taken = await press_on(anna, asked, "Grupp 1")
    for reply, label in ((asked, "Politikerna"), (taken, "Take over")):
        day.town.clock.move(minutes=1)
        await press_on(anna, reply, label)
    await day.to("forslag")
    assert "Notes of Grupp 1" in await notes(day, anna, "forslag")


async def test_what_another_took_is_nobody_elses_choice(day: Day) -> None:
    anna, bea = day.people[:2]
    asked = await anna.press("note", (await day.round("swot")).id)
    await press_on(anna, asked, "Politikerna")
    assert "Notes of Grupp 1" in await notes(day, bea, "swot")


async def test_the_choice_is_remembered_also_of_those_who_do_not_hold_the_pen(day: Day) -> None:
    anna, bea = day.people[:2]
    await notes(day, bea, "swot")
    asked = await anna.press("note", (await day.round("swot")).id)
    taken = "Bea takes notes for Grupp 1."
    assert taken in text((await press_on(anna, asked, "Grupp 1")).view)
    assert taken in await notes(day, anna, "swot")
    await day.to("forslag")
    assert "Notes of Grupp 1" in await notes(day, anna, "forslag")


async def test_in_another_workshop_it_is_asked_again(day: Day) -> None:
    anna = day.people[0]
    await press_on(anna, await anna.press("note", (await day.round("swot")).id), "Grupp 1")
    await day.press("workshop_end_confirmed")
    await whole(day)
    assert WHICH in await notes(day, anna, "swot")


async def test_who_is_in_one_group_is_never_asked(day: Day) -> None:
    assert WHICH not in await notes(day, day.people[2], "swot")


# --- Somebody who is in the group of their role alone -----------------------------------------------------------------


@pytest.fixture
async def roles(engine_url: str) -> AsyncIterator[Day]:
    """Everybody's workshop with two small groups; Stina and Kim are in the group of their role."""
    async with lund(engine_url) as opened:
        await opened.town.load(replace(PROGRAMME, role_groups=ROLE_GROUPS))
        await group(opened.town, "chefer", "Chefer", opened.stranger, opened.other, programme=PROGRAMME.id)
        await whole(opened, groups="2")
        yield opened


async def test_who_is_in_a_role_s_group_alone_is_offered_the_small_ones_and_their_own(roles: Day) -> None:
    asked = await roles.stranger.press("note", (await roles.round("swot")).id)
    assert {"Group 1", "Group 2", "Chefer"} <= set(labels(asked))
    assert "There are small groups today." in text(asked.view)


async def test_who_takes_a_small_one_is_in_it_from_then_on(roles: Day) -> None:
    asked = await roles.stranger.press("note", (await roles.round("swot")).id)
    assert "Notes of Group 2" in text((await press_on(roles.stranger, asked, "Group 2")).view)
    assert "Notes of Group 2" in await notes(roles, roles.stranger, "swot")
    await roles.to("forslag")
    assert "Notes of Group 2" in await notes(roles, roles.stranger, "forslag")


async def test_who_stays_in_the_role_s_group_is_not_asked_again(roles: Day) -> None:
    first, second = roles.stranger, roles.other
    for person in (first, second):
        await press_on(person, await person.press("note", (await roles.round("swot")).id), "Chefer")
    for step in ("swot", "forslag"):
        if step != "swot":
            await roles.to(step)
        assert "Notes of Chefer" in await notes(roles, first, step)
        assert "takes notes for Chefer." in await notes(roles, second, step)


async def test_a_role_s_group_is_waited_for_once_somebody_chose_it_in_place_of_a_small_one(roles: Day) -> None:
    async def leads() -> str:
        return text((await roles.leader.press("workshop_card", roles.workshop)).view)

    card = await leads()
    assert ("Group 1: 0 posts" in card, "Chefer" in card) == (True, False)
    asked = await roles.stranger.press("note", (await roles.round("swot")).id)
    await press_on(roles.stranger, asked, "Group 1")
    assert "Chefer" not in await leads()
    await press_on(roles.other, await roles.other.press("note", (await roles.round("swot")).id), "Chefer")
    assert "Chefer: 0 posts" in await leads()


async def test_a_closing_message_names_no_group_that_is_out_of_use_that_day(roles: Day) -> None:
    await roles.to("skattning")
    said = roles.got(roles.leader)
    assert ("Has not written anything: Group 1" in said, "Chefer" in said) == (True, False)


async def test_only_of_a_group_that_people_belong_to_it_is_said_that_others_can_tell_who_has_answered(
    roles: Day,
) -> None:
    """Those alone choose a small group who take its notes: how many sit at the table nobody knows."""
    warned = "The others can tell who has answered."
    for person, label, seen in ((roles.stranger, "Group 2", False), (roles.other, "Chefer", True)):
        asked = await person.press("note", (await roles.round("swot")).id)
        assert (warned in text((await press_on(person, asked, label)).view)) is seen


async def test_documents_name_no_group_that_was_out_of_use_that_day(roles: Day) -> None:
    async def silent() -> set[str]:
        about = (await roles.round("swot")).id

        def read(connection: Connection) -> set[str]:
            visit = Visit(connection, roles.town.clock.now(), roles.town.surroundings)
            found = shelf.read(connection, visit.now, visit.programmes, visit.surroundings.directory, about)
            assert found is not None
            return {text(Notice(one)) for one in shelf.missing(found).groups}

        return await roles.town.read(read)

    assert "Chefer" in await silent()  # the positive control: as long as nobody has written in a small one
    asked = await roles.stranger.press("note", (await roles.round("swot")).id)
    form = (await press_on(roles.stranger, asked, "Group 2")).view
    assert isinstance(form, Form)
    await roles.stranger.submit(form, {form.fields[0].name: "Samarbetet"})
    assert "Chefer" not in await silent()
    assert "Group 1" in await silent()


async def test_in_a_workshop_without_small_groups_every_role_s_group_is_waited_for(day: Day) -> None:
    await day.town.load(replace(PROGRAMME, role_groups=ROLE_GROUPS))
    await group(day.town, "chefer", "Chefer i Habo", day.other, programme=PROGRAMME.id, organisation_key=HABO.key)
    await begun(day, HABO.key)
    assert "Chefer i Habo: 0 posts" in text((await day.leader.press("workshop_card", day.workshop)).view)


async def test_a_round_that_is_over_counts_no_group_that_was_made_afterwards(roles: Day) -> None:
    await roles.to("skattning")
    roles.town.clock.move(minutes=1)
    await group(roles.town, "", "Bordet", roles.stranger, programme=PROGRAMME.id)
    for step, counted in (("swot", False), ("skattning", True)):
        card = text((await roles.leader.press("round", (await roles.round(step)).id)).view)
        assert ("Group 1" in card, "Bordet" in card) == (True, counted)


async def test_no_small_group_of_another_organisation_is_offered(roles: Day) -> None:
    asked = await roles.other.press("note", (await roles.round("swot")).id)  # of Habo
    assert "Group 1" in labels(asked)
    assert "Grupp 1" not in labels(asked)  # Lund's


async def test_outside_a_workshop_a_role_s_group_writes_as_before(roles: Day) -> None:
    await open_round(roles.town, "r9", OPEN, programme=replace(PROGRAMME, role_groups=ROLE_GROUPS))
    assert "Notes of Chefer" in text((await roles.stranger.press("note", "r9")).view)


async def test_when_the_workshop_is_over_its_small_groups_are_out_of_use_until_the_next_one(roles: Day) -> None:
    stina, which = roles.stranger, (await roles.round("swot")).id
    asked = await stina.press("note", which)
    await press_on(stina, asked, "Group 1")
    await roles.press("workshop_end_confirmed")
    await open_round(roles.town, "r9", OPEN, programme=replace(PROGRAMME, role_groups=ROLE_GROUPS))
    assert "Notes of Chefer" in text((await stina.press("note", "r9")).view)
    stands = text((await roles.leader.press("round", "r9")).view)
    assert ("Chefer" in stands, "Group 1" in stands) == (True, False)
    assert "Group 1" in text((await roles.leader.press("round", which)).view)  # as it was then
    before = len(roles.town.messages(stina))
    await roles.leader.press("nudge_groups", "r9")
    assert len(roles.town.messages(stina)) - before <= 1
    await whole(roles)
    assert {"Group 1", "Chefer"} <= set(labels(await stina.press("note", (await roles.round("swot")).id)))


async def test_out_of_use_a_small_group_is_offered_to_nobody(roles: Day) -> None:
    newcomer = roles.people[0]
    assert "Group 1" in labels(await newcomer.press("choose_group", PROGRAMME.id))
    await roles.press("workshop_end_confirmed")
    offered = set(labels(await newcomer.press("choose_group", PROGRAMME.id)))
    assert not offered & {"Group 1", "Group 2"}
    assert "Chefer" in offered or "Managers" in offered


async def test_in_one_organisation_s_workshop_no_small_group_of_the_whole_programme_is_offered(day: Day) -> None:
    """The control is the first test of these: in everybody's workshop it is."""
    town = day.town
    await town.load(replace(PROGRAMME, role_groups=ROLE_GROUPS))
    await group(town, "chefer", "Chefer i Habo", day.other, programme=PROGRAMME.id, organisation_key=HABO.key)
    await group(town, "", "Hela programmets", day.stranger, programme=PROGRAMME.id)
    await begun(day, HABO.key)
    assert "Notes of Chefer i Habo" in await notes(day, day.other, "swot")


async def test_control_without_the_offer_nobody_would_come_to_a_small_group(
    roles: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_groups, "offered", lambda *_asked: ())
    assert "Notes of Chefer" in await notes(roles, roles.stranger, "swot")
