"""Whoever is said not to be one of the organisation attacks its workshop: boards, notes, votes, sealed boxes, plan."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from bot.domain.plans import PlanRow
from bot.flows import buttons, newcomers
from bot.handlers import joining
from bot.handlers.visit import Visit
from bot.messages import Form
from bot.ports import Address, Surface
from storage.groups import Groups
from storage.links import Kind, Links
from storage.plans import Plans
from storage.rounds import Rounds
from storage.tables import answers, groups, members, sealed
from tests.flows.samples import HABO, LUND
from tests.handlers import workshop_town
from tests.handlers.linked import owner, text_of
from tests.handlers.town import Person, text
from tests.handlers.workshop_town import PROGRAMME, Day, rate, write

WAYS = (buttons.ANSWER, buttons.NOTE, "board", "vote", "our_posts", "proposals", "results", "expected", "stored")


day, small = workshop_town.on_both, workshop_town.on_sqlite


async def throw_out(day: Day, whom: Person) -> None:
    await day.town.tick.tidy()
    about = f"{PROGRAMME.id} {LUND.key} {await owner(day.town, whom)}"
    assert "Closed to" in text((await day.leader.press(newcomers.NOT_OURS, about)).view)


async def looks(day: Day, who: Person, about: str) -> str:
    said = [text((await who.press(do, about)).view) for do in WAYS]
    said += [text((await who.say(words)).view) for words in ("answer", "take notes", "plan", "workshop", "group")]
    return "\n".join(said)


async def test_G3_every_way_into_the_workshop_is_closed_at_once(day: Day) -> None:
    await day.begin()
    await day.to("swot")
    about, gone = (await day.round("swot")).id, day.people[0]
    assert "SWOT" in await looks(day, gone, about)  # the control: until then the same ways lead there
    await throw_out(day, gone)
    said = await looks(day, gone, about)
    assert "SWOT" not in said
    assert "Plan of Lunds" not in said


async def test_a_form_that_lies_open_puts_nothing_on_the_board(day: Day) -> None:
    await day.begin()
    await day.to("swot")
    gone = day.people[0]
    form = (await gone.press(buttons.NOTE, (await day.round("swot")).id)).view
    assert isinstance(form, Form)
    await throw_out(day, gone)
    (name,) = (one.name for one in form.fields if one.kind == "text")
    await gone.submit(form, {name: "Smugglat"})
    texts = await day.town.read(lambda c: c.execute(select(answers.c.text)).scalars().all())
    assert "Smugglat" not in texts


async def test_a_sealed_form_that_lies_open_puts_nothing_in_the_box_and_what_was_sealed_stays(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    about, gone, late = (await small.round("skattning")).id, small.people[0], small.people[1]
    await rate(gone, about)
    form = (await late.press(buttons.SEAL, about, opens_forms=True)).view
    for one in (gone, late):
        await throw_out(small, one)
    before = await small.town.contents(sealed)
    assert len(before["sealed"]) == 1
    await late.submit(form, {"q.mal": "4"})
    assert await small.town.contents(sealed) == before


async def test_the_pen_goes_on_to_the_others_of_the_group(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    about, (gone, colleague) = (await small.round("swot")).id, small.people[:2]
    await write(gone, about, "Ett")
    await throw_out(small, gone)
    reply = await colleague.press(buttons.NOTE, about)
    take = next(one.action for one in reply.view.buttons if one.action and "over" in text_of(one.label))  # type: ignore[union-attr]
    assert isinstance((await colleague.press(take.do, take.about)).view, Form)


async def test_the_link_to_the_board_that_somebody_has_kept_opens_nothing_more(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    about, now = (await small.round("swot")).id, small.town.clock.now()
    kept = await small.town.work.run(lambda c: Links(c, now).give_out(Kind.BOARD, about))
    assert await small.town.read(lambda c: Links(c, now).open(kept, Kind.BOARD)) is not None
    await throw_out(small, small.people[0])
    assert await small.town.read(lambda c: Links(c, now).open(kept, Kind.BOARD)) is None
    assert "/board/" in repr((await small.people[1].press(buttons.BOARD, about)).view)


async def test_the_links_to_the_boards_of_others_stay(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    now = small.town.clock.now()
    theirs = replace(await small.round("swot"), id="habo", organisation=HABO.key)
    await small.town.work.run(lambda c: Rounds(c, now).add(theirs))
    kept = await small.town.work.run(lambda c: Links(c, now).give_out(Kind.BOARD, theirs.id))
    await throw_out(small, small.people[0])
    assert await small.town.read(lambda c: Links(c, now).open(kept, Kind.BOARD)) is not None


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_its_groups_cannot_be_joined_again(small: Day, elsewhere: bool) -> None:
    gone, (id,) = small.people[0], [await owner(small.town, small.people[0])]
    theirs = await small.town.read(lambda c: c.execute(select(groups.c.id)).scalars().all())
    await throw_out(small, gone)
    if elsewhere:
        await gone.register(PROGRAMME.id, organisation="Habo kommun")
    for group in theirs:
        await gone.press("join_group", group)
        await gone.press("take_notes_over", f"x {group}")
    assert await small.town.count(members, members.c.person == id) == 0


async def test_a_group_of_the_organisation_is_no_choice_for_whoever_takes_part_for_nobody_else(small: Day) -> None:
    town, id = small.town, await owner(small.town, small.people[0])

    def may_join(connection: Connection) -> bool:
        visit = Visit(connection, town.clock.now(), town.surroundings)
        group, *_others = joining.of(visit).of_programme(PROGRAMME.id)
        return joining.may_join(visit, group, id)

    assert await town.read(may_join) is True
    await throw_out(small, small.people[0])
    assert await town.read(may_join) is False


async def test_writing_from_the_group_s_channel_opens_nothing(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    gone, about = small.people[0], (await small.round("swot")).id
    channel = Address(gone.actor.platform, gone.actor.workspace, "C-lund", Surface.CHANNEL)
    group = await small.town.read(lambda c: str(c.execute(select(groups.c.id)).scalars().first()))
    await small.town.work.run(lambda c: Groups(c, small.town.clock.now()).talk_in(group, channel))
    assert isinstance((await gone.press(buttons.NOTE, about, came_from=channel)).view, Form)
    await throw_out(small, gone)
    for do in (buttons.NOTE, "board", "vote"):
        reply = await gone.press(do, about, came_from=channel)
        assert not isinstance(reply.view, Form)
        assert "SWOT" not in text(reply.view)


async def test_what_they_had_taken_on_in_the_plan_is_told_to_them_no_more(small: Day) -> None:
    gone = small.people[0]
    id, now = await owner(small.town, gone), small.town.clock.now()
    row = PlanRow("p1", PROGRAMME.id, LUND.key, LUND.name, "Ett", "Anna", owner=id)
    await small.town.work.run(lambda c: Plans(c, now).keep(row))
    assert id in await small.town.read(lambda c: Plans(c, now).owned(PROGRAMME.id))
    await throw_out(small, gone)
    assert id not in await small.town.read(lambda c: Plans(c, now).owned(PROGRAMME.id))
