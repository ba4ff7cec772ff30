"""Requests as Slack signs them, and those that mean no good: of every bad kind, the same in every run."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.adapters.slack.front import MAX_BYTES
from tests.fixtures.slack_stand_in import SECRET

NOW = 1_790_000_000
Headers = dict[str, str]

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SAID = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hej"},
}


def sign(body: bytes, *, stamp: int | str = NOW, secret: str = SECRET) -> Headers:
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": f"v0={digest}"}


@dataclass(frozen=True)
class Hostile:
    """A request that means no good. `authentic`: its signature is right all the same."""

    body: bytes
    headers: Headers
    authentic: bool


def hostile_requests(count: int, seed: int = 20) -> Iterator[Hostile]:
    """So many of them."""
    rng = random.Random(seed)
    makers = (
        _unsigned,
        _replayed,
        _tampered,
        _odd_stamp,
        _odd_type,
        _truncated,
        _deep,
        _wrong_shape,
        _wrong_leaf,
        _huge,
    )
    weights = (4, 2, 3, 2, 2, 3, 1, 6, 6, 0.02)
    for _ in range(count):
        yield rng.choices(makers, weights)[0](rng)


def _real(rng: random.Random) -> tuple[bytes, Headers]:
    document = rng.choice(DOCUMENTS)
    if document.get("type") == "event_callback":
        return json.dumps(document).encode(), JSON
    return urlencode(document if "command" in document else {"payload": json.dumps(document)}).encode(), FORM


def _unsigned(rng: random.Random) -> Hostile:
    body, kind = _real(rng)
    letters = "".join(rng.choices(string.printable[:94] + "åÿ", k=rng.randrange(80)))
    some: list[Headers] = [
        {},
        {"X-Slack-Signature": letters, "X-Slack-Request-Timestamp": str(NOW)},
        sign(body, secret="x"),
    ]
    return Hostile(body, {**kind, **rng.choice(some)}, authentic=False)


def _replayed(rng: random.Random) -> Hostile:
    body, kind = _real(rng)
    return Hostile(
        body, {**kind, **sign(body, stamp=NOW + rng.choice((-1, 1)) * rng.randrange(301, 10**7))}, authentic=False
    )


def _tampered(rng: random.Random) -> Hostile:
    body, kind = _real(rng)
    at = rng.randrange(len(body))
    changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
    return Hostile(changed, {**kind, **sign(body)}, authentic=False)


def _odd_stamp(rng: random.Random) -> Hostile:
    body, kind = _real(rng)
    stamp = rng.choice(["", "x", "-1", "1e9", "९" * 10, "9" * 400, f" {NOW}", f"{NOW}.0", "0x10", "٣"])
    return Hostile(body, {**kind, **sign(body, stamp=stamp)}, authentic=False)


def _odd_type(rng: random.Random) -> Hostile:
    body, _ = _real(rng)
    kind = rng.choice(
        ["", "text/plain", "multipart/form-data", "application/json; charset=x", "a/b/c", "application/xml"]
    )
    return Hostile(body, {"Content-Type": kind, **sign(body)}, authentic=True)


def _truncated(rng: random.Random) -> Hostile:
    body, kind = _real(rng)
    body = body[: rng.randrange(len(body))] + bytes(rng.choices(range(256), k=rng.randrange(3)))
    return Hostile(body, {**kind, **sign(body)}, authentic=True)


def _deep(rng: random.Random) -> Hostile:
    depth = rng.choice((500, 5_000, 50_000))
    inner = rng.choice(("[", '{"a":')) * depth
    body = ('{"type":"event_callback","event":' + inner).encode()
    return Hostile(body, {**JSON, **sign(body)}, authentic=True)


ODD: list[Any] = [None, True, 0, -1, 1e300, 10**400, "", "\0", "\ud800", "x" * 3_000, "T1"]
ODD += [[], [[]], [None], {}, {"id": None}, {"id": 5}]


def _wrong_shape(rng: random.Random) -> Hostile:
    document = {**rng.choice(DOCUMENTS), rng.choice(NAMES): rng.choice(ODD)}
    return _signed_document(document)


def _wrong_leaf(rng: random.Random) -> Hostile:
    """One value deep inside is something else."""
    document = json.loads(json.dumps(rng.choice(DOCUMENTS)))
    node: Any = document
    while True:
        key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if not isinstance(node[key], dict | list) or not node[key] or rng.random() < 0.3:
            node[key] = rng.choice(ODD)
            return _signed_document(document)
        node = node[key]


def _huge(_: random.Random) -> Hostile:
    body = b"payload=" + b"%7B" * (MAX_BYTES // 3)
    return Hostile(body, {**FORM, **sign(body)}, authentic=True)


def _signed_document(document: dict[str, Any]) -> Hostile:
    if "command" in document:
        fields = {name: str(value) for name, value in document.items()}
        body, kind = urlencode(fields, errors="replace").encode(), FORM
    elif document.get("type") == "event_callback" or "event" in document:
        body, kind = json.dumps(document).encode(), JSON
    else:
        body, kind = urlencode({"payload": json.dumps(document)}).encode(), FORM
    return Hostile(body, {**kind, **sign(body)}, authentic=True)


_WHO = {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "trigger_id": "1.2", "enterprise": None}
_VIEW = {
    "id": "V1",
    "hash": "1.x",
    "type": "modal",
    "callback_id": "form",
    "private_metadata": "r1.1",
    "blocks": [{"type": "input", "block_id": "name", "element": {"type": "plain_text_input", "action_id": "r1.1"}}],
    "state": {"values": {"name": {"r1.1": {"value": "Anna"}}, "c": {"r1.1": {"selected_options": [{"value": "o1"}]}}}},
}
_BUTTON = {"type": "button", "action_id": "do:0", "block_id": "b", "value": "register p1", "action_ts": "1"}
_IN_A_MESSAGE = {
    "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"},
    "channel": {"id": "C1"},
    "response_url": "https://hooks.slack.com/x",
}
_AUTHORIZED = {"authorizations": [{"team_id": "T1", "user_id": "UBOT"}], "is_ext_shared_channel": True}
DOCUMENTS: tuple[dict[str, Any], ...] = (
    SAID,
    {**SAID, **_AUTHORIZED},
    {**SAID, "event": {"type": "app_mention", "channel": "C1", "user": "U1", "user_team": "E1", "text": "<@UBOT> hej"}},
    {**SAID, "event": {"type": "user_change", "user": {"id": "U1", "deleted": True}}},
    {**SAID, **_AUTHORIZED, "event": {"type": "member_joined_channel", "user": "UBOT", "channel": "C1"}},
    {**SAID, "event": {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}},
    {"type": "block_actions", **_WHO, **_IN_A_MESSAGE, "actions": [_BUTTON]},
    {"type": "block_actions", **_WHO, "view": _VIEW, "actions": [{**_BUTTON, "action_id": "back"}]},
    {"type": "view_submission", **_WHO, "view": _VIEW},
    {"type": "shortcut", **_WHO, "callback_id": "x"},
    {"command": "/lartraff", "text": "hjälp", "user_id": "U1", "team_id": "T1", "channel_id": "C1", "trigger_id": "1"},
)
NAMES = sorted({name for document in DOCUMENTS for name in document})
