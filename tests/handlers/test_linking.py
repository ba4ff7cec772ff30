"""One human in Slack and in Teams: joined by a code, written to once, parted again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.domain.people import Actor
from bot.handlers.retention import MESSAGES_KEPT
from bot.messages import Card
from storage.codes import code_in
from storage.joins import Joins
from storage.people import People
from storage.tables import actors, codes, inquiries, nudges, people, registrations, sealed, seats, wishes
from tests.flows.samples import FREE, SINGLE
from tests.handlers.linked import CODE, code_of, link, owner, references_to_nobody, text_of, unlink
from tests.handlers.town import Person, Town, at_once, buttons, second_process, text
from tests.handlers.urn_scenes import answer, opened, together


@pytest.fixture
def anna(town: Town) -> Person:
    return town.person("anna", "slack", "T1")


@pytest.fixture
def anna_in_teams(town: Town) -> Person:
    return town.person("anna.teams", "teams", "M1")


async def test_P9b_a_code_and_a_confirmation_make_two_accounts_one_person(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    await anna.register(FREE.id)
    assert "Your accounts are linked" in text(await link(anna, anna_in_teams))
    assert await owner(town, anna) == await owner(town, anna_in_teams)
    assert "Träff fika" in text((await anna_in_teams.say("my registrations")).view)
    assert (await town.count(people), await references_to_nobody(town)) == (1, [])
    assert "Your accounts are linked" in (await anna.received())[-1]


async def test_P9b_nothing_is_joined_before_the_confirmation_which_shows_whose_account_it_is(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    before = await owner(town, anna)
    asked = text((await anna_in_teams.say(f"link {await code_of(anna)}")).view)
    assert "Is this your other account?" in asked
    assert all(word in asked for word in ("Slack", "Anna", "anna@example.org", "do not go on"))
    assert await owner(town, anna_in_teams) not in (before, await owner(town, anna))


async def test_P9b_the_same_email_alone_joins_nobody(town: Town, anna: Person) -> None:
    twin = town.person("anna", "slack", "T1")
    other = town.person("other", "teams", "M1")
    other.profile = twin.profile
    await anna.register(FREE.id)
    await other.say("hej")
    assert await owner(town, anna) != await owner(town, other)


async def test_a_code_works_once_and_for_an_hour(town: Town, anna: Person, anna_in_teams: Person) -> None:
    code = await code_of(anna)
    town.clock.move(minutes=60)
    assert "That code is not valid" in text((await anna_in_teams.say(f"link {code}")).view)
    assert "That code is not valid" in text((await anna_in_teams.press("join", code)).view)
    newer = await code_of(anna)
    assert "Is this your other account?" in text((await anna_in_teams.say(f"link {newer}")).view)
    await code_of(anna)  # only the last one given out is valid
    assert "That code is not valid" in text((await anna_in_teams.press("join", newer)).view)


async def test_the_code_of_a_seat_still_takes_the_seat(town: Town, anna: Person) -> None:
    bo = town.person("bo", "teams", "M1")
    await anna.register(FREE.id)
    seat = (await town.read(lambda c: c.execute(select(seats)).one())).id
    form = (await anna.press("substitute", (await registration_of(town)))).view
    done = text((await anna.submit(form, {"name": "Bo", "email": "bo@lund.se"})).view)
    found = CODE.search(done)
    assert found
    assert "That code is not valid" in text((await bo.press("join", found[1])).view)  # of a seat, and not of a person
    assert "Träff fika" in text((await bo.say(f"koppla {found[1]}")).view)
    mine = await owner(town, bo)
    assert await town.count(seats, seats.c.id == seat, seats.c.person == mine) == 1


@pytest.mark.parametrize(
    "written",
    [
        "{0}",
        "hej jag fick en kod {0}",
        "Her er koden min: {0}.",
        "{1}",
        "my code is {1}, what do I do with it?" + " " * 90,
    ],
)
async def test_a_code_is_taken_whatever_stands_around_it_and_never_kept_as_a_question(town: Town, written: str) -> None:
    anna, bo = town.person("anna"), town.person("bo", "teams", "M1")
    await anna.register(FREE.id)
    form = (await anna.press("substitute", (await registration_of(town)))).view
    found = CODE.search(text((await anna.submit(form, {"name": "Bo", "email": "bo@lund.se"})).view))
    assert found
    assert "Träff fika" in text((await bo.say(written.format(found[1], found[1].lower()))).view)
    assert await town.count(seats, seats.c.person == await owner(town, bo)) == 1
    assert await town.count(inquiries) == 0


async def test_a_code_that_is_not_valid_is_said_to_be_so_and_not_passed_on(small_town: Town) -> None:
    bo = small_town.person("bo")
    assert "That code is not valid" in text((await bo.say("hej jag fick en kod MRJWH-BMGEW")).view)
    assert await small_town.count(inquiries) == 0


async def test_a_code_in_a_question_to_a_human_is_not_there_for_others_to_use(small_town: Town) -> None:
    bo = small_town.person("bo")
    await bo.fill((await bo.press("ask_human")).view, text="Vad gör jag med MRJWH-BMGEW?")
    kept = await small_town.read(lambda c: c.execute(select(inquiries.c.text)).scalar_one())
    assert kept == "Vad gör jag med […]?"


@pytest.mark.parametrize(
    "typed", ["Kan Marta-Greta följa med?", "Var sitter Hanna-Marta?", "MRJWH-BMGEWX-AAAAA", "start-datum?"]
)
def test_control_a_double_name_or_word_is_no_code(typed: str) -> None:
    assert code_in(typed) == ""


async def registration_of(town: Town) -> str:
    return str(await town.read(lambda c: c.execute(select(registrations.c.id)).scalar_one()))


async def test_P9b_one_human_answers_alone_once_and_is_told_what_to_do_again(town: Town) -> None:
    anna, twin, bo = await together(town, "anna", "twin", "bo")
    await opened(town)
    for one in (anna, twin, bo):
        await answer(one, hinder="Tiden räcker inte till")
    assert "Do it again while it is open" in text(await link(anna, twin))
    assert await town.count(sealed) == 2
    assert "Your answer is sealed" in text((await answer(twin, hinder="Ingen har tid")).view)
    assert await town.count(sealed) == 2


async def test_ones_own_code_and_a_second_press_are_said_to_be_so(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    code = await code_of(anna)
    assert "this account’s own code" in text((await anna.say(f"link {code}")).view)
    await anna_in_teams.press("join", code)
    assert "linked already" in text((await anna_in_teams.press("join", code)).view)
    assert await town.count(codes) == 0


@pytest.mark.parametrize("from_issuer", [True, False])
async def test_P9b_unlinking_gives_back_what_came_along_whoever_does_it(
    town: Town, anna: Person, anna_in_teams: Person, from_issuer: bool
) -> None:
    await anna.register(FREE.id)
    await anna_in_teams.register(SINGLE.id, occasions=("a",))
    before = await owner(town, anna)
    await link(anna, anna_in_teams)
    done = text(await unlink(anna if from_issuer else anna_in_teams))
    assert "Teams is no longer linked" in done
    assert await owner(town, anna) == before != await owner(town, anna_in_teams)
    assert "Träff a" not in text((await anna.say("my registrations")).view)
    assert "Träff fika" not in text((await anna_in_teams.say("my registrations")).view)
    assert "Träff a" in text((await anna_in_teams.say("my registrations")).view)
    assert "no longer linked" in (await (anna_in_teams if from_issuer else anna).received())[-1]
    assert await references_to_nobody(town) == []


async def test_only_ones_own_accounts_are_unlinked(town: Town, anna: Person, anna_in_teams: Person) -> None:
    await link(anna, anna_in_teams)
    stranger = town.person("stranger", "slack", "T1")
    for actor in (anna.actor, anna_in_teams.actor, stranger.actor):
        assert "no longer linked" in text((await stranger.press("unlink", str(actor))).view)
    assert await owner(town, anna) == await owner(town, anna_in_teams)


async def test_linked_unlinked_and_linked_again_with_a_third_account(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    third = town.person("anna.third", "slack", "T2")
    await third.register(FREE.id)
    await link(anna_in_teams, third)
    await link(anna, third)  # from the account that is not the first of the two
    assert await town.count(people) == 1
    await third.press("unlink", str(third.actor))
    assert "Träff fika" not in text((await anna.say("my registrations")).view)
    await link(anna, third)
    assert (await town.count(people), await references_to_nobody(town)) == (1, [])
    assert "Träff fika" in text((await anna.say("my registrations")).view)


async def test_accounts_that_have_long_been_linked_are_unlinked_and_linked_on_as_on_the_first_day(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    third = town.person("anna.third", "slack", "T2")
    await anna_in_teams.register(FREE.id)
    await link(anna, anna_in_teams)
    town.clock.at += MESSAGES_KEPT + timedelta(days=1)
    await town.tick.tidy()
    await unlink(anna)
    assert await owner(town, anna) != await owner(town, anna_in_teams)
    booked = await town.read(lambda c: c.execute(select(seats.c.person)).scalar_one())
    assert booked == await owner(town, anna_in_teams)
    await link(anna, anna_in_teams)
    town.clock.at += MESSAGES_KEPT + timedelta(days=1)
    await anna.open_home()
    await town.tick.tidy()
    assert "Your accounts are linked" in text(await link(third, anna))
    assert len({await owner(town, one) for one in (anna, anna_in_teams, third)}) == 1


async def test_two_seats_at_one_meeting_become_one_and_the_other_is_nobodys(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    await anna.register(SINGLE.id, occasions=("a", "b"))
    town.clock.move(minutes=1)
    await anna_in_teams.register(SINGLE.id, occasions=("a",))
    done = await link(anna, anna_in_teams)
    assert done is not None
    assert "You had two seats at the same meeting" in text(done)
    assert {"Change person", "Cancel registration"} <= {text_of(one.label) for one in buttons(done)}
    mine = await owner(town, anna)
    assert await town.count(seats, seats.c.person == mine) == 2
    assert await town.count(seats, seats.c.person.is_(None), seats.c.name == "") == 1
    assert await town.states("a") == ["confirmed", "confirmed"]


async def booked_twice(town: Town, anna: Person, anna_in_teams: Person) -> Person:
    """Anna has a seat, and a colleague has put her other account on another one at the same meeting; that colleague."""
    boss = town.person("boss", "teams", "M1")
    await anna.register(SINGLE.id, occasions=("a",))
    town.clock.move(minutes=1)
    await anna_in_teams.say("hej")
    await boss.register(SINGLE.id, occasions=("a",))
    form = (await boss.click("Change person")).view
    await boss.submit(form, {"name": "Anna", "email": "anna.teams@example.org"})
    return boss


async def test_a_colleague_who_booked_the_second_seat_is_told(town: Town, anna: Person, anna_in_teams: Person) -> None:
    boss = await booked_twice(town, anna, anna_in_teams)
    done = text(await link(anna, anna_in_teams))
    assert "the colleague who booked it" in done
    assert any("A seat has no name now" in one for one in await boss.received()), await boss.received()
    await unlink(anna_in_teams)
    assert "The seat has its name again: Dialog" in (await boss.received())[-1]


async def meetings_of(town: Town, person: Person) -> list[str]:
    mine = select(seats.c.occasion).where(seats.c.person == await owner(town, person)).order_by(seats.c.occasion)
    return list(await town.read(lambda c: c.execute(mine).scalars()))


@pytest.mark.parametrize("who", ["anna", "anna_in_teams"])
async def test_P9b_each_has_the_seat_again_that_one_was_taken_off_when_they_are_unlinked(
    town: Town, anna: Person, anna_in_teams: Person, who: str
) -> None:
    first, second = (anna, anna_in_teams) if who == "anna" else (anna_in_teams, anna)
    await first.register(SINGLE.id, occasions=("a", "b"))
    town.clock.move(minutes=1)
    await second.register(SINGLE.id, occasions=("a",))
    await link(anna, anna_in_teams)
    assert await meetings_of(town, anna) == ["a", "b"]
    await unlink(anna_in_teams)
    assert await meetings_of(town, first) == ["a", "b"]
    assert await meetings_of(town, second) == ["a"]
    assert await town.count(seats, seats.c.name == "") == 0
    await town.tick_at(SINGLE.occasion("a").starts_at - timedelta(hours=24))
    for person in (first, second):
        assert any(one.startswith("Tomorrow: Träff a") for one in await person.received())


async def test_P9b_a_seat_that_has_been_given_to_somebody_meanwhile_is_theirs(
    town: Town, anna: Person, anna_in_teams: Person
) -> None:
    boss = await booked_twice(town, anna, anna_in_teams)
    await link(anna, anna_in_teams)
    await boss.submit((await boss.click("Change person")).view, {"name": "Cia", "email": "cia@example.org"})
    await unlink(anna_in_teams)
    assert "Cia" in text((await boss.say("my registrations")).view)
    assert "not registered" in text((await anna_in_teams.say("my registrations")).view)


async def test_the_quieter_of_two_wishes_holds(town: Town, anna: Person, anna_in_teams: Person) -> None:
    await anna.say("hej"), await anna_in_teams.say("hej")
    until = town.clock.now() + timedelta(days=9)
    rows: list[dict[str, object]] = [
        {"person": await owner(town, anna), "programme": "", "level": "few", "paused_until": None},
        {"person": await owner(town, anna_in_teams), "programme": "", "level": "all", "paused_until": until},
        {"person": await owner(town, anna_in_teams), "programme": FREE.id, "level": "none", "paused_until": None},
    ]
    await town.read(lambda c: c.execute(wishes.insert(), [{**r, "changed_at": until} for r in rows]))
    await link(anna, anna_in_teams)
    kept = await town.read(lambda c: c.execute(select(wishes).order_by(wishes.c.programme)).all())
    assert [(w.programme, w.level, w.paused_until) for w in kept] == [("", "few", until), (FREE.id, "none", None)]
    await unlink(anna)
    assert await town.count(wishes) == 4  # nobody is written to more after parting


async def test_P9b_a_reminder_that_both_were_to_get_comes_once(town: Town, anna: Person, anna_in_teams: Person) -> None:
    await anna.say("hej"), await anna_in_teams.say("hej")
    at = town.clock.now()
    common = {"programme": FREE.id, "about": "fika", "audience": "participants", "anchor": at, "due_at": at}
    a, b = await owner(town, anna), await owner(town, anna_in_teams)
    rows = [
        {"rule": "both-planned", "recipient": a, "state": "planned"},
        {"rule": "both-planned", "recipient": b, "state": "planned"},
        {"rule": "sent-to-b", "recipient": a, "state": "planned"},
        {"rule": "sent-to-b", "recipient": b, "state": "sent"},
        {"rule": "only-b", "recipient": b, "state": "planned"},
    ]
    made = [{**common, **row, "id": f"n{number}"} for number, row in enumerate(rows)]
    await town.read(lambda c: c.execute(nudges.insert(), made))
    await link(anna, anna_in_teams)
    here = select(nudges.c.rule, nudges.c.state).where(nudges.c.recipient == a).order_by(nudges.c.rule)
    kept = await town.read(lambda c: c.execute(here).all())
    assert [tuple(row) for row in kept] == [
        ("both-planned", "planned"), ("only-b", "planned"), ("sent-to-b", "sent"),
    ]  # fmt: skip
    assert await references_to_nobody(town) == []


async def test_P9b_messages_go_to_the_chosen_platform_once(town: Town, anna: Person, anna_in_teams: Person) -> None:
    await link(anna, anna_in_teams)
    assert "your reminders come in Slack" in text((await anna_in_teams.press("use", "Slack")).view)
    assert await where(town, anna) == anna.actor
    assert "your reminders come in Teams" in text((await anna.press("use", "teams")).view)
    assert await where(town, anna) == anna_in_teams.actor


async def where(town: Town, person: Person) -> Actor:
    id = await owner(town, person)
    found = await town.read(lambda c: People(c, town.clock.now()).addressed(id))
    assert found is not None
    return found[0]


async def test_only_a_platform_where_one_is_can_be_chosen(town: Town, anna: Person) -> None:
    assert "I cannot write to you in Teams" in text((await anna.press("use", "Teams")).view)
    shown = (await anna.press("use", "Skype")).view
    assert isinstance(shown, Card)
    assert "Where shall I write to you?" in text(shown)
    assert await where(town, anna) == anna.actor


async def test_a_code_pressed_twice_at_once_joins_once(town: Town, anna: Person, anna_in_teams: Person) -> None:
    await anna_in_teams.register(FREE.id)
    code = await code_of(anna)
    stranger = town.person("stranger", "teams", "M1")
    await stranger.say("hej")
    async with second_process(town) as second:
        again = Person(town, stranger.actor, stranger.profile, second)
        twin = Person(town, anna_in_teams.actor, anna_in_teams.profile, second)
        replies = await at_once(anna_in_teams.press("join", code), again.press("join", code), twin.press("join", code))
    assert "Something went wrong" not in "".join(text(reply.view) for reply in replies)
    mine = await owner(town, anna)
    both = [await owner(town, one) == mine for one in (anna_in_teams, stranger)]
    assert both.count(True) == 1
    assert (await town.count(people), await references_to_nobody(town)) == (2, [])


async def test_two_who_type_each_others_codes_at_once_are_one(town: Town, anna: Person, anna_in_teams: Person) -> None:
    hers, other = await code_of(anna), await code_of(anna_in_teams)
    async with second_process(town) as second:
        there = Person(town, anna_in_teams.actor, anna_in_teams.profile, second)
        replies = await at_once(anna.press("join", other), there.press("join", hers))
    assert "Something went wrong" not in "".join(text(reply.view) for reply in replies)
    assert (await town.count(people), await references_to_nobody(town)) == (1, [])


async def test_joining_while_the_other_registers_loses_nothing(town: Town, anna: Person, anna_in_teams: Person) -> None:
    form = await anna_in_teams.up_to_confirm(FREE.id)
    code = await code_of(anna)
    async with second_process(town) as second:
        there = Person(town, anna_in_teams.actor, anna_in_teams.profile, second)
        joined, registered = await at_once(anna_in_teams.press("join", code), there.submit(form))
    assert "Your accounts are linked" in text(joined.view)
    assert await references_to_nobody(town) == []
    if "Something went wrong" in text(registered.view):  # it was told so, and nothing is half there
        assert await town.count(registrations) == 0
        return
    mine = await owner(town, anna)
    assert await town.count(seats, seats.c.person == mine) == 1


async def test_a_person_whom_anything_refers_to_cannot_vanish(town: Town, anna: Person) -> None:
    """The positive control of the one above: whatever is forgotten when two are joined shows at once."""
    await anna.register(FREE.id)
    id = await owner(town, anna)
    with pytest.raises(IntegrityError):
        await town.read(lambda c: c.execute(people.delete().where(people.c.id == id)))


async def test_the_record_of_a_join_is_no_draft_of_anybody(town: Town, anna: Person, anna_in_teams: Person) -> None:
    await link(anna, anna_in_teams)
    town.clock.move(days=3)
    await town.tick.tidy()
    await town.deliver()
    assert "unfinished" not in "".join(await anna.received()) + "".join(await anna_in_teams.received())
    joined = await town.read(lambda c: Joins(c, town.clock.now()).joined(""))
    assert joined == ()
    assert await town.count(actors) == 2
