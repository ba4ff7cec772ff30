"""Posts: given by a code that is passed on, seen, ended; and a coordinator's time away."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection

from bot.domain.people import Role
from bot.flows import appointing as flow
from bot.flows import newcomers
from bot.handlers import appointing
from bot.handlers.audiences import coordinators
from bot.handlers.events import Left, Reply
from bot.handlers.visit import Visit
from bot.messages import Card, Form
from storage.people import People
from storage.posts import Posts
from tests.flows.samples import LUND, SINGLE
from tests.flows.workshop_scenes import typical
from tests.handlers.linked import owner
from tests.handlers.test_matters import appointed, happens, heard, known, tidy
from tests.handlers.town import Person, Town, buttons, text

WHO = newcomers.way(SINGLE.id, LUND.key)


def code_in(reply: Reply) -> str:
    found = re.search(r"link ([A-Z2-9]{5}-[A-Z2-9]{5})", text(reply.view))
    assert found, text(reply.view)
    return found[1]


async def role_of(town: Town, person: Person) -> Role:
    def read(connection: Connection) -> Role:
        people = People(connection, town.clock.now())
        return people.person(str(people.present(person.actor))).role

    return await town.read(read)


async def deputy_of(town: Town, person: Person) -> str:
    def read(connection: Connection) -> str:
        people = People(connection, town.clock.now())
        found = Posts(connection, town.clock.now()).colleague(str(people.present(person.actor)))
        return people.person(found.deputy).name if found and found.deputy else ""

    return await town.read(read)


async def stands_in(town: Town, of: Person, deputy: Person) -> None:
    reply = await deputy.say(f"link {code_in(await of.press(flow.APPOINT_DEPUTY))}")
    assert "You stand in for" in text(reply.view)


async def contact_code(coordinator: Person, organisation: str = "Lunds kommun") -> Reply:
    form = (await coordinator.press(flow.APPOINT_CONTACT)).view
    return await coordinator.submit(form, {"programme": SINGLE.id, "organisation": organisation})


# --- Coordinators -----------------------------------------------------------------------------------------------------


async def test_an_administrator_appoints_a_coordinator_by_a_code_and_both_are_told(town: Town) -> None:
    admin, kim = await known(town, "admin"), await known(town, "kim")
    code = code_in(await admin.press(flow.APPOINT_COORDINATOR))
    assert "Only coordinators" in text((await kim.say("status")).view)
    assert "You are a coordinator now" in text((await kim.say(f"link {code}")).view)
    assert "Kim is a coordinator now." in await admin.received()
    assert "Status" in text((await kim.say("status")).view)


async def test_a_code_gives_the_post_once_and_for_fourteen_days(town: Town) -> None:
    admin, kim, lo = await known(town, "admin"), await known(town, "kim"), await known(town, "lo")
    codes = [code_in(await admin.press(flow.APPOINT_COORDINATOR)) for _ in range(2)]
    await kim.say(f"link {codes[0]}")
    assert "not valid" in text((await lo.say(f"link {codes[0]}")).view)
    town.clock.move(days=14)
    assert "not valid" in text((await lo.say(f"link {codes[1]}")).view)
    assert await role_of(town, lo) is Role.PARTICIPANT


async def test_a_code_loses_its_worth_with_the_post_of_who_gave_it(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await known(town, "lo")
    code = code_in(await contact_code(kim))
    await appointed(town, "kim", Role.PARTICIPANT)
    assert "not valid" in text((await lo.say(f"link {code}")).view)
    assert await town.read(lambda c: Posts(c, town.clock.now()).contacts()) == []


async def test_a_coordinator_who_redeems_again_stays_what_they_are(town: Town) -> None:
    admin, boss = await known(town, "admin"), await appointed(town, "boss", Role.ADMINISTRATOR)
    await boss.say(f"link {code_in(await admin.press(flow.APPOINT_COORDINATOR))}")
    assert await role_of(town, boss) is Role.ADMINISTRATOR


# --- Deputies ---------------------------------------------------------------------------------------------------------


async def test_a_deputy_sees_the_status_but_appoints_nobody(town: Town) -> None:
    kim, deputy = await appointed(town, "kim"), await known(town, "deputy")
    await stands_in(town, kim, deputy)
    assert "Deputy stands in for you now when you are away." in await kim.received()
    assert "Status" in text((await deputy.say("status")).view)
    assert "Only coordinators" in text((await deputy.press(flow.APPOINT_CONTACT)).view)


async def test_C3a_while_the_coordinator_is_away_the_deputy_may_do_the_same(town: Town) -> None:
    kim, deputy = await appointed(town, "kim"), await known(town, "deputy")
    await stands_in(town, kim, deputy)
    await kim.press(flow.LEAVE, "till 20 jan")
    assert isinstance((await deputy.press(flow.APPOINT_CONTACT)).view, Form)
    assert "Only administrators" in text((await deputy.press(flow.APPOINT_COORDINATOR)).view)
    assert "Only someone who has been appointed" in text((await deputy.press(flow.APPOINT_DEPUTY)).view)
    await kim.press(flow.BACK)
    assert "Only coordinators" in text((await deputy.press(flow.APPOINT_CONTACT)).view)


async def test_C3a_when_the_coordinator_has_left_the_deputy_may_do_the_same_and_hears_the_news(town: Town) -> None:
    kim, deputy, admin = await appointed(town, "kim"), await known(town, "deputy"), await known(town, "admin")
    await stands_in(town, kim, deputy)
    assert "Only coordinators" in text((await deputy.press(flow.APPOINT_CONTACT)).view)
    assert await told(town) == [await owner(town, kim)]
    await kim.send(Left())
    assert isinstance((await deputy.press(flow.APPOINT_CONTACT)).view, Form)
    assert await told(town) == [await owner(town, deputy)]
    await deputy.send(Left())
    assert await told(town) == [await owner(town, admin)]


async def told(town: Town) -> list[str]:
    """Whom what is news for coordinators goes to."""
    return await town.read(lambda c: list(coordinators(Visit(c, town.clock.now(), town.surroundings))))


async def test_nobody_stands_in_for_themselves_and_the_code_is_still_good(town: Town) -> None:
    kim, deputy = await appointed(town, "kim"), await known(town, "deputy")
    code = code_in(await kim.press(flow.APPOINT_DEPUTY))
    assert "cannot stand in for yourself" in text((await kim.say(f"link {code}")).view)
    assert await deputy_of(town, kim) == ""
    await deputy.say(f"link {code}")
    assert await deputy_of(town, kim) == "Deputy"


async def test_the_deputy_before_is_told_that_it_is_over(town: Town) -> None:
    kim, lo, mo = await appointed(town, "kim"), await known(town, "lo"), await known(town, "mo")
    await stands_in(town, kim, lo)
    await stands_in(town, kim, mo)
    assert "This post of yours has ended: Stands in for Kim" in await lo.received()
    assert "Only coordinators" in text((await lo.say("status")).view)


# --- Contacts of organisations ----------------------------------------------------------------------------------------


async def test_G1c_a_coordinator_appoints_an_organisations_contact(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await known(town, "lo")
    card = await contact_code(kim, "lund")
    assert "Ask the contact of Lunds kommun" in text(card.view)
    assert "You are the contact of Lunds kommun now" in text((await lo.say(f"link {code_in(card)}")).view)
    assert "Lo is the contact of Lunds kommun now: Dialog" in await kim.received()
    found = await town.read(lambda c: Posts(c, town.clock.now()).contacts_of(SINGLE.id, LUND.key))
    assert len(found) == 1


async def test_G3_a_new_contact_hears_of_leading_a_workshop_only_where_there_is_one() -> None:
    assert "write “workshop”" in text(flow.now_contact(LUND.name, typical(), "Kim", WHO))
    assert "workshop" not in text(flow.now_contact(LUND.name, SINGLE, "Kim", WHO))


@pytest.mark.parametrize(("typed", "said"), [("Bo", "Did you mean"), ("Atlantis kommun", "do not know")])
async def test_an_unclear_organisation_is_asked_for_again(small_town: Town, typed: str, said: str) -> None:
    kim = await appointed(small_town, "kim")
    again = (await contact_code(kim, typed)).view
    assert isinstance(again, Form)
    assert said in text(again)
    assert again.values["organisation"] == typed


async def test_a_form_is_checked_again_when_it_is_sent(town: Town) -> None:
    kim = await appointed(town, "kim")
    form = (await kim.press(flow.APPOINT_CONTACT)).view
    await appointed(town, "kim", Role.PARTICIPANT)
    assert "Only coordinators" in text((await kim.submit(form, {"organisation": "Lunds kommun"})).view)


# --- Who does what ----------------------------------------------------------------------------------------------------


async def test_everybody_with_a_post_is_listed_and_what_one_gave_one_can_end(town: Town) -> None:
    admin, kim, lo = await known(town, "admin"), await appointed(town, "kim"), await appointed(town, "lo")
    deputy, contact = await known(town, "deputy"), await known(town, "contact")
    await stands_in(town, kim, deputy)
    await contact.say(f"link {code_in(await contact_code(kim))}")
    said = text((await kim.press(flow.POSTS)).view)
    assert [line[2:] for line in said.split("\n") if line[0] == "•"] == ["Admin", "Kim", "Deputy", "Lo", "Contact"]
    assert [len(await endable(one)) for one in (kim, lo, admin)] == [3, 2, 4]


async def endable(person: Person) -> list[str]:
    """What the person is offered to end."""
    view = (await person.press(flow.POSTS)).view
    assert isinstance(view, Card)
    return [b.action.about for b in buttons(view) if b.action and b.action.do == flow.END_POST]


async def end(person: Person, post: str) -> str:
    asked = (await person.press(flow.END_POST, post)).view
    assert "End this post?" in text(asked)
    assert isinstance(asked, Card)
    yes = asked.buttons[0].action
    assert yes is not None
    return text((await person.press(yes.do, yes.about)).view)


async def test_an_ended_post_is_gone_and_the_one_who_had_it_is_told(town: Town) -> None:
    admin, kim = await known(town, "admin"), await appointed(town, "kim")
    contact, deputy = await known(town, "contact"), await known(town, "deputy")
    await stands_in(town, kim, deputy)
    await contact.say(f"link {code_in(await contact_code(kim))}")
    for post in await endable(kim):
        if not post.startswith(appointing.COORDINATOR):
            assert "Ended." in await end(kim, post)
    assert "This post of yours has ended: Contact of Lunds kommun: Dialog" in await contact.received()
    assert "This post of yours has ended: Stands in for Kim" in await deputy.received()
    (post,) = await endable(admin)
    await end(admin, post)
    assert "Only coordinators" in text((await kim.say("status")).view)
    assert await endable(admin) == []


async def test_nobody_ends_what_is_not_theirs_to_end(town: Town) -> None:
    await known(town, "admin")
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    (mine,) = await endable(kim)
    assert "not yours to end" in text((await lo.press(flow.CONFIRM_END_POST, mine)).view)
    for hostile in ("", "coordinator:", "coordinator:nobody", "contact:a", "deputy:", "x"):
        assert "not yours to end" in text((await lo.press(flow.CONFIRM_END_POST, hostile)).view)
    assert await role_of(town, kim) is Role.COORDINATOR


# --- Away -------------------------------------------------------------------------------------------------------------


async def test_C3a_a_coordinator_goes_away_by_form_and_chooses_who_stands_in(town: Town) -> None:
    kim, lo = await appointed(town, "kim"), await appointed(town, "lo")
    form = (await kim.press(flow.LEAVE)).view
    assert isinstance(form, Form)
    lo_option = next(one.value for field in form.fields if field.kind == "choice" for one in field.options)
    said = text((await kim.submit(form, {"until": "20 januari", "deputy": lo_option})).view)
    assert "You are away, back on Wednesday 20 January 2027" in said
    assert "Lo stands in for you." in said
    (told,) = [one for one in await lo.received() if "You stand in for Kim" in one]
    assert "away until Wednesday 20 January 2027" in told
    assert "Away, back on Wednesday 20 January 2027" in text((await lo.press(flow.POSTS)).view)


async def test_a_day_that_is_none_is_asked_for_again_with_what_was_typed(town: Town) -> None:
    kim = await appointed(town, "kim")
    form = (await kim.press(flow.LEAVE)).view
    again = (await kim.submit(form, {"until": "2114-01-01"})).view
    assert isinstance(again, Form)
    assert again.values["until"] == "2114-01-01"
    assert "Please write a day in the future" in text(again)
    assert "do not know which day" in text((await kim.press(flow.LEAVE, "någon gång")).view)


async def test_a_day_that_is_none_is_quoted_as_it_was_typed(town: Town) -> None:
    kim = await appointed(town, "kim")
    assert "“till igår” is" in text((await kim.say("Borta till igår")).view)
    assert "“Någon gång” is" in text((await kim.say("away Någon gång")).view)


async def test_away_with_a_day_needs_no_form_and_says_when_nobody_stands_in(town: Town) -> None:
    kim = await appointed(town, "kim")
    said = text((await kim.press(flow.LEAVE, "till 15 aug")).view)
    assert "back on Sunday 15 August 2027" in said
    assert "Nobody stands in for you" in said


async def test_back_early_one_is_told_what_happened_and_the_deputy_is_thanked(town: Town) -> None:
    kim, deputy = await appointed(town, "kim"), await known(town, "deputy")
    await stands_in(town, kim, deputy)
    await kim.press(flow.LEAVE, "om två veckor")
    await happens(town, "A")
    await tidy(town)
    assert (len(heard(town, kim)), len(heard(town, deputy))) == (0, 1)
    assert "Good to have you back" in text((await kim.press(flow.BACK)).view)
    assert "Kim is back. Thank you for standing in!" in await deputy.received()
    assert "1 thing waits to be looked at." in heard(town, kim)[0]
    assert "Taken care of by Kim" in text((await kim.click("Done")).view)
    assert "not noted as away" in text((await kim.press(flow.BACK)).view)


async def test_the_status_offers_what_one_may_do_about_posts(town: Town) -> None:
    admin, kim = await known(town, "admin"), await appointed(town, "kim")
    deputy = await known(town, "deputy")
    await stands_in(town, kim, deputy)
    assert await offered(admin) == {flow.POSTS, flow.APPOINT_COORDINATOR}
    assert await offered(kim) == {flow.POSTS, flow.LEAVE}
    assert await offered(deputy) == set()
    await kim.press(flow.LEAVE, "imorgon")
    assert await offered(kim) == {flow.POSTS, flow.BACK}


async def offered(person: Person) -> set[str]:
    view = (await person.say("status")).view
    assert isinstance(view, Card)
    return {b.action.do for b in view.buttons if b.action} & set(appointing.ROUTES)


async def test_whoever_appoints_a_coordinator_reads_how_far_the_post_reaches(small_town: Town) -> None:
    shown = text((await small_town.person("admin").press("appoint_coordinator")).view)
    assert "A coordinator leads every programme here." in shown
