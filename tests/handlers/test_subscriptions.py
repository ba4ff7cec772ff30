"""Subscribing in chat: a link that is given to the one who asks, made anew, and turned off."""

import pytest
from sqlalchemy import Connection

from bot.domain.people import Language, Role
from bot.flows import subscriptions
from bot.flows.subscriptions import RENEW_LINK, SUBSCRIBE, SUBSCRIBE_TO, UNSUBSCRIBE
from bot.handlers.events import Reply
from bot.messages import Button, Card, Notice
from bot.ports import Address, Surface
from storage.feeds import Feeds, of_person, of_programme
from storage.people import People
from tests.flows.samples import SINGLE
from tests.handlers.town import Person, Town, at_once, buttons, second_process, text

LINK = "https://bot.example.org/calendar"


async def generation(town: Town, owner: str) -> int:
    return await town.read(lambda connection: Feeds(connection, town.clock.now()).generation(owner))


async def own(town: Town, person: Person) -> str:
    """The owner of the person's calendar."""

    def look(connection: Connection) -> str:
        known = People(connection, town.clock.now()).meet(person.actor, None, None, Language.ENGLISH)
        return of_person(known.person.id)

    return await town.read(look)


async def coordinator(town: Town) -> Person:
    person = town.person("Cecilia")
    id = (await own(town, person)).removeprefix("person:")
    await town.read(lambda connection: People(connection, town.clock.now()).appoint(id, Role.COORDINATOR))
    return person


def link(reply: Reply) -> str:
    assert isinstance(reply.view, Card), text(reply.view)
    (fact,) = reply.view.facts
    assert isinstance(fact.value, str)
    return fact.value


def labels(reply: Reply) -> list[str]:
    return [text(Notice(button.label)) for button in shown(reply)]


def shown(reply: Reply) -> list[Button]:
    assert reply.view is not None
    return list(buttons(reply.view))


async def test_asking_gives_the_persons_own_link_and_says_how_to_use_it(town: Town) -> None:
    anna = town.person("Anna")
    reply = await anna.press(SUBSCRIBE)
    assert link(reply) == f"{LINK}/{await own(town, anna)}-1.ics"
    assert "Anyone who has the link can see your meetings" in text(reply.view)
    assert "Google Calendar: copy the link" in text(reply.view)
    assert link(await anna.press(SUBSCRIBE)) == link(reply)


async def test_every_way_in_is_an_address_that_each_platform_can_open(small_town: Town) -> None:
    reply = await small_town.person("Anna").press(SUBSCRIBE)
    urls = [button.url for button in shown(reply) if button.url]
    assert len(urls) == 2
    assert all(url.startswith("https://") for url in urls)
    assert "https%3A%2F%2Fbot.example.org%2Fcalendar%2Fperson%3A" in urls[0]


async def test_two_people_have_different_links(town: Town) -> None:
    links = {link(await town.person(name).press(SUBSCRIBE)) for name in ("Anna", "Bo")}
    assert len(links) == 2


async def test_a_new_link_takes_the_place_of_the_old_one(town: Town) -> None:
    anna, bo = town.person("Anna"), town.person("Bo")
    old, others = link(await anna.press(SUBSCRIBE)), link(await bo.press(SUBSCRIBE))
    reply = await anna.press(RENEW_LINK)
    assert link(reply) != old
    assert reply.replaces
    assert "The old one no longer works" in text(reply.view)
    assert link(await anna.press(SUBSCRIBE)) == link(reply)
    assert link(await bo.press(SUBSCRIBE)) == others  # and nobody else's has changed


async def test_turning_it_off_leaves_no_link_that_anybody_has(town: Town) -> None:
    anna = town.person("Anna")
    old = link(await anna.press(SUBSCRIBE))
    reply = await anna.press(UNSUBSCRIBE)
    assert LINK not in text(reply.view)
    assert await generation(town, await own(town, anna)) == 2
    assert link(await anna.press(SUBSCRIBE)) != old


async def test_the_same_press_twice_makes_one_new_link(town: Town) -> None:
    anna = town.person("Anna")
    await anna.press(SUBSCRIBE)
    first, second = [await anna.press(RENEW_LINK, delivery="d1") for _ in range(2)]
    assert link(first) == link(second)
    assert await generation(town, await own(town, anna)) == 2


async def test_two_processes_that_are_asked_at_once_give_the_same_link(town: Town) -> None:
    anna = town.person("Anna")
    await anna.press("help")
    async with second_process(town) as other:
        twin = Person(town, anna.actor, anna.profile, other)
        one, two = await at_once(anna.press(SUBSCRIBE), twin.press(SUBSCRIBE))
    assert link(one) == link(two)


async def test_two_new_links_at_once_are_two_and_the_last_one_opens(town: Town) -> None:
    anna = town.person("Anna")
    await anna.press(SUBSCRIBE)
    async with second_process(town) as other:
        twin = Person(town, anna.actor, anna.profile, other)
        replies = await at_once(anna.press(RENEW_LINK), twin.press(RENEW_LINK))
    assert await generation(town, await own(town, anna)) == 3
    assert f"{await own(town, anna)}-3.ics" in " ".join(link(reply) for reply in replies)


async def test_the_link_to_a_programme_is_everybodys(town: Town) -> None:
    replies = [await town.person(name).press(SUBSCRIBE_TO, SINGLE.id) for name in ("Anna", "Bo")]
    assert {link(reply) for reply in replies} == {f"{LINK}/{of_programme(SINGLE.id)}-1.ics"}
    assert "The links to join the meetings are not in it" in text(replies[0].view)
    assert "New link" not in labels(replies[0])


async def test_only_a_coordinator_makes_a_new_link_to_a_programme(town: Town) -> None:
    anna, cecilia = town.person("Anna"), await coordinator(town)
    old = link(await anna.press(SUBSCRIBE_TO, SINGLE.id))
    refused = await anna.press(RENEW_LINK, SINGLE.id)
    assert "only a coordinator" in text(refused.view)
    assert link(await anna.press(SUBSCRIBE_TO, SINGLE.id)) == old
    assert "New link" in labels(await cecilia.press(SUBSCRIBE_TO, SINGLE.id))
    assert link(await cecilia.press(RENEW_LINK, SINGLE.id)) != old


@pytest.mark.parametrize("do", [SUBSCRIBE_TO, RENEW_LINK])
async def test_a_programme_that_is_not_there_has_no_link(small_town: Town, do: str) -> None:
    reply = await small_town.person("Anna").press(do, "gone")
    assert "no longer here" in text(reply.view)
    assert await generation(small_town, of_programme("gone")) == 0


async def test_a_link_asked_for_in_a_channel_is_shown_to_the_one_who_asked_alone(small_town: Town) -> None:
    anna = small_town.person("Anna")
    await anna.press("help")
    channel = Address(anna.actor.platform, anna.actor.workspace, "C1", Surface.CHANNEL)
    reply = await anna.press(SUBSCRIBE, came_from=channel, answers_inline=False)
    assert reply.view is None
    assert any(LINK in words for words in await anna.received())
    sent = small_town.posts[anna.actor.platform].sent
    assert all(message.address.surface is Surface.PERSON for message in sent if LINK in message.text)


def test_the_buttons_lead_to_the_routes() -> None:
    assert str(subscriptions.SUBSCRIBE_BUTTON.action) == "subscribe"
    assert str(subscriptions.subscribe_to(SINGLE).action) == "subscribe_to dialog"
