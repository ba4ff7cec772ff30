"""The sandbox as the outbox sees it."""

from dataclasses import replace

import pytest

from bot.adapters.sandbox.ports import Place, Shown
from bot.domain.people import Actor, Language, Profile
from bot.handlers.events import Inbound, Reply, Submitted
from bot.messages import Card, Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from tests.adapters.sandbox.conftest import CONFIG, Running

ANNA = CONFIG.people[0].address
HOME = replace(ANNA, surface=Surface.HOME)


async def test_a_message_is_found_by_its_outbox_id(sandbox: Running) -> None:
    platform = sandbox.box.platform
    reference = await platform.send(ANNA, Notice("hej"), Language.ENGLISH, outbox="o1")
    assert await platform.find(ANNA, "o1") == reference
    assert await platform.find(ANNA, "o2") is None


async def test_the_same_outbox_id_sends_once(sandbox: Running) -> None:
    send = sandbox.box.platform.send
    first = await send(ANNA, Notice("hej"), Language.ENGLISH, outbox="o1")
    assert await send(ANNA, Notice("hej"), Language.ENGLISH, outbox="o1") == first
    assert len(await sandbox.messages.by_conversation("anna", most=9)) == 1


async def test_a_message_can_be_replaced(sandbox: Running) -> None:
    platform = sandbox.box.platform
    reference = await platform.send(ANNA, Notice("hej"), Language.ENGLISH, outbox="o1")
    await platform.update(ANNA, reference, Notice("nytt"), Language.ENGLISH)
    (message,) = await sandbox.messages.by_conversation("anna", most=9)
    assert (message.view, message.changed, message.outbox) == (Notice("nytt"), True, "o1")


async def test_the_home_page_is_sent_found_and_replaced(sandbox: Running) -> None:
    platform = sandbox.box.platform
    reference = await platform.send(HOME, Card("Hem"), Language.ENGLISH, outbox="o1")
    assert await platform.find(HOME, "o1") == reference
    await platform.update(HOME, reference, Card("Nytt hem"), Language.ENGLISH)
    anna = sandbox.client.person("anna")
    await anna.look()
    assert anna.messages() == []


@pytest.mark.parametrize(
    "address", [Address("sandbox", "sandbox", "nobody"), Address("slack", "T1", "anna"), replace(ANNA, workspace="x")]
)
async def test_an_address_that_is_not_there_is_gone(sandbox: Running, address: Address) -> None:
    with pytest.raises(Undeliverable) as refused:
        await sandbox.box.platform.send(address, Notice("hej"), Language.ENGLISH, outbox="o1")
    assert refused.value.trouble is Trouble.GONE


async def test_a_message_that_is_not_there_cannot_be_replaced(sandbox: Running) -> None:
    with pytest.raises(Undeliverable) as refused:
        await sandbox.box.platform.update(ANNA, "none", Notice("hej"), Language.ENGLISH)
    assert refused.value.trouble is Trouble.GONE


async def test_the_directory_knows_the_people_and_nobody_else(sandbox: Running) -> None:
    profile = sandbox.box.platform.profile
    assert await profile(CONFIG.people[0].actor) == CONFIG.people[0].profile
    assert await profile(Actor("slack", "T1", "anna")) == Profile()


async def test_time_does_not_run_backwards(sandbox: Running) -> None:
    await sandbox.clock.move_to(sandbox.clock.now())
    with pytest.raises(ValueError, match="gone by"):
        await sandbox.clock.move_to(sandbox.clock.now().replace(year=2026))


async def test_a_message_can_be_removed_and_twice_is_as_good(sandbox: Running) -> None:
    platform = sandbox.box.platform
    reference = await platform.send(ANNA, Notice("hej"), Language.ENGLISH, outbox="o1")
    await platform.send(ANNA, Notice("kvar"), Language.ENGLISH, outbox="o2")
    for _ in range(2):
        await platform.remove(ANNA, reference)
    (left,) = await sandbox.messages.by_conversation("anna", most=9)
    assert left.view == Notice("kvar")


async def test_an_answer_to_oneself_stands_above_what_comes_after_it(sandbox: Running) -> None:
    await sandbox.messages.show("anna", Place.STATUS, Shown(Notice("till dig"), Language.ENGLISH))
    await sandbox.box.platform.send(ANNA, Notice("nytt"), Language.ENGLISH, outbox="o1")
    anna = sandbox.client.person("anna")
    await anna.look()
    assert anna.messages() == ["till dig", "nytt"]
    assert await sandbox.messages.shown("anna", Place.STATUS) is None


@pytest.mark.parametrize(("where", "is_said"), [(ANNA, False), (CONFIG.channel_address, True)])
async def test_what_only_points_to_a_message_is_not_said_beside_it(
    sandbox: Running, where: Address, is_said: bool
) -> None:
    person = CONFIG.people[0]
    inbound = Inbound("d1", person.actor, Submitted("r.1", {}), where)
    await sandbox.box.platform.answer(person, inbound, Reply(Notice("i ditt samtal", points=True)))
    assert (await sandbox.messages.shown("anna", Place.STATUS) is not None) is is_said
