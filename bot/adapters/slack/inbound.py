"""What Slack sends, in our own words. Nothing in it is trusted, and nothing strange in it raises."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from typing import Any

from bot.adapters.slack import render
from bot.domain.people import Actor
from bot.domain.values import dataclass
from bot.handlers.events import (
    AddedToChannel,
    Event,
    Inbound,
    Left,
    OpenedHome,
    Pressed,
    RemovedFromChannel,
    Said,
    Submitted,
    WentBack,
    WorkspaceRemoved,
)
from bot.messages import Action, Answer
from bot.ports import Address, Surface

Json = Mapping[str, Any]

_NAME = "slack"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TIMESTAMP = re.compile(r"\d{1,16}\.\d{1,9}")  # of a message, which is also its name
_LEADING_MENTION = re.compile(r"\A\s*<@[^<>]*>[\s,:]*")
_MARKED_UP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_SLACKBOT = "USLACKBOT"  # it writes to the bot too, for instance that somebody has removed it from a channel
_TYPED_SUBTYPES = (None, "file_share", "thread_broadcast")  # the kinds of message that a person has typed


@dataclass(frozen=True, slots=True)
class Place:
    """Who acts, and through which installation of ours.

    In a channel shared between organisations the two workspaces differ: `actor` is of the person's own, `installation`
    is where the bot's token works.
    """

    installation: str
    actor: Actor

    def person(self, channel: str = "", *, surface: Surface = Surface.PERSON) -> Address:
        details = {"channel": channel} if channel else {}
        return self._address(self.actor.user, surface, details)

    def conversation(self, channel: str) -> Address:
        """The conversation with this id: a direct one with the bot begins with D."""
        if not channel or channel.startswith("D"):
            return self.person(channel)
        return self._address(channel, Surface.CHANNEL, {})

    def _address(self, conversation: str, surface: Surface, details: dict[str, str]) -> Address:
        if self.installation != self.actor.workspace:
            details = {**details, "team": self.installation}
        return Address(_NAME, self.installation, conversation, surface, details)


def read(body: Json, context: Json) -> Inbound | None:
    """The event in a body whose origin is certain, or None for what does not concern us.

    `context` is what Bolt found out about it: ids of the workspace, the organisation and the person.
    """
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, context)
    if kind == "block_actions":
        return _press(body, context)
    if kind == "view_submission":
        return _submission(body, context)
    if kind is None and "command" in body:
        return _command(body, context)
    return None


def text(value: object) -> str:
    """A string without what no database keeps: lone surrogates and NUL. Anything else than a string is empty."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value.replace("\0", "")
    return value.replace("\0", "").encode("utf-8", "ignore").decode()


def typed(value: object) -> str:
    """What a person typed, without the marks that Slack puts around addresses and mentions."""

    def bare(mark: re.Match[str]) -> str:
        sort, target, label = mark[1], mark[2], mark[3]
        shown = label or target.removeprefix("mailto:").removeprefix("tel:")
        return f"{'@' if sort == '!' else sort}{shown}" if sort and not shown.startswith(("@", "#")) else shown

    return html.unescape(_MARKED_UP.sub(bare, text(value))).strip()


# Who and where


def _place(context: Json, *, user: object, team: object = None) -> Place | None:
    """Who acts; None when the body does not say. For an organisation-wide installation its id stands for all teams."""
    for_all = context.get("is_enterprise_install")
    found = context.get("enterprise_id") if for_all else context.get("team_id")
    installation = _id(found) or _id(context.get("team_id")) or _id(context.get("enterprise_id"))
    if not installation:
        return None
    own = installation if for_all else _id(team) or installation
    return Place(installation, Actor(_NAME, own, _id(user)))


def _id(value: object) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _part(body: Json, name: str) -> Json:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _digest(*parts: object) -> str:
    """One name for what was delivered: the same delivery has the same, another click another."""
    return hashlib.sha256("\0".join(map(text, parts)).encode()).hexdigest()[:32]


# Events


def _event(body: Json, context: Json) -> Inbound | None:
    event = _part(body, "event")
    delivery = text(body.get("event_id")) or _digest("event", event.get("type"), event.get("event_ts"))
    read_one = _EVENTS.get(str(event.get("type")))
    user = event.get("user")
    place = _place(context, user=_part(event, "user").get("id") or user, team=_guests_team(event, body, context))
    if read_one is None or place is None:
        return None
    return read_one(f"event:{delivery}", event, body, place)


def _guests_team(event: Json, body: Json, context: Json) -> object:
    """The person's own workspace, where a channel is shared with another organisation."""
    if not body.get("is_ext_shared_channel"):
        return None
    return context.get("actor_team_id") or event.get("user_team")


def _by_the_bot(event: Json) -> bool:
    return bool(event.get("bot_id") or event.get("bot_profile"))


def _message(delivery: str, event: Json, body: Json, place: Place) -> Inbound | None:
    direct = event.get("channel_type") == "im"
    if not direct or event.get("subtype") not in _TYPED_SUBTYPES or _by_the_bot(event):
        return None
    if place.actor.user in ("", _SLACKBOT):
        return None
    said = Said(typed(event.get("text")))
    came_from = place.person(_id(event.get("channel")))
    return Inbound(delivery, place.actor, said, came_from, opens_forms=False, answers_inline=False)


def _mention(delivery: str, event: Json, body: Json, place: Place) -> Inbound | None:
    if _by_the_bot(event) or "edited" in event or not place.actor.user:
        return None
    said = Said(typed(_LEADING_MENTION.sub("", text(event.get("text")))))
    came_from = place.conversation(_id(event.get("channel")))
    thread = text(event.get("thread_ts")) or text(event.get("ts"))
    message = f"{came_from.conversation}:{thread}" if _TIMESTAMP.fullmatch(thread) else ""
    return Inbound(delivery, place.actor, said, came_from, opens_forms=False, answers_inline=False, message=message)


def _home(delivery: str, event: Json, body: Json, place: Place) -> Inbound | None:
    if not place.actor.user:
        return None
    surface = Surface.HOME if event.get("tab") == "home" else Surface.PERSON
    came_from = place.person(surface=surface)
    return Inbound(delivery, place.actor, OpenedHome(), came_from, opens_forms=False, answers_inline=False)


def _user_changed(delivery: str, event: Json, body: Json, place: Place) -> Inbound | None:
    if _part(event, "user").get("deleted") is not True or not place.actor.user:
        return None
    return _silent(delivery, place, Left(), place.person())


def _joined(delivery: str, event: Json, body: Json, place: Place) -> Inbound | None:
    ours = {_id(authorization.get("user_id")) for authorization in _authorizations(body)}
    channel = _id(event.get("channel"))
    if not channel or place.actor.user not in ours - {""}:
        return None
    inviter = Actor(_NAME, place.actor.workspace, _id(event.get("inviter")) or place.actor.user)
    return _silent(delivery, Place(place.installation, inviter), AddedToChannel(), place.conversation(channel))


def _channel_lost(delivery: str, event: Json, body: Json, place: Place) -> Inbound | None:
    """The bot was removed, or the channel is archived or deleted. Slack seldom says by whom."""
    channel = _id(event.get("channel"))
    if not channel:
        return None
    nobody = _nobody(place)
    return _silent(delivery, nobody, RemovedFromChannel(), nobody.conversation(channel))


def _nobody(place: Place) -> Place:
    """The workspace itself, when nobody in particular acts."""
    return Place(place.installation, Actor(_NAME, place.installation, ""))


def _removed(delivery: str, event: Json, body: Json, place: Place) -> Inbound | None:
    if event.get("type") == "tokens_revoked" and not _part(event, "tokens").get("bot"):
        return None  # only a person's own token: we have none
    nobody = _nobody(place)
    return _silent(delivery, nobody, WorkspaceRemoved(), nobody.person())


def _silent(delivery: str, place: Place, event: Event, came_from: Address) -> Inbound:
    return Inbound(delivery, place.actor, event, came_from, opens_forms=False, answers_inline=False)


def _authorizations(body: Json) -> list[Json]:
    listed = body.get("authorizations")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


_EVENTS = {
    "message": _message,
    "app_mention": _mention,
    "app_home_opened": _home,
    "user_change": _user_changed,
    "member_joined_channel": _joined,
    "channel_left": _channel_lost,
    "group_left": _channel_lost,
    "channel_archive": _channel_lost,
    "group_archive": _channel_lost,
    "channel_deleted": _channel_lost,
    "group_deleted": _channel_lost,
    "app_uninstalled": _removed,
    "tokens_revoked": _removed,
}


# Commands, buttons and modals


def _command(body: Json, context: Json) -> Inbound | None:
    place = _place(context, user=body.get("user_id"))
    if place is None or not place.actor.user:
        return None
    delivery = "command:" + _digest(body.get("trigger_id"), body.get("user_id"), body.get("text"))
    return Inbound(
        delivery, place.actor, Said(typed(body.get("text"))), place.conversation(_id(body.get("channel_id")))
    )


def _clicker(body: Json, context: Json) -> Place | None:
    user = _part(body, "user")
    place = _place(context, user=user.get("id"), team=user.get("team_id"))
    return place if place and place.actor.user else None


def _press(body: Json, context: Json) -> Inbound | None:
    place = _clicker(body, context)
    actions = body.get("actions")
    pressed = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    value = text(pressed.get("value"))
    if place is None or pressed.get("type") != "button" or not value:
        return None  # a button that is only a link says so too
    delivery = "press:" + _digest(body.get("trigger_id"), pressed.get("action_ts"), place.actor.user, value)
    if pressed.get("action_id") == render.BACK:
        return Inbound(delivery, place.actor, WentBack(value), place.person())
    where = channel(body)
    came_from = place.conversation(where)
    # In the direct conversation an answer is a message, which stays; elsewhere it is shown to this person only.
    in_conversation = came_from.surface is Surface.PERSON and bool(where)
    return Inbound(
        delivery,
        place.actor,
        Pressed(Action.parse(value), reference(body)),
        came_from,
        answers_inline=not in_conversation,
    )


def channel(body: Json) -> str:
    """The conversation that a pressed button stands in; none for the Home tab and modals."""
    return _id(_part(body, "channel").get("id")) or _id(_part(body, "container").get("channel_id"))


def reference(body: Json) -> str:
    """The message that a pressed button stands in, when it can be changed later."""
    container = _part(body, "container")
    if container.get("type") != "message" or container.get("is_ephemeral"):
        return ""
    where, ts = channel(body), text(container.get("message_ts"))
    return f"{where}:{ts}" if where and ts else ""


def _submission(body: Json, context: Json) -> Inbound | None:
    place = _clicker(body, context)
    view = _part(body, "view")
    if place is None or view.get("callback_id") != render.FORM:
        return None
    token = text(view.get("private_metadata"))
    parts = (body.get("trigger_id"), view.get("id"), view.get("hash"), token, place.actor.user)
    submitted = Submitted(token, _answers(_part(_part(view, "state"), "values")))
    return Inbound("submit:" + _digest(*parts), place.actor, submitted, place.person())


def _answers(values: Json) -> dict[str, Answer]:
    """What stands in each input, by the field's name: a block holds one input only."""
    return {
        text(name): _answer(next(iter(inputs.values())))
        for name, inputs in values.items()
        if isinstance(inputs, dict) and inputs
    }


def _answer(element: object) -> Answer:
    if not isinstance(element, dict):
        return ""
    if isinstance(element.get("selected_options"), list):
        return tuple(text(option.get("value")) for option in element["selected_options"] if isinstance(option, dict))
    if "selected_option" in element:
        return text(_part(element, "selected_option").get("value"))
    return text(element.get("value"))
