"""What linking does with roles, posts and their codes: nobody gets a right that was not theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from bot.domain.challenges import Visibility
from bot.domain.people import Role
from storage.challenges import Challenges
from storage.codes import Codes
from storage.groups import Groups
from storage.people import People
from storage.posts import Posts
from storage.tables import challenges, members, people, reflections
from tests.flows.samples import FREE, NOW
from tests.handlers.linked import appoint, code_of, link, owner, references_to_nobody, unlink
from tests.handlers.town import Person, Town, text


@pytest.fixture
def anna(town: Town) -> Person:
    return town.person("anna", "slack", "T1")


@pytest.fixture
def anna_in_teams(town: Town) -> Person:
    return town.person("anna.teams", "teams", "M1")


async def test_a_coordinator_who_is_given_a_strangers_code_gives_no_role_away(town: Town, anna: Person) -> None:
    karin, code = town.person("karin", "teams", "M1"), await code_of(anna)
    await karin.say("hej")
    await appoint(town, karin, Role.COORDINATOR)
    for reply in (await karin.say(f"link {code}"), await karin.press("join", code)):
        assert "the other way round" in text(reply.view)
    assert await owner(town, karin) != await owner(town, anna)
    await link(karin, anna)  # the positive control: who has the role chooses the account
    assert await owner(town, karin) == await owner(town, anna)


async def test_an_administrator_by_the_settings_gives_no_rights_away(town: Town, anna: Person) -> None:
    admin = town.person("admin")
    assert "the other way round" in text((await admin.say(f"link {await code_of(anna)}")).view)


async def test_a_role_that_was_taken_away_does_not_come_back_by_unlinking(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    await anna.say("hej"), await anna_in_teams.say("hej")
    for one in (anna, anna_in_teams):
        await appoint(town, one, Role.COORDINATOR)
    await link(anna, anna_in_teams)
    await appoint(town, anna, Role.PARTICIPANT)
    await unlink(anna)
    assert await town.count(people, people.c.role == "participant") == 2


async def issue(town: Town, purpose: str, by: Person) -> str:
    id = await owner(town, by)
    return await town.read(lambda c: Codes(c, town.clock.now()).issue(purpose, id))


async def test_the_code_of_a_post_gives_the_post_once(town: Town, anna: Person) -> None:
    admin, bo = town.person("admin"), town.person("bo", "teams", "M1")
    await admin.say("hej")
    code = await issue(town, "coordinator", admin)
    await anna.say(f"koppla {code}")
    assert "That code is not valid" in text((await bo.say(f"koppla {code}")).view)
    found = await town.read(
        lambda c: c.execute(select(people.c.id).where(people.c.role == "coordinator")).scalars().all()
    )
    assert found == [await owner(town, anna)]


async def test_a_code_that_is_of_no_use_to_somebody_is_still_good(town: Town, anna: Person) -> None:
    bo = town.person("bo", "teams", "M1")
    await anna.say("hej")
    await appoint(town, anna, Role.COORDINATOR)
    code = await issue(town, "deputy", anna)
    assert "cannot stand in for yourself" in text((await anna.say(f"koppla {code}")).view)
    await bo.say(f"koppla {code}")
    bos = await owner(town, bo)
    assert await town.count(people, people.c.deputy == bos) == 1


async def test_posts_and_codes_follow_and_a_contact_is_one_again_after_parting(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    bo = town.person("bo", "slack", "T1")
    await anna.say("hej"), await anna_in_teams.say("hej"), await bo.say("hej")
    for one in (anna, anna_in_teams):
        await appoint(town, one, Role.COORDINATOR)
    deputy, other = await issue(town, "deputy", anna_in_teams), await owner(town, anna_in_teams)

    def make_contact(connection: Connection) -> None:
        Posts(connection, NOW).add_contact(FREE.id, "SE-1281", other)
        Posts(connection, NOW).set_deputy(other, other)

    await town.read(make_contact)
    await link(anna, anna_in_teams)
    await bo.say(f"koppla {deputy}")
    assert await town.read(lambda c: Posts(c, NOW).contacts_of(FREE.id, "SE-1281")) == (await owner(town, anna),)
    bos = await owner(town, bo)
    assert await town.count(people, people.c.deputy == bos) == 1
    await unlink(anna)
    contact = await owner(town, anna_in_teams)
    assert await town.read(lambda c: Posts(c, NOW).contacts_of(FREE.id, "SE-1281")) == (contact,)
    assert await references_to_nobody(town) == []


async def test_a_deputy_gives_no_rights_away_either(town: Town, anna: Person) -> None:
    karin, bo, code = town.person("karin"), town.person("bo", "teams", "M1"), await code_of(anna)
    await karin.say("hej"), await bo.say("hej")
    await appoint(town, karin, Role.COORDINATOR)
    boss, deputy = await owner(town, karin), await owner(town, bo)
    await town.read(lambda c: Posts(c, NOW).set_deputy(boss, deputy))
    assert "the other way round" in text((await bo.say(f"link {code}")).view)


async def test_what_somebody_wrote_for_themselves_and_belongs_to_goes_back_with_their_account(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    await anna.say("hej"), await anna_in_teams.say("hej")
    await town.work.run(lambda c: belongings(c, People(c, NOW).owner(anna_in_teams.actor) or ""))
    await link(anna, anna_in_teams)
    assert await whose(town) == {await owner(town, anna)}
    await unlink(anna)
    assert await whose(town) == {await owner(town, anna_in_teams)} != {await owner(town, anna)}


def belongings(connection: Connection, person: str) -> None:
    Challenges(connection, NOW).keep(FREE.id, person, "Bara för mig", Visibility.ME)
    Challenges(connection, NOW).reflect(FREE.id, person, FREE.occasions[0].id, "Det gick")
    groups = Groups(connection, NOW)
    groups.join(groups.found(FREE.id, "", "Rektorerna").id, person)


async def whose(town: Town) -> set[str]:
    columns = (challenges.c.person, reflections.c.person, members.c.person)
    return await town.read(lambda c: {id for one in columns for id in c.execute(select(one)).scalars()})
