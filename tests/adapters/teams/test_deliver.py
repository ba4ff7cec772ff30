"""What the outbox sends, as it arrives in Teams, and what each refusal of Teams means."""

from __future__ import annotations

import aiohttp
import pytest

from bot.adapters.teams.app import TeamsApp
from bot.adapters.teams.connector import Connector
from bot.adapters.teams.deliver import Teams
from bot.adapters.teams.tokens import OwnToken
from bot.domain.people import Actor, Language, Profile
from bot.messages import Card, Notice
from bot.ports import Address, Surface, Trouble, Undeliverable
from tests.fixtures.teams_person import CLIENT_ID, TENANT, Person
from tests.fixtures.teams_stand_in import TeamsStandIn

HELLO = Notice("Hello")


@pytest.fixture
def platform(app: TeamsApp) -> Teams:
    return app.platform


@pytest.fixture
def anna(teams: TeamsStandIn) -> Person:
    return teams.person("aad-1", name="Anna")


LONG = Card("Board", body=tuple(f"{n}: {'note ' * 100}" for n in range(200)))


@pytest.fixture
def address(anna: Person, teams: TeamsStandIn) -> Address:
    return Address("teams", TENANT, "aad-1", details={"service_url": teams.service_url, "conversation": anna.chat.id})


async def send(platform: Teams, address: Address, view: Notice | Card = HELLO) -> str:
    return await platform.send(address, view, Language.ENGLISH, outbox="o1")


async def trouble(platform: Teams, address: Address) -> Undeliverable:
    with pytest.raises(Undeliverable) as caught:
        await send(platform, address)
    return caught.value


async def test_a_message_arrives_and_can_be_changed(platform: Teams, address: Address, anna: Person) -> None:
    reference = await send(platform, address)
    await platform.update(address, reference, Card("Moved"), Language.ENGLISH)
    assert anna.messages() == ["Moved"]


async def test_someone_who_never_wrote_gets_a_conversation_once(
    platform: Teams, anna: Person, teams: TeamsStandIn
) -> None:
    address = Address("teams", TENANT, "aad-1", details={"service_url": teams.service_url})
    reference = await send(platform, address)
    await send(platform, address)
    assert anna.messages() == ["Hello", "Hello"]
    assert reference.startswith(f"{anna.chat.id}|")
    (created,) = [call.body for call in teams.calls if call.operation == "create"]
    assert created["channelData"] == {"tenant": {"id": TENANT}}
    assert (created["tenantId"], created["members"]) == (TENANT, [{"id": "aad-1"}])


@pytest.mark.parametrize("heard_before", [True, False])
async def test_someone_known_only_by_id_is_reached(
    heard_before: bool, platform: Teams, anna: Person, teams: TeamsStandIn
) -> None:
    if heard_before:
        anna.go_to(teams.conversation("19:c@thread.tacv2", "channel"))
        await anna.say("hello", mention=True)
    await send(platform, Address("teams", TENANT, "aad-1"))
    assert anna.messages() == ["Hello"]


async def test_a_message_to_a_teams_channel_is_a_new_post(platform: Teams, teams: TeamsStandIn) -> None:
    details = {"service_url": teams.service_url, "channel": "19:c@thread.tacv2"}
    reference = await send(platform, Address("teams", TENANT, "19:c@thread.tacv2", Surface.CHANNEL, details))
    assert reference.startswith("19:c@thread.tacv2;messageid=")
    assert [call.operation for call in teams.calls] == ["create"]


async def test_a_group_chat_gets_a_line(platform: Teams, teams: TeamsStandIn) -> None:
    where = Address("teams", TENANT, "19:g@thread.v2", Surface.CHANNEL, {"service_url": teams.service_url})
    await send(platform, where)
    assert teams.conversation("19:g@thread.v2").messages[0].activity["text"] == "Hello"


async def test_a_long_card_arrives_whole_in_several_messages(platform: Teams, address: Address, anna: Person) -> None:
    await send(platform, address, LONG)
    messages = anna.messages()
    assert len(messages) > 1
    assert [n for n in range(200) if f"\n{n}: note" not in "\n".join(messages)] == []
    in_feed = ["channelData" in message.activity for message in anna.chat.messages]
    assert in_feed == [True, *[False] * (len(messages) - 1)]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_long_card_that_broke_off_goes_on_where_it_stopped(
    status: int, platform: Teams, address: Address, anna: Person, teams: TeamsStandIn
) -> None:
    teams.answer_next("send", status, retry_after="7", after=1)
    with pytest.raises(Undeliverable) as failed:
        await send(platform, address, LONG)
    assert failed.value.trouble is Trouble.UNKNOWN  # another process would begin anew
    assert failed.value.retry_after == (7 if status in (429, 503) else None)
    reference = await send(platform, address, LONG)
    assert len(set(anna.messages())) == len(anna.messages()) == len(reference.split())


async def test_a_long_card_whose_later_part_is_refused_for_good_is_not_sent_again(
    platform: Teams, address: Address, teams: TeamsStandIn
) -> None:
    teams.answer_next("send", 413, code="MessageSizeTooBig", after=1)
    with pytest.raises(Undeliverable) as failed:
        await send(platform, address, LONG)
    assert failed.value.trouble is Trouble.FAULT


async def test_an_answer_that_broke_off_takes_nothing_from_the_next_one(
    platform: Teams, address: Address, anna: Person, teams: TeamsStandIn
) -> None:
    teams.answer_next("send", 503, after=1)
    with pytest.raises(Undeliverable):
        await platform.send(address, LONG, Language.ENGLISH, outbox="")
    await platform.send(address, HELLO, Language.ENGLISH, outbox="")
    assert anna.messages()[1:] == ["Hello"]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, "ConversationBlockedByUser", Trouble.FORBIDDEN),
        (403, "BotNotInConversationRoster", Trouble.FORBIDDEN),
        (404, "ConversationNotFound", Trouble.GONE),
        (412, "PreconditionFailed", Trouble.LATER),
        (429, "Throttled", Trouble.LATER),
        (502, "", Trouble.LATER),
        (503, "", Trouble.LATER),
        (504, "", Trouble.LATER),
        (500, "", Trouble.UNKNOWN),
        (413, "MessageSizeTooBig", Trouble.FAULT),
        (400, "BadSyntax", Trouble.FAULT),
    ],
)
async def test_refusals_are_classed(
    status: int, code: str, expected: Trouble, *, platform: Teams, address: Address, teams: TeamsStandIn
) -> None:
    teams.answer_next("send", status, code=code)
    refused = await trouble(platform, address)
    assert (refused.trouble, refused.reason) == (expected, f"{status} {code}".strip())
    assert len(teams.calls) == 1  # nothing is repeated here


async def test_teams_says_how_long_to_wait(platform: Teams, address: Address, teams: TeamsStandIn) -> None:
    teams.answer_next("send", 429, retry_after="7")
    assert (await trouble(platform, address)).retry_after == 7


async def test_a_lost_answer_is_unknown(platform: Teams, address: Address, teams: TeamsStandIn, anna: Person) -> None:
    teams.lose_next("send")
    assert (await trouble(platform, address)).trouble is Trouble.UNKNOWN
    assert anna.messages() == ["Hello"]


async def test_a_refused_connection_is_certain(session: aiohttp.ClientSession, teams: TeamsStandIn) -> None:
    token = OwnToken(teams.settings["TEAMS_TOKEN_URL"], session, client_id=CLIENT_ID, client_secret="s")
    nobody = "127.0.0.1:1"
    with pytest.raises(Undeliverable) as caught:
        await Connector(session, token, (nobody,)).send(f"http://{nobody}/", "c", {})
    assert caught.value.trouble is Trouble.LATER


async def test_a_second_part_that_fails_is_unknown(platform: Teams, address: Address, teams: TeamsStandIn) -> None:
    long = Card("Board", body=tuple("note " * 100 for _ in range(60)))
    teams.answer_next("send", 429, after=1)
    with pytest.raises(Undeliverable) as caught:
        await send(platform, address, long)
    assert caught.value.trouble is Trouble.UNKNOWN


async def test_a_revoked_token_is_replaced(
    platform: Teams, address: Address, teams: TeamsStandIn, anna: Person
) -> None:
    await send(platform, address)
    teams.revoke_tokens()
    await send(platform, address)
    assert len(anna.messages()) == 2
    assert len(teams.token_requests) == 2


async def test_an_address_outside_the_allowed_hosts_is_never_called(platform: Teams, teams: TeamsStandIn) -> None:
    elsewhere = Address("teams", TENANT, "x", details={"service_url": "https://evil.example/", "conversation": "c"})
    assert (await trouble(platform, elsewhere)).trouble is Trouble.FAULT
    assert teams.token_requests == []


async def test_ids_cannot_leave_their_place_in_the_address(platform: Teams, teams: TeamsStandIn) -> None:
    details = {"service_url": teams.service_url, "conversation": "../../x?y=1#z/%2e"}
    await send(platform, Address("teams", TENANT, "x", details=details))
    assert teams.calls[0].conversation == "../../x?y=1#z/%2e"


async def test_what_teams_cannot_do_is_said(platform: Teams, address: Address) -> None:
    with pytest.raises(LookupError):
        await platform.find(address, "o1")
    assert await platform.profile(Actor("teams", TENANT, "aad-1")) == Profile()
    home = Address("teams", TENANT, "aad-1", Surface.HOME)
    assert (await trouble(platform, home)).trouble is Trouble.FAULT
    huge = Card("x" * 50_000)
    with pytest.raises(Undeliverable, match="fault"):
        await send(platform, address, huge)


# Taking messages back


async def test_a_message_is_removed_and_twice_is_as_good(platform: Teams, address: Address, anna: Person) -> None:
    reference = await send(platform, address)
    await send(platform, address, Notice("Stays"))
    for _ in range(2):
        await platform.remove(address, reference)
    assert anna.messages() == ["Stays"]


async def test_a_long_card_is_removed_with_all_its_messages(platform: Teams, address: Address, anna: Person) -> None:
    long = Card("Long", body=tuple(f"{n} {'å' * 500}" for n in range(40)))
    reference = await send(platform, address, long)
    assert len(anna.messages()) > 2
    await platform.remove(address, reference)
    assert anna.messages() == []


async def test_a_post_in_a_channel_is_removed_there(platform: Teams, teams: TeamsStandIn) -> None:
    teams.channel("19:c@thread.tacv2")
    details = {"service_url": teams.service_url, "channel": "19:c@thread.tacv2"}
    channel = Address("teams", TENANT, "19:c@thread.tacv2", Surface.CHANNEL, details)
    reference = await send(platform, channel)
    await platform.remove(channel, reference)
    assert teams.conversation("19:c@thread.tacv2").messages == []


async def test_what_teams_does_not_remove_is_said(platform: Teams, address: Address, teams: TeamsStandIn) -> None:
    reference = await send(platform, address)
    teams.answer_next("delete", 403, code="ServiceError")
    with pytest.raises(Undeliverable) as caught:
        await platform.remove(address, reference)
    assert caught.value.trouble is Trouble.FORBIDDEN
