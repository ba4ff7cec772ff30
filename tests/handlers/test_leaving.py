"""People who leave or can no longer be reached: their seats, and who is asked instead."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, select

from bot.domain.people import Language
from bot.flows import newcomers
from bot.handlers import leaving
from bot.handlers.events import Left
from bot.handlers.visit import Visit
from bot.messages import Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from storage.outbox import Letter
from storage.people import People
from storage.tables import actors, matters, outbox, registrations, seats
from tests.flows.samples import FREE, LUND, NOW, SINGLE
from tests.handlers.linked import link, owner
from tests.handlers.town import Person, Town, at_once, second_process, text

GONE = Undeliverable(Trouble.GONE, "user_not_found")
BLOCKED = Undeliverable(Trouble.FORBIDDEN, "403 MessageWritesBlocked")


@pytest.fixture
def boss(town: Town) -> Person:
    return town.person("boss", "slack", "T1")


async def seated(town: Town, boss: Person, platform: str = "slack", *, programme: str = FREE.id) -> Person:
    """Somebody on whom the boss has put the seat."""
    workspace = boss.actor.workspace if platform == "slack" else "M1"
    bo = town.person("bo", platform, workspace)
    await bo.say("hej")
    await boss.register(programme)
    id = await owner(town, bo)
    held = seats.update().where(seats.c.person == await owner(town, boss))
    await town.read(lambda c: c.execute(held.values(person=id, name="Bo", email="bo@example.org")))
    return bo


def letter_to(address: Address, edits: str = "") -> Letter:
    """A message that has been claimed once."""
    return Letter(
        id="L1",
        address=address,
        person="",
        language=Language.ENGLISH,
        view=Notice("Hello"),
        replaces=edits,
        thread="",
        claim=1,
        attempts=1,
        written_at=NOW,
        resumed=False,
    )


async def refuse(town: Town, person: Person, trouble: Undeliverable, *, edits: str = "") -> str:
    """Let a platform refuse a message to this person; what was done instead."""
    letter = letter_to(person.address, edits)

    def write(connection: Connection) -> str:
        return leaving.refused(Visit(connection, town.clock.now(), town.surroundings), letter, trouble)

    return await town.read(write)


async def kinds(town: Town) -> list[str]:
    return sorted(await town.read(lambda c: c.execute(select(matters.c.kind)).scalars().all()))


async def test_P9a_the_seat_of_somebody_who_left_goes_back_and_the_registrant_is_asked_once(
    town: Town, boss: Person
) -> None:
    bo = await seated(town, boss)
    for _ in range(2):  # Slack tells it again at every change of the closed account
        await bo.send(Left())
    told = [one for one in await boss.received() if "Bo has left" in one]
    assert len(told) == 1
    assert "Träff fika" in told[0]
    assert await town.count(seats, seats.c.person.is_(None), seats.c.name == "", seats.c.state == "confirmed") == 1
    assert "Who comes instead?" in text((await boss.click("Change person")).view)


async def test_P9a_the_substitute_gets_the_seat_and_the_leaver_no_more_messages(town: Town, boss: Person) -> None:
    bo, eva = await seated(town, boss), town.person("eva", "slack", "T1")
    await eva.say("hej")
    await bo.send(Left())
    before = len(await bo.received())
    form = (await boss.click("Change person")).view
    done = (await boss.submit(form, {"name": "Eva", "email": "eva@example.org"})).view
    assert "Eva has the seat now" in text(done)
    await town.tick_at(FREE.occasions[0].starts_at)
    assert len(await bo.received()) == before


async def test_P9a_past_meetings_keep_who_was_there(town: Town, boss: Person) -> None:
    bo = await seated(town, boss)
    town.clock.at = FREE.occasions[0].starts_at
    await bo.send(Left())
    assert await town.count(seats, seats.c.name == "Bo") == 1
    assert not any("has left" in one for one in await boss.received())


async def test_G1c_a_colleague_takes_over_what_the_leaver_had_registered(town: Town, boss: Person) -> None:
    bo = await seated(town, boss)
    await boss.send(Left())
    assert "Boss, who registered Lunds kommun, has left" in (await bo.received())[-1]
    assert "Only the one who made the registration" in text((await bo.press("change", await made(town))).view)
    done = await bo.click("I take over")
    assert "You look after the registration now" in text(done.view)
    assert await town.count(registrations, registrations.c.made_by == await owner(town, bo)) == 1
    assert "Who comes instead?" in text((await bo.press("substitute", await made(town))).view)
    assert "look after the registration now" in text((await bo.click("I take over")).view)


async def made(town: Town) -> str:
    return str(await town.read(lambda c: c.execute(select(registrations.c.id)).scalar_one()))


async def test_G1c_nobody_else_takes_over_and_nothing_while_the_registrant_is_there(town: Town, boss: Person) -> None:
    bo, stranger = await seated(town, boss), town.person("stranger", "slack", "T1")
    id = await made(town)
    for word in ("take_over", "leave_it"):
        assert "looks after this registration already" in text((await bo.press(word, id)).view)
        assert "is not yours" in text((await stranger.press(word, id)).view)
        assert "is not yours" in text((await stranger.press(word, "no-such-registration")).view)
    await boss.send(Left())
    assert "is not yours" in text((await stranger.press("take_over", id)).view)
    assert (await town.count(registrations, registrations.c.made_by == await owner(town, boss)), await kinds(town)) == (
        1,
        [],
    )


async def test_G1c_of_two_who_accept_at_once_one_takes_over(town: Town, boss: Person) -> None:
    bo, eva = await seated(town, boss, programme=FREE.id), town.person("eva", "slack", "T1")
    await eva.register(FREE.id)
    mine = await owner(town, boss)
    id = str(
        await town.read(
            lambda c: c.execute(select(registrations.c.id).where(registrations.c.made_by == mine)).scalar_one()
        )
    )
    await boss.send(Left())
    async with second_process(town) as second:
        there = Person(town, eva.actor, eva.profile, second)
        replies = await at_once(bo.press("take_over", id), there.press("take_over", id))
    said = [text(reply.view) for reply in replies]
    assert sum("You look after the registration now" in one for one in said) == 1, said
    assert sum("looks after this registration already" in one for one in said) == 1


async def test_G1c_who_cannot_says_so_and_the_coordinators_are_asked(town: Town, boss: Person) -> None:
    bo = await seated(town, boss)
    await boss.send(Left())
    assert "asked the coordinators" in text((await bo.click("I cannot")).view)
    assert await kinds(town) == ["left"]


async def test_whoever_is_not_one_of_the_organisation_is_not_asked_to_take_over(town: Town, boss: Person) -> None:
    bo = await seated(town, boss)
    await town.tick.tidy()
    admin, about = town.person("admin"), f"{FREE.id} {LUND.key} {await owner(town, bo)}"
    assert "Closed to" in text((await admin.press(newcomers.NOT_OURS, about)).view)
    await boss.send(Left())
    assert not any("who registered Lunds kommun, has left" in one for one in await bo.received())
    assert await kinds(town) == ["left"]


async def test_P9a_alone_in_the_organisation_the_coordinators_are_asked(town: Town, boss: Person) -> None:
    await boss.register(FREE.id)
    await boss.send(Left())
    assert await kinds(town) == ["left"]
    assert await town.count(seats, seats.c.name == "", seats.c.state == "confirmed") == 1


async def test_P9a_with_another_living_account_nothing_happens_to_the_seats(town: Town, boss: Person) -> None:
    bo = await seated(town, boss)
    there = town.person("bo.teams", "teams", "M1")
    await link(bo, there)
    await bo.send(Left())
    assert await town.count(seats, seats.c.name == "Bo") == 1
    assert await kinds(town) == []
    assert not any("has left" in one for one in await boss.received())


async def test_a_stranger_who_leaves_is_not_made_known_by_it(town: Town) -> None:
    await town.person("stranger", "slack", "T1").send(Left())
    assert await town.count(actors) == 0


async def test_P9c_a_removed_app_leaves_the_seat_and_tells_the_registrant_once(town: Town, boss: Person) -> None:
    bo = await seated(town, boss, "teams")
    await bo.send(Left())
    assert await refuse(town, bo, BLOCKED) == "registrant"
    told = [one for one in await boss.received() if "Reminders no longer reach Bo" in one]
    assert len(told) == 1
    assert await town.count(seats, seats.c.name == "Bo") == 1
    assert await kinds(town) == []


async def test_P9c_who_registered_themself_becomes_a_matter_for_the_coordinators(town: Town, boss: Person) -> None:
    await boss.register(FREE.id)
    assert await refuse(town, boss, Undeliverable(Trouble.FORBIDDEN, "cannot_dm_bot")) == "coordinator"
    matter = await town.read(lambda c: c.execute(select(matters)).one())
    assert (matter.kind, matter.programme, "cannot_dm_bot" in matter.view) == ("unreached", FREE.id, True)
    assert await town.count(actors, actors.c.blocked_reason == "cannot_dm_bot") == 1


async def test_P9c_a_refused_message_goes_to_the_persons_other_account(town: Town) -> None:
    anna, there = town.person("anna", "slack", "T1"), town.person("anna.teams", "teams", "M1")
    await link(anna, there)
    assert await refuse(town, there, BLOCKED) == "slack"
    row = await town.read(lambda c: c.execute(select(outbox).where(outbox.c.key == "L1:fallback")).one())
    assert (row.platform, row.conversation, row.person) == ("slack", "anna", await owner(town, anna))
    assert await refuse(town, anna, GONE) == ""  # nowhere left, and no seat to care for


async def test_P9c_a_closed_account_found_out_by_a_refusal_is_a_departure(town: Town, boss: Person) -> None:
    bo = await seated(town, boss)
    assert await refuse(town, bo, Undeliverable(Trouble.GONE, "user_disabled")) == "registrant"
    assert any("Bo has left" in one for one in await boss.received())
    assert await refuse(town, bo, Undeliverable(Trouble.GONE, "user_disabled")) == ""


@pytest.mark.parametrize("reason", ["token_ended", "missing_scope", "403 BotDisabledByAdmin", "message_not_found"])
async def test_what_says_nothing_of_the_person_blocks_nobody(small_town: Town, reason: str) -> None:
    anna = small_town.person("anna", "slack", "T1")
    await anna.register(FREE.id)
    assert await refuse(small_town, anna, Undeliverable(Trouble.FORBIDDEN, reason)) == ""
    assert await small_town.count(actors, actors.c.blocked_at.is_not(None)) == 0
    assert await refuse(small_town, anna, GONE) == "coordinator"  # the positive control
    assert await small_town.count(actors, actors.c.blocked_at.is_not(None)) == 1


async def test_neither_a_channel_nor_a_home_page_is_a_person(small_town: Town) -> None:
    anna = small_town.person("anna", "slack", "T1")
    await anna.say("hej")

    def write(connection: Connection, surface: Surface) -> str:
        where = Address("slack", "T1", "anna", surface)
        visit = Visit(connection, small_town.clock.now(), small_town.surroundings)
        return leaving.refused(visit, letter_to(where), GONE)

    for surface in (Surface.HOME, Surface.CHANNEL):
        assert await small_town.read(partial(write, surface=surface)) == ""
    assert await small_town.count(actors, actors.c.blocked_at.is_not(None)) == 0


async def test_an_edit_is_not_sent_elsewhere(small_town: Town) -> None:
    anna, there = small_town.person("anna", "slack", "T1"), small_town.person("anna.teams", "teams", "M1")
    await link(anna, there)
    assert await refuse(small_town, there, BLOCKED, edits="ref-1") == ""
    assert await small_town.count(outbox, outbox.c.key == "L1:fallback") == 0


async def test_who_writes_again_is_reached_again(town: Town) -> None:
    anna = town.person("anna", "slack", "T1")
    await anna.register(FREE.id)
    await refuse(town, anna, GONE)
    id = await owner(town, anna)
    assert await town.read(lambda c: People(c, town.clock.now()).addressed(id)) is None
    await anna.say("hej")
    assert await town.read(lambda c: People(c, town.clock.now()).addressed(id)) is not None
    await anna.send(Left())
    assert await town.read(lambda c: People(c, town.clock.now()).reached([id])[id].gone) == "left"
    await anna.say("hej")
    assert await town.read(lambda c: People(c, town.clock.now()).reached([id])[id].gone) == ""


async def test_a_blocked_registrant_is_not_told_but_the_coordinators_are(town: Town, boss: Person) -> None:
    bo = await seated(town, boss)
    await refuse(town, boss, GONE)
    await bo.send(Left())
    assert await kinds(town) == ["left"]


async def test_P9c_nothing_of_it_is_shown_to_anybody_else(town: Town, boss: Person) -> None:
    bo, eva = await seated(town, boss, "teams", programme=SINGLE.id), town.person("eva", "slack", "T1")
    await eva.register(SINGLE.id)
    before = await eva.received()
    await bo.send(Left())
    assert await eva.received() == before
    assert await town.count(outbox, outbox.c.surface == "channel") == 0


async def test_leaving_while_the_seat_is_handed_over_leaves_one_person_on_it(town: Town, boss: Person) -> None:
    bo, eva = await seated(town, boss), town.person("eva", "slack", "T1")
    await eva.say("hej")
    form = (await boss.press("substitute", await made(town))).view
    async with second_process(town) as second:
        leaver = Person(town, bo.actor, bo.profile, second)
        await at_once(boss.submit(form, {"name": "Eva", "email": "eva@example.org"}), leaver.send(Left()))
    found = await town.read(lambda c: c.execute(select(seats.c.name, seats.c.person)).one())
    assert tuple(found) == ("Eva", await owner(town, eva))
