"""Simulated people in Slack: the requests by which they register, signed, and what has to come back."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote_plus

from benchmarks.inbound import programme
from benchmarks.inbound.http import Answer, Exchange, request

Json = dict[str, Any]

SECRET = "a signing secret"  # noqa: S105 - of the stand-in
BOT_TOKEN = "xoxb-benchmark"  # noqa: S105 - of the stand-in
TEAM = "T1"
STEPS = ("occasions", "person", "practical", "confirm")
"""The forms of a registration, in order; the button that is pressed before them opens the first."""

_ANSWERS: dict[str, str | None] = {
    "name": "Märta Ö. Lindqvist-Håkansson",
    "email": "marta.lindqvist@kommunen.example.se",
    "needs": "Hörslinga, och gärna en plats nära dörren. Ingen nötkött.",
    "invoice": "ZZ-4711-2027",
    "gln": None,
}
_CHOICES = {"occasions": ["traff-1", "traff-3"], "takes_part": "me"}


_TRIGGER = re.compile(rb'trigger_id[":= ]+([\w.]+)')  # as JSON or as a form: the request is read whole later


class Workspace:
    """Slack as a server sees it: what it asked for, and whom it asked about."""

    def __init__(self) -> None:
        self.opened: dict[str, bytes] = {}  # trigger id → the request that opened a form with it
        self.opened_twice = 0
        self.messages: Counter[str] = Counter()  # person → messages posted to them
        self.calls: Counter[str] = Counter()

    def answer(self, asked: Exchange) -> bytes:
        """What Slack says to a call of its Web API."""
        _, path, body = asked
        method = path.rpartition("/")[2].partition("?")[0]
        self.calls[method] += 1
        if method == "views.open":
            return self._open(body)
        if method == "chat.postMessage":
            self.messages[str(_read(body).get("channel"))] += 1
            return b'{"ok":true,"channel":"D1","ts":"1700000000.000100"}'
        if method == "users.info":
            user = path.partition("user=")[2].partition("&")[0]
            return _USER % (user.encode(), TEAM.encode())
        return b'{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"B1","view":{"id":"V1"}}'

    def _open(self, body: bytes) -> bytes:
        found = _TRIGGER.search(body)
        assert found, "a form was opened without a trigger"
        trigger = found[1].decode()
        self.opened_twice += trigger in self.opened
        self.opened[trigger] = body
        return b'{"ok":true,"view":{"id":"V%s","hash":"1.x","type":"modal"}}' % trigger.encode()


_USER = (
    b'{"ok":true,"user":{"id":"%s","team_id":"%s","tz":"Europe/Stockholm","locale":"sv-SE","profile":'
    b'{"real_name":"","email":""}}}'
)


def _read(body: bytes) -> Json:
    read: Json = json.loads(body)
    return read


class Crowd:
    """Makes requests to one server, each with a trigger of its own."""

    _numbers = count(1)

    def __init__(self, port: int) -> None:
        self._port = port

    def greeting(self, person: str) -> bytes:
        """The slash command that asks for help: whoever sent it is known from then on."""
        fields = {
            "command": "/lartraff",
            "text": "hjälp",
            "user_id": person,
            "team_id": TEAM,
            "channel_id": "D1",
            "trigger_id": self._trigger(),
            "is_enterprise_install": "false",
        }
        return self._signed("&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()))

    def press(self, person: str, do: str = f"register {programme.ID}") -> tuple[str, bytes]:
        """The press of a button under a message; with its trigger."""
        trigger = self._trigger()
        text = {"type": "plain_text", "text": "Anmäl dig", "emoji": False}
        button = {"type": "button", "action_id": "do:0", "block_id": "b1", "text": text, "value": do}
        card = {"type": "section", "block_id": "b0", "text": {"type": "plain_text", "text": "Mätserien. " * 20}}
        message = {"type": "message", "ts": "1700000000.000100", "user": "UBOT", "text": "Mätserien",
                   "blocks": [card, {"type": "actions", "block_id": "b1", "elements": [button]}]}  # fmt: skip
        pressed = {
            "type": "block_actions",
            "trigger_id": trigger,
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": f"D{person[1:]}"},
            "channel": {"id": f"D{person[1:]}", "name": "directmessage"},
            "message": message,
            "response_url": f"http://127.0.0.1:1/{trigger}",
            "actions": [{**button, "action_ts": f"{trigger}.1"}],
        }
        return trigger, self._interaction(person, pressed)

    def submit(self, person: str, view: Json) -> bytes:
        """The form filled in and submitted, with all of it in the request, as Slack has it."""
        typed = {**_ANSWERS, "organisation": programme.organisation_of(person)}
        values = {block["block_id"]: _filled(block, typed) for block in view["blocks"] if block["type"] == "input"}
        whole = {"id": "V1", "hash": "1.x", "team_id": TEAM, **view, "state": {"values": values}}
        return self._interaction(person, {"type": "view_submission", "trigger_id": self._trigger(), "view": whole})

    def _trigger(self) -> str:
        return f"{next(self._numbers)}.7.abcdef"

    def _interaction(self, person: str, payload: Json) -> bytes:
        whole = {
            "user": {"id": person, "username": person.lower(), "name": person.lower(), "team_id": TEAM},
            "team": {"id": TEAM, "domain": "kommunen"},
            "api_app_id": "A1",
            "token": "legacy",
            "is_enterprise_install": False,
            "enterprise": None,
            **payload,
        }
        return self._signed("payload=" + quote_plus(json.dumps(whole)))

    def _signed(self, form: str) -> bytes:
        body, stamp = form.encode(), str(int(time.time()))  # noqa: TID251 - as Slack signs
        digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        return request("POST", "/slack/events", self._port, headers, body)


def _filled(block: Json, typed: Mapping[str, str | None]) -> Json:
    """What stands in an input when the form is submitted, with its action id."""
    element, name = block["element"], block["block_id"]
    state: Json = {"type": element["type"]}
    if "options" not in element:
        state["value"] = typed[name]
    elif element["type"] in {"checkboxes", "multi_static_select"}:
        state["selected_options"] = [o for o in element["options"] if o["value"] in _CHOICES[name]]
    else:
        state["selected_option"] = next(o for o in element["options"] if o["value"] == _CHOICES[name])
    return {element["action_id"]: state}


def opened_forms(workspace: Workspace, triggers: Sequence[str]) -> list[Json]:
    """The forms that were opened for these triggers; raises `AssertionError` unless it is one for each."""
    missing = [trigger for trigger in triggers if trigger not in workspace.opened]
    assert not missing, f"{len(missing)} of {len(triggers)} forms were never opened"
    assert not workspace.opened_twice, f"{workspace.opened_twice} forms were opened twice"
    views = [_read(workspace.opened[trigger])["view"] for trigger in triggers]
    return [json.loads(view) if isinstance(view, str) else view for view in views]


def next_forms(answers: Sequence[Answer], step: str) -> list[Json]:
    """The forms that came back after `step`; the last step gives none, but a notice that closes the conversation."""
    views = []
    for answer in answers:
        said = _read(answer.body)
        assert said.get("response_action") == "update", f"after {step}: {said}"
        view: Json = said["view"]
        assert ("submit" in view) == (step != STEPS[-1]), f"after {step}: {json.dumps(view, ensure_ascii=False)[:600]}"
        views.append(view)
    return views


def check_form(view: Json, step: str) -> None:
    """That this is the form of `step`, by a field that only it has."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    expected = {"occasions": {"occasions"}, "person": {"takes_part"}, "practical": {"invoice"}, "confirm": set()}
    assert expected[step] <= inputs, f"expected the form {step}, got inputs {inputs}"
    assert bool(inputs) == (step != "confirm"), f"expected the form {step}, got inputs {inputs}"
    assert view["private_metadata"], "a form without a token"
