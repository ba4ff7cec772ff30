"""Simulated people in Teams: activities under a signed token, and the cards that have to be sent for them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from benchmarks.inbound import programme
from benchmarks.inbound.http import Answer, Exchange, request

Json = dict[str, Any]

CLIENT_ID = "0d51a5c1-0000-4000-8000-00000000b07a"
TENANT = "7e4a47a0-0000-4000-8000-000000000001"
ISSUER = "https://api.botframework.com"
BOT = f"28:{CLIENT_ID}"
STEPS = ("occasions", "person", "practical", "confirm")

_ANSWERS = {
    "one-name": "Märta Ö. Lindqvist-Håkansson",
    "one-email": "marta.lindqvist@kommunen.example.se",
    "one-needs": "Hörslinga, och gärna en plats nära dörren. Ingen nötkött.",
    "one-invoice": "ZZ-4711-2027",
    "one-gln": "",
    "one-takes_part": "me",
    "many-occasions": "traff-1,traff-3",
}


class Tenant:
    """Teams as a server sees it: its keys, its token, and the conversations that are written to."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._numbers = count(1)
        self.url = ""  # of the stand-in, once it listens
        self.sent: dict[str, list[bytes]] = {}  # conversation → the activities that arrived there
        self.calls: Counter[str] = Counter()

    @property
    def service_url(self) -> str:
        return f"{self.url}/emea/"

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables of a bot."""
        return {
            "TEAMS_CLIENT_ID": CLIENT_ID,
            "TEAMS_CLIENT_SECRET": "not-a-secret",
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_OPENID_METADATA_URL": f"{self.url}/v1/.well-known/openidconfiguration",
            "TEAMS_TOKEN_ISSUER": ISSUER,
            "TEAMS_TOKEN_URL": f"{self.url}/token",
            "TEAMS_SERVICE_HOSTS": self.url.removeprefix("http://"),
        }

    def token(self) -> str:
        """What Teams sends with a request; it uses the same one for an hour."""
        now = int(time.time())  # noqa: TID251 - as Microsoft signs
        claims = {"iss": ISSUER, "aud": CLIENT_ID, "nbf": now - 60, "exp": now + 3600, "serviceurl": self.service_url}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "key-1"})

    def answer(self, asked: Exchange) -> bytes:
        """What Microsoft says to a call."""
        method, path, body = asked
        if path.endswith("/openidconfiguration"):
            return json.dumps(
                {
                    "issuer": ISSUER,
                    "jwks_uri": f"{self.url}/v1/.well-known/keys",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            ).encode()
        if path.endswith("/keys"):
            jwk = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
            return json.dumps({"keys": [{**jwk, "kid": "key-1", "use": "sig", "endorsements": ["msteams"]}]}).encode()
        if path == "/token":
            self.calls["token"] += 1
            return b'{"access_token":"a-token","expires_in":3599,"token_type":"Bearer"}'
        if "/members/" in path:
            return b'{"id":"29:someone","name":"","email":""}'
        return self._arrived(method, path, body)

    def _arrived(self, method: str, path: str, body: bytes) -> bytes:
        self.calls[method] += 1
        conversation = unquote(path.partition("/conversations/")[2].partition("/")[0])
        self.sent.setdefault(conversation, []).append(body)
        return b'{"id":"1:%d"}' % next(self._numbers)


class Crowd:
    """Makes requests to one server, each with an id of its own."""

    _numbers = count(1)

    def __init__(self, tenant: Tenant, port: int) -> None:
        self._tenant = tenant
        self._port = port
        self._headers = {
            "Authorization": f"Bearer {tenant.token()}",
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
        }

    def greeting(self, person: str) -> bytes:
        """The word that asks for help: whoever sent it is known from then on."""
        return self._activity(person, {"type": "message", "text": "hjälp", "textFormat": "plain"})

    def press(self, person: str) -> bytes:
        """The press of a button on a card."""
        return self._execute(person, "do", {"do": f"register {programme.ID}"})

    def submit(self, person: str, card: Json) -> bytes:
        """The form on a card filled in and sent."""
        typed = {**_ANSWERS, "one-organisation": programme.organisation_of(person)}
        filled = {entry["id"]: typed[entry["id"]] for entry in _inputs(card)}
        return self._execute(person, "form", {"form": token_of(card), **filled})

    def _execute(self, person: str, verb: str, data: Json) -> bytes:
        action = {"type": "Action.Execute", "title": "Anmäl dig", "verb": verb, "data": data}
        value = {"action": action, "trigger": "manual"}
        said = {"type": "invoke", "name": "adaptiveCard/action", "value": value, "replyToId": "1:00001"}
        return self._activity(person, said)

    def _activity(self, person: str, said: Json) -> bytes:
        client = {"locale": "sv-SE", "country": "SE", "platform": "Windows", "timezone": "Europe/Stockholm"}
        activity = {
            **said,
            "id": f"f:{next(self._numbers)}",
            "timestamp": "2026-11-21T12:00:00.000Z",
            "localTimestamp": "2026-11-21T13:00:00.000+01:00",
            "localTimezone": "Europe/Stockholm",
            "locale": "sv-SE",
            "serviceUrl": self._tenant.service_url,
            "channelId": "msteams",
            "from": {"id": f"29:{person}", "name": "Märta", "aadObjectId": person},
            "recipient": {"id": BOT, "name": "Lärträff"},
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": f"a:{person}"},
            "channelData": {"tenant": {"id": TENANT}, "source": {"name": "message"}},
            "entities": [{**client, "type": "clientInfo"}],
        }
        return request("POST", "/api/messages", self._port, self._headers, json.dumps(activity).encode())


def _parts(thing: object) -> list[Json]:
    """Every object within a card."""
    if isinstance(thing, dict):
        return [thing, *(part for value in thing.values() for part in _parts(value))]
    if isinstance(thing, list):
        return [part for value in thing for part in _parts(value)]
    return []


def _inputs(card: Json) -> list[Json]:
    return [part for part in _parts(card) if str(part.get("type", "")).startswith("Input.")]


def token_of(card: Json) -> str:
    """The token of the form on a card; empty for a card that is no form."""
    carried = [part["data"] for part in _parts(card) if isinstance(part.get("data"), dict)]
    return next((str(data["form"]) for data in carried if "form" in data), "")


def next_cards(tenant: Tenant, people: Sequence[str], answers: Sequence[Answer], step: str) -> list[Json]:
    """The one card that was sent to each person since they were last looked at, which is the form of `step`."""
    cards = []
    for person, answer in zip(people, answers, strict=True):
        said = json.loads(answer.body)
        assert said["statusCode"] == 200, f"before {step}: {said}"
        arrived = tenant.sent.pop(f"a:{person}", [])
        assert len(arrived) == 1, f"before {step}: {len(arrived)} messages for one event"
        card: Json = json.loads(arrived[0])["attachments"][0]["content"]
        assert token_of(card), f"before {step}: a card that is no form: {json.dumps(card, ensure_ascii=False)[:500]}"
        check_form(card, step)
        cards.append(card)
    return cards


def check_form(card: Json, step: str) -> None:
    """That this is the form of `step`, by a field that only it has."""
    inputs = {entry["id"] for entry in _inputs(card)}
    expected = {
        "occasions": {"many-occasions"},
        "person": {"one-name", "one-takes_part"},
        "practical": {"one-invoice"},
        "confirm": set(),
    }
    assert expected[step] <= inputs, f"expected the form {step}, got inputs {inputs}"
    assert bool(inputs) == (step != "confirm"), f"expected the form {step}, got inputs {inputs}"
