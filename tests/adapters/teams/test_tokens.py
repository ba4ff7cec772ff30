"""Who is heard: every rule of the token check, each with a request that differs in that one thing."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.adapters.teams import tokens
from bot.adapters.teams.app import TeamsApp
from bot.adapters.teams.calls import may_call
from bot.adapters.teams.tokens import UNTIL_MENDED, OwnToken
from bot.ports import Trouble, Undeliverable
from tests.adapters.teams.conftest import Bot
from tests.fixtures.teams_person import CLIENT_ID, Person
from tests.fixtures.teams_stand_in import TeamsStandIn, signing_key

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def activity(anna: Person) -> dict[str, Any]:
    return anna.activity(type="message", text="hello")


@pytest.fixture
def anna(teams: TeamsStandIn) -> Person:
    return teams.person("aad-1")


async def status(teams: TeamsStandIn, activity: object, token: str | None = None, **request: Any) -> int:
    return (await teams.post(activity, token=token, **request))[0]


async def test_a_genuine_request_is_heard(bot: Bot, teams: TeamsStandIn, activity: object) -> None:
    assert await status(teams, activity) == 200
    assert len(bot.inbound) == 1


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def public_pem() -> bytes:
    return signing_key("key-1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def hs256(teams: TeamsStandIn) -> str:
    """Signed with the public key as if it were a shared secret."""
    signed = f"{part({'alg': 'HS256', 'kid': 'key-1'})}.{teams.token().split('.')[1]}"
    algorithm = jwt.get_algorithm_by_name("HS256")
    signature = algorithm.sign(signed.encode(), public_pem())
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


NOW = int(time.time())
FORGED: dict[str, Callable[[TeamsStandIn], str]] = {
    "none": lambda _: "",
    "garbage": lambda _: "garbage",
    "three dots": lambda _: "...",
    "alg none": lambda t: f"{part({'alg': 'none', 'kid': 'key-1'})}.{t.token().split('.')[1]}.",
    "HS256 with the public key": hs256,
    "another key under a known name": lambda t: t.token(key="forger", header={"kid": "key-1"}),
    "unknown key": lambda t: t.token(key="unknown"),
    "no key name": lambda _: jwt.encode({"aud": CLIENT_ID}, signing_key("key-1"), "RS256"),
    "critical extension": lambda t: t.token(header={"crit": ["b64"], "b64": True}),
    "changed claims": lambda t: ".".join([t.token().split(".")[0], part({"aud": CLIENT_ID}), t.token().split(".")[2]]),
    "expired": lambda t: t.token(exp=NOW - 4_000),
    "not yet valid": lambda t: t.token(nbf=NOW + 40_000),
    "no expiry": lambda t: t.token(exp=None),
    "no issuer": lambda t: t.token(iss=None),
    "another issuer": lambda t: t.token(iss="https://sts.windows.net/x/"),
    "no audience": lambda t: t.token(aud=None),
    "another audience": lambda t: t.token(aud="another-bot"),
    "absurdly long": lambda t: t.token(more="x" * 5_000),
    "deeply nested header": lambda _: base64.urlsafe_b64encode(b"[" * 4_000).decode() + ".e30.e30",
}


@pytest.mark.parametrize("kind", FORGED)
async def test_a_token_that_proves_nothing_is_401(kind: str, bot: Bot, teams: TeamsStandIn, activity: object) -> None:
    assert await teams.post(activity, token=FORGED[kind](teams)) == (401, None)
    assert bot.inbound == []


async def test_clocks_may_differ_by_five_minutes(teams: TeamsStandIn, activity: object) -> None:
    assert await status(teams, activity, teams.token(exp=int(time.time()) - 240)) == 200


async def test_another_scheme_is_401(teams: TeamsStandIn, activity: object) -> None:
    assert await status(teams, activity, headers={"Authorization": f"Basic {teams.token()}"}) == 401


@pytest.mark.parametrize(
    "claimed",
    [None, "", 7, "https://smba.trafficmanager.net/emea/"],
)
async def test_a_token_for_another_service_address_is_403(
    claimed: object, bot: Bot, teams: TeamsStandIn, activity: object
) -> None:
    assert await teams.post(activity, token=teams.token(serviceurl=claimed)) == (403, None)
    assert bot.inbound == []


async def test_a_missing_service_address_is_403(teams: TeamsStandIn, activity: dict[str, Any]) -> None:
    without = {name: value for name, value in activity.items() if name != "serviceUrl"}
    assert await status(teams, without) == 403
    assert await status(teams, without, teams.token(serviceurl=None)) == 403


async def test_an_unknown_service_host_is_403(teams: TeamsStandIn, activity: dict[str, Any]) -> None:
    url = f"http://127.0.0.1:{teams.port + 1}/emea/"
    assert await status(teams, {**activity, "serviceUrl": url}, teams.token(serviceurl=url)) == 403


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://SMBA.trafficmanager.net:443/emea/", True),
        ("https://evil.trafficmanager.net/emea/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://xsmba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://evil.example/#@smba.trafficmanager.net", False),
        ("https://smba.trafficmanager.net/?x=1", False),
        ("https://smba.trafficmanager.net\\@evil.example/", False),
        ("http://smba.trafficmanager.net/emea/", False),
        ("http://127.0.0.1:3000/emea/", True),
        ("http://127.0.0.1:3001/emea/", False),
        ("https://[::1/", False),
        ("", False),
    ],
)
def test_only_exact_hosts_may_be_called(url: str, allowed: bool) -> None:
    assert may_call(url, ("smba.trafficmanager.net", "127.0.0.1:3000")) is allowed


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://login.botframework.com/keys", True),
        ("http://login.botframework.com/keys", False),
        ("http://127.0.0.1:3000/keys", True),
        ("http://127.0.0.1:3001/keys", False),
        ("file:///keys", False),
    ],
)
async def test_keys_are_read_over_https_or_right_beside_the_metadata(
    session: aiohttp.ClientSession, address: str, read: bool
) -> None:
    keys = tokens.Keys("http://127.0.0.1:3000/metadata", session)
    assert keys._may_read(address) is read


async def test_another_channel_is_403(teams: TeamsStandIn, activity: dict[str, Any]) -> None:
    assert await status(teams, {**activity, "channelId": "webchat"}) == 403


async def test_a_key_that_may_not_sign_for_teams_is_403(teams: TeamsStandIn, activity: object) -> None:
    teams.endorsements = ["webchat"]
    assert await status(teams, activity) == 403


@pytest.mark.parametrize(
    "change",
    [
        {"channelData": {"tenant": {"id": "another"}}},
        {"channelData": {}, "conversation": {"id": "a:1"}},
        {"conversation": {"id": "a:1", "tenantId": "another"}},
        {"channelData": {"tenant": {"id": "another"}}, "conversation": {"id": "a:1", "tenantId": "another"}},
    ],
)
async def test_a_foreign_tenant_is_403(
    change: dict[str, Any], bot: Bot, teams: TeamsStandIn, activity: dict[str, Any]
) -> None:
    assert await teams.post({**activity, **change}) == (403, None)
    assert bot.inbound == []


async def test_new_keys_are_found_at_once_and_then_at_most_every_five_minutes(
    teams: TeamsStandIn, activity: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await status(teams, activity) == 200
    teams.kid = "key-2"
    assert await status(teams, activity) == 401  # the keys were read a moment ago
    passed = tokens.REFRESH_PAUSE + 1
    clock = time.monotonic
    monkeypatch.setattr("bot.adapters.teams.tokens.monotonic", lambda: clock() + passed)
    assert await status(teams, activity) == 200
    assert await status(teams, activity, teams.token(key="unknown")) == 401
    assert await status(teams, activity, teams.token(key="unknown")) == 401
    assert teams.key_requests == 2


# --- a token that was good before -------------------------------------------------------------------------------------


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens whose signatures were computed."""
    seen: list[str] = []
    decode = jwt.decode

    def counted(token: str, *rest: Any, **more: Any) -> Any:
        seen.append(token)
        return decode(token, *rest, **more)

    monkeypatch.setattr("jwt.decode", counted)
    return seen


class Later(datetime):
    """Two hours after now, which is when a token of this hour has expired."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(hours=2)


async def test_the_same_token_is_verified_once(
    bot: Bot, teams: TeamsStandIn, activity: object, verified: list[str]
) -> None:
    token = teams.token()
    for _ in range(3):
        assert await status(teams, activity, token) == 200
    assert verified == [token]
    assert len(bot.inbound) == 3


async def test_a_token_that_was_good_expires_all_the_same(
    teams: TeamsStandIn, activity: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = teams.token()
    assert await status(teams, activity, token) == 200
    monkeypatch.setattr("jwt.api_jwt.datetime", Later)
    assert await status(teams, activity, token) == 200  # control: nobody looks at the signature's own claims again
    monkeypatch.setattr(tokens, "time", lambda: time.time() + 7200)
    assert await status(teams, activity, token) == 401


async def test_a_token_that_was_good_falls_with_its_key(
    app: TeamsApp, teams: TeamsStandIn, activity: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = teams.token()
    assert await status(teams, activity, token) == 200
    teams.kid = "key-2"
    clock = time.monotonic
    monkeypatch.setattr(tokens, "monotonic", lambda: clock() + tokens.MAX_AGE + 1)
    assert await status(teams, activity, token) == 401
    assert await status(teams, activity) == 200


async def test_a_token_that_was_good_brings_nothing_else(
    bot: Bot, teams: TeamsStandIn, activity: dict[str, Any], verified: list[str]
) -> None:
    token = teams.token()
    assert await status(teams, activity, token) == 200
    elsewhere = {"serviceUrl": f"{teams.url}/amer/"}, {"channelData": {"tenant": {"id": "other"}}}, {"channelId": "x"}
    assert [await status(teams, {**activity, **change}, token) for change in elsewhere] == [403, 403, 403]
    assert await status(teams, activity, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")) == 401
    assert (len(bot.inbound), verified[0]) == (1, token)


async def test_only_so_many_good_tokens_are_remembered_and_no_bad_ones(
    app: TeamsApp, teams: TeamsStandIn, activity: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "KEPT_TOKENS", 3)
    good = [teams.token(jti=str(number)) for number in range(5)]
    for token in (*good, teams.token(aud="another-bot"), teams.token(key="forger", header={"kid": "key-1"})):
        await status(teams, activity, token)
    assert list(app._verifier._proven) == good[-3:]


# --- what it brings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"[]", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"\xff", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"9" * 5_000, "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"{}", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"data": b"{}", "skip_auto_headers": ["Content-Type"]}, 415),
        ({"data": b" " * 300_000, "headers": {"Content-Type": "application/json"}}, 413),
        ({"data": b"x", "headers": {"Content-Type": "application/json", "Content-Encoding": "gzip"}}, 400),
    ],
)
async def test_a_body_that_is_no_activity_is_refused(request_: Any, expected: int, teams: TeamsStandIn) -> None:
    assert await status(teams, None, **request_) == expected


async def test_half_a_character_is_replaced(bot: Bot, teams: TeamsStandIn, anna: Person) -> None:
    activity = anna.activity(type="message", text="half \ud83d, whole 😀")
    assert await status(teams, activity) == 200
    assert bot.events[0].text == "half \N{REPLACEMENT CHARACTER}, whole 😀"  # type: ignore[union-attr]


# --- our own token ----------------------------------------------------------------------------------------------------


@pytest.fixture
def own(teams: TeamsStandIn, session: aiohttp.ClientSession) -> OwnToken:
    return OwnToken(teams.settings["TEAMS_TOKEN_URL"], session, client_id=CLIENT_ID, client_secret="s3cret")


async def test_our_own_token_is_asked_for_once(own: OwnToken, teams: TeamsStandIn) -> None:

    got = await asyncio.gather(*(own.get() for _ in range(20)))
    assert len(set(got)) == 1
    assert teams.token_requests == [
        {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": "s3cret",
            "scope": "https://api.botframework.com/.default",
        }
    ]


async def test_our_own_token_is_renewed_five_minutes_early(
    own: OwnToken, teams: TeamsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await own.get()
    clock = time.monotonic
    monkeypatch.setattr("bot.adapters.teams.tokens.monotonic", lambda: clock() + 3599 - 299)
    await own.get()
    assert len(teams.token_requests) == 2


@pytest.mark.parametrize(("answered", "rests"), [(401, UNTIL_MENDED), (400, UNTIL_MENDED), (429, None), (503, None)])
async def test_without_a_token_nothing_has_been_sent_and_messages_wait_for_one(
    answered: int, rests: float | None, own: OwnToken, teams: TeamsStandIn
) -> None:
    teams.token_status = answered
    with pytest.raises(Undeliverable) as caught:
        await own.get()
    assert (caught.value.trouble, caught.value.retry_after) == (Trouble.LATER, rests)
    assert "s3cret" not in str(caught.value)
