"""What linking does with roles, posts and their codes: nobody gets a right that was not theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.domain.challenges import Visibility
from bot.domain.people import Role
from storage.challenges import Challenges
from storage.codes import Codes
from storage.groups import Groups
from storage.people import People
from storage.posts import Posts
from storage.tables import challenges, members, nudges, people, plan_rows, reflections, sparring
from tests.flows.samples import COHORT, FREE, NOW, SINGLE
from tests.handlers.linked import appoint, code_of, link, owner, references_to_nobody, unlink
from tests.handlers.test_planning import rows, write
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


async def test_what_is_somebodys_own_goes_back_with_the_account_when_it_is_unlinked(town: Town) -> None:
    """Whatever says whose a row is: the plan of an organisation is no business of whoever issued the code."""
    eve, bo = town.person("eve", "slack", "T1"), town.person("bo", "teams", "T2")
    await eve.open_home()
    await bo.register(SINGLE.id, occasions=("a", "b", "c"))
    me = await owner(town, bo)
    await write(bo)
    await town.read(lambda c: c.execute(update(plan_rows).values(owner=me, changed_by=me)))
    planned = {"rule": "own", "programme": SINGLE.id, "about": "a", "audience": "owners", "anchor": NOW}
    nudge = {**planned, "id": "n" * 32, "recipient": me, "due_at": NOW, "state": "planned"}
    await town.read(lambda c: c.execute(insert(nudges), nudge))
    await link(eve, bo)
    assert {row["owner"] for row in await rows(town)} == {await owner(town, eve)}
    await unlink(bo)
    again = await owner(town, bo)
    assert again not in (me, await owner(town, eve))
    assert [(row["owner"], row["changed_by"]) for row in await rows(town)] == [(again, again)]
    reminded = select(nudges.c.recipient).where(nudges.c.audience == "owners")
    assert await town.read(lambda c: c.execute(reminded).scalars().all()) == [again]
    assert "You have no plan yet" not in text((await bo.say("plan")).view)
    assert await references_to_nobody(town) == []


async def test_a_sparring_partner_is_one_again_after_unlinking(town: Town) -> None:
    eve, bo, cia = (
        town.person("eve", "slack", "T1"),
        town.person("bo", "teams", "T2"),
        town.person("cia", "teams", "T2"),
    )
    for person in (eve, bo, cia):
        await person.open_home()
    mine, theirs = await owner(town, bo), await owner(town, cia)
    await town.load(COHORT)
    wish = {"programme": COHORT.id, "wished_at": NOW}
    await town.read(
        lambda c: c.execute(
            insert(sparring),
            [{**wish, "person": mine, "partner": theirs}, {**wish, "person": theirs, "partner": mine}],
        )
    )
    await link(eve, bo)
    await unlink(eve)
    again = await owner(town, bo)
    pairs = select(sparring.c.person, sparring.c.partner)
    found = await town.read(lambda c: {tuple(row) for row in c.execute(pairs)})
    assert found == {(again, theirs), (theirs, again)}
