"""Doors that stay open, or cannot be found, when somebody is said not to be one of an organisation's own."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.domain.people import Role
from bot.flows import buttons, guests, newcomers, results, voting
from bot.flows.appointing import APPOINT_CONTACT
from bot.handlers.events import Reply
from storage.groups import Groups
from storage.links import Kind, Links
from storage.tables import answers, groups, people, seats
from storage.votes import Votes
from tests.flows.samples import FREE, HABO, LUND
from tests.handlers import newcomers_town, workshop_town
from tests.handlers.linked import appoint, owner, press, text_of
from tests.handlers.newcomers_town import about, belongs, comes, contact, coordinator, denied, news, says_not_ours
from tests.handlers.test_appointing import code_in
from tests.handlers.test_newcomers_workshop import throw_out
from tests.handlers.town import Person, Town, text
from tests.handlers.town import buttons as buttons_on
from tests.handlers.workshop_town import PROGRAMME, Day, rate, write

WHO = "Who takes part"

day, small = workshop_town.on_both, newcomers_town.on_sqlite


async def opens(day: Day, kind: Kind, id: str) -> bool:
    return await day.town.read(lambda c: Links(c, day.town.clock.now()).open(id, kind)) is not None


async def kept(day: Day, kind: Kind, about: str) -> str:
    """A link that somebody has been given and has kept."""
    id = await day.town.read(lambda c: Links(c, day.town.clock.now()).given_out(kind, about))
    assert id is not None
    return id


# --- Doors that stay open ---------------------------------------------------------------------------------------------


async def test_G3_whoever_is_out_writes_by_no_link_that_they_took_for_their_group(day: Day) -> None:
    await day.begin()
    await day.to("swot")
    gone, round = day.people[0], (await day.round("swot")).id
    await write(gone, round, "Ett")
    group = await day.town.read(
        lambda c: str(c.execute(select(groups.c.id).where(groups.c.name == "Grupp 1")).scalar())
    )
    await gone.press(guests.GUEST_LINK, f"{round} {group}")
    link = await kept(day, Kind.NOTES, f"{round} {group}")
    assert await opens(day, Kind.NOTES, link)
    await throw_out(day, gone)
    assert not await opens(day, Kind.NOTES, link)
    assert "not work" in text((await gone.press(guests.GUEST_LINK, f"{round} {group}")).view)


async def test_C7_the_page_of_a_result_that_was_shown_to_them_opens_nothing_more(day: Day) -> None:
    await day.begin()
    await day.to("skattning")
    round, gone = (await day.round("skattning")).id, day.people[0]
    for person in day.people:
        await rate(person, round)
    await day.to("alla")
    await day.leader.press(results.SHARE, round)
    link = await kept(day, Kind.RESULTS, f"{round} role:")
    await throw_out(day, gone)
    assert not await opens(day, Kind.RESULTS, link)
    assert await opens(day, Kind.RESULTS, await kept(day, Kind.RESULTS, f"{round} role:"))  # still shown to all others


async def vote(day: Day) -> str:
    """Everybody votes for the only proposal."""
    await day.begin()
    await day.to("forslag")
    round = (await day.round("forslag")).id
    await write(day.people[0], round, "Karta")
    await day.to("rosta")
    post = await day.town.read(lambda c: str(c.execute(select(answers.c.id)).scalar()))
    for person in day.people:
        await person.press(voting.CAST, f"{round} {post}")
    return round


async def test_G3_votes_of_somebody_who_is_out_go_while_people_vote_and_move_no_sum_that_is_known(day: Day) -> None:
    round = await vote(day)
    await throw_out(day, day.people[0])
    assert await day.town.read(lambda c: Votes(c).voters(round)) == len(day.people) - 1
    await day.to("plan")
    await throw_out(day, day.people[1])
    assert await day.town.read(lambda c: Votes(c).voters(round)) == len(day.people) - 1


async def test_who_only_calls_an_organisation_their_own_is_told_of_when_they_look_at_its_plan(small: Town) -> None:
    small.clock.at = newcomers_town.WORKING
    anna, bo = await contact(small), small.person("bo")
    await bo.register(FREE.id)
    await join(small, bo)
    await small.work.run(lambda c: c.execute(update(seats).values(state="cancelled", person=None)))
    assert "Plan of Lunds kommun" in text((await bo.press("plan", FREE.id)).view)
    small.clock.move(hours=2)
    await small.tick.tidy()
    assert "Bo" in (await news(anna))[-1]
    await says_not_ours(small, anna, bo)
    assert "Plan of Lunds kommun" not in text((await bo.press("plan", FREE.id)).view)


async def join(town: Town, person: Person) -> None:
    """A role's group, which is no organisation's."""
    id, now = await owner(town, person), town.clock.now()
    group = await town.work.run(lambda c: Groups(c, now).found(FREE.id, "", "Alla"))
    await town.work.run(lambda c: Groups(c, now).join(group.id, id))


# --- Ways that cannot be found ----------------------------------------------------------------------------------------


async def shown(person: Person) -> Reply:
    """The list behind the button on the programme's own page."""
    return await press(person, (await person.press(buttons.PROGRAMME, FREE.id)).view, WHO)


async def test_G1_a_contact_finds_who_takes_part_on_the_programme_s_page_and_others_do_not(small: Town) -> None:
    small.clock.at = newcomers_town.WORKING
    anna, bo = await contact(small), await comes(small, "bo")
    assert "Bo" in text((await shown(anna)).view)
    offered = (await bo.press(buttons.PROGRAMME, FREE.id)).view
    assert offered is not None
    assert "Who takes part" not in [text_of(one.label) for one in buttons_on(offered)]


async def becomes_contact(person: Person, *, by: Person, of: str) -> Reply:
    await person.open_home()
    code = code_in(await by.submit((await by.press(APPOINT_CONTACT)).view, {"organisation": of}))
    return await person.say(f"link {code}")


async def test_G1_a_new_contact_is_led_to_those_who_came_before_them(small: Town) -> None:
    kim, _bo = await coordinator(small), await comes(small, "bo")
    card = await becomes_contact(small.person("lo"), by=kim, of=LUND.name)
    assert "Bo" in text((await press(small.person("lo"), card.view, WHO)).view)


async def test_G1_that_a_contact_is_missing_is_no_matter_any_more_when_there_is_one(day: Day) -> None:
    kim = day.town.person("kim")
    await kim.open_home()
    await appoint(day.town, kim, Role.COORDINATOR)
    day.town.clock.move(hours=2)
    await day.town.tick.tidy()
    assert "Habo kommun takes part now, and has no contact" in text((await kim.say("status")).view)
    await becomes_contact(day.other, by=kim, of=HABO.name)
    assert "has no contact" not in text((await kim.say("status")).view)


async def test_an_organisation_of_which_everybody_is_out_stays_in_the_coordinators_list(small: Town) -> None:
    kim, _bo = await coordinator(small), await comes(small, "bo", organisation="Föreningen Nyfiken")
    places = text((await shown(kim)).view)
    assert "Föreningen Nyfiken\n  1 person" in places
    everybody = await press(kim, (await shown(kim)).view, WHO)
    await press(kim, everybody.view, "Does not belong here")
    assert "Föreningen Nyfiken\n  0 people" in text((await shown(kim)).view)
    everybody = await press(kim, (await shown(kim)).view, WHO)
    assert "0 people" in text(everybody.view)
    await press(kim, everybody.view, "Belongs here")
    assert text((await shown(kim)).view) == places


async def test_who_has_said_so_finds_the_way_back_in_the_list(small: Town) -> None:
    small.clock.at = newcomers_town.WORKING
    anna, bo = await contact(small), await comes(small, "bo")
    await says_not_ours(small, anna, bo)
    assert "Bo belongs" in text((await press(anna, (await shown(anna)).view, "Undo")).view)
    assert newcomers.NOT_OURS in [one.action.do for one in buttons_on((await shown(anna)).view) if one.action]


async def removed(town: Town) -> tuple[Person, Person, Person]:
    """A contact, somebody whose registration a coordinator has removed, and the coordinator."""
    anna, bo, kim = await denied(town)
    assert "is removed" in text((await kim.press(newcomers.REMOVE, await about(town, bo))).view)
    return anna, bo, kim


async def test_of_two_coordinators_at_once_who_lets_somebody_back_brings_the_registration_back(small: Town) -> None:
    _anna, bo, kim = await removed(small)
    assert "Everything is open" in text((await kim.press(newcomers.BELONGS, await about(small, bo))).view)
    assert await belongs(small, bo)
    assert await small.count(seats, seats.c.state == "confirmed") == 1


async def test_who_is_let_back_when_the_registration_is_gone_is_asked_to_register_again(small: Town) -> None:
    _anna, bo, kim = await removed(small)
    small.clock.move(minutes=11)
    assert "no longer there" in text((await kim.press(newcomers.BELONGS, await about(small, bo))).view)
    assert "Register again" in (await bo.received())[-1]
    await bo.register(FREE.id)
    assert await belongs(small, bo)


async def test_what_a_coordinator_has_removed_is_not_let_back_by_who_said_so(small: Town) -> None:
    anna, bo, _kim = await removed(small)
    assert "Nothing has changed" in text((await anna.press(newcomers.BELONGS, await about(small, bo))).view)
    await bo.register(FREE.id)
    assert not await belongs(small, bo)


async def test_G1_a_contact_lets_back_whom_a_stranger_who_was_there_first_has_thrown_out(small: Town) -> None:
    kim, first, bo = await coordinator(small), await comes(small, "first"), await comes(small, "bo")
    assert "Closed to Bo" in await says_not_ours(small, first, bo)
    anna = await contact(small)
    assert "Closed to First" in await says_not_ours(small, anna, first)
    assert "did not work" in text((await first.press(newcomers.BELONGS, await about(small, bo))).view)
    assert "Bo belongs" in text((await anna.press(newcomers.BELONGS, await about(small, bo))).view)
    await says_not_ours(small, kim, bo)  # a coordinator's word is theirs
    assert "did not work" in text((await anna.press(newcomers.BELONGS, await about(small, bo))).view)


async def test_a_contact_lets_back_whom_somebody_who_is_erased_has_thrown_out(small: Town) -> None:
    _kim, first, bo = await coordinator(small), await comes(small, "first"), await comes(small, "bo")
    await says_not_ours(small, first, bo)
    anna = await contact(small)
    await first.press("erase_me_now")
    assert "Bo belongs" in text((await press(anna, (await shown(anna)).view, "Undo")).view)


async def test_a_guest_is_called_a_guest_and_nobody_says_that_they_have_been_told(day: Day) -> None:
    kim = day.town.person("kim")
    await kim.open_home()
    await appoint(day.town, kim, Role.COORDINATOR)
    form = (await kim.press(guests.NEW_GUEST, PROGRAMME.id)).view
    await kim.fill(form, name="Greta")
    everybody = (await press(day.leader, (await day.leader.press(buttons.PROGRAMME, PROGRAMME.id)).view, WHO)).view
    assert "Greta\n  Guest, writes by a link" in text(everybody)
    id = await day.town.read(lambda c: str(c.execute(select(people.c.id).where(people.c.name == "Greta")).scalar()))
    said = text((await day.leader.press(newcomers.NOT_OURS, f"{PROGRAMME.id} {LUND.key} {id}")).view)
    assert "gets no messages" in said
    assert "has been told who" not in said


async def test_the_word_plan_tells_somebody_who_is_out_whom_to_talk_to(small: Town) -> None:
    small.clock.at = newcomers_town.WORKING
    anna, bo = await contact(small), await comes(small, "bo")
    await says_not_ours(small, anna, bo)
    said = text((await bo.say("plan")).view)
    assert "closed to you for now" in said
    assert "Register first" not in said
