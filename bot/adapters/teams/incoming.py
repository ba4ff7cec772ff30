"""An activity of Teams, read with suspicion: every part may be missing or of another kind than promised."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters.teams.places import PLATFORM, Place, Reference, channel_name
from bot.domain.people import Actor, Profile, language_of
from bot.domain.values import dataclass
from bot.ports import Address

_BOT = "28:"  # what the ids of bots begin with; those of people begin with 29:
_CLOSING = frozenset({"channelDeleted", "teamArchived", "teamDeleted", "teamHardDeleted"})
_MENTION = re.compile(r"<at\b[^>]*>(.*?)</at\s*>", re.IGNORECASE | re.DOTALL)


def part(activity: object, *path: str) -> object:
    """What stands at the end of `path`; None when the way is missing."""
    for name in path:
        activity = activity.get(name) if isinstance(activity, Mapping) else None
    return activity


def text(activity: object, *path: str) -> str:
    """The text that stands at the end of `path`; empty when there is none."""
    found = part(activity, *path)
    return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class Incoming:
    """One activity whose sender is proven, from an allowed tenant."""

    raw: Mapping[str, Any]
    tenant: str

    @property
    def kind(self) -> str:
        return text(self.raw, "type")

    @property
    def name(self) -> str:
        """What an invoke asks for."""
        return text(self.raw, "name")

    @property
    def bot(self) -> str:
        return text(self.raw, "recipient", "id")

    @cached_property
    def user(self) -> str:
        """The person's directory id, or the id this bot knows them by; empty when nobody acts, or a bot (for ever)."""
        sender = text(self.raw, "from", "id")
        if sender == self.bot or sender.startswith(_BOT) or text(self.raw, "from", "role") == "bot":
            return ""
        return text(self.raw, "from", "aadObjectId") or sender

    @property
    def actor(self) -> Actor:
        return Actor(PLATFORM, self.tenant, self.user)

    @property
    def is_personal(self) -> bool:
        kind = text(self.raw, "conversation", "conversationType")
        return kind == "personal" or (not kind and part(self.raw, "conversation", "isGroup") is not True)

    @cached_property
    def delivery(self) -> str:
        """The same for the same event delivered twice, and for no other."""
        if identity := text(self.raw, "id"):
            return f"{self.conversation}|{self.kind}|{identity}"
        written = json.dumps(self.raw, sort_keys=True).encode()
        return hashlib.sha256(written).hexdigest()

    @property
    def conversation(self) -> str:
        """The conversation as the event names it: with the thread, in a team's channel."""
        return text(self.raw, "conversation", "id")

    @cached_property
    def place(self) -> Place:
        base, thread = Place.split(self.conversation)
        return Place(
            tenant=self.tenant,
            service_url=text(self.raw, "serviceUrl"),
            conversation=base,
            thread=thread,
            bot=self.bot,
            user=text(self.raw, "from", "id"),
            team=text(self.raw, "channelData", "team", "id"),
            channel=(text(self.raw, "channelData", "channel", "id") or base) if self._in_channel else "",
            name=self._place_name(base),
        )

    @property
    def left(self) -> Address:
        """What the bot is no longer in. Such events name the team as the conversation, and the channel beside it."""
        channel = text(self.raw, "channelData", "channel", "id")
        return replace(self.place, conversation=channel or self.place.conversation, channel=channel).left()

    @property
    def _in_channel(self) -> bool:
        return text(self.raw, "conversation", "conversationType") == "channel"

    def _place_name(self, conversation: str) -> str:
        """What people call the channel or group chat; a team's first channel has no name but the team's."""
        if not self._in_channel:
            return text(self.raw, "conversation", "name")
        channel, team = (text(self.raw, "channelData", part, "name") for part in ("channel", "team"))
        is_first = conversation == text(self.raw, "channelData", "team", "id")
        return channel_name(team, channel) if channel or is_first else ""

    @property
    def reference(self) -> Reference | None:
        """The message that holds the pressed button."""
        message = text(self.raw, "replyToId")
        return Reference(self.conversation, message) if message else None

    @property
    def message(self) -> str:
        """What was typed where others read it, as a message to answer under; a group chat has no threads, so below."""
        identity = text(self.raw, "id")
        return "" if self.is_personal or not identity else str(Reference(self.conversation, identity))

    # What was said

    @cached_property
    def is_mentioned(self) -> bool:
        return bool(self._own_names())

    @property
    def said(self) -> str:
        """The words without the mention of the bot; other people's mentions become their names."""
        own = self._own_names()

        def replaced(found: re.Match[str]) -> str:
            return "" if found[1].strip() in own else found[1]

        return _MENTION.sub(replaced, text(self.raw, "text")).replace("&nbsp;", " ").strip()

    def _own_names(self) -> frozenset[str]:
        """What the bot is called in this message's mentions of it."""
        mentions = [e for e in self._entities() if text(e, "type") == "mention"]
        own = [e for e in mentions if self.bot and text(e, "mentioned", "id") == self.bot]
        names = {text(e, "mentioned", "name").strip() for e in own}
        names |= {match[1].strip() for e in own for match in _MENTION.finditer(text(e, "text"))}
        return frozenset(names | {""}) if own else frozenset()

    def _entities(self) -> Iterator[object]:
        entities = part(self.raw, "entities")
        yield from entities if isinstance(entities, list) else ()

    # Who was added or removed, and what was closed

    @property
    def closes_channel(self) -> bool:
        """Whether the channel, or the team that it is in, takes no more messages."""
        return not self.is_personal and text(self.raw, "channelData", "eventType") in _CLOSING

    def concerns_bot(self, members: str) -> bool:
        """Whether the bot itself is among those that were added or removed."""
        listed = part(self.raw, members)
        return isinstance(listed, list) and bool(self.bot) and any(text(member, "id") == self.bot for member in listed)

    # Who it is

    def profile(self, member: Mapping[str, Any]) -> Profile:
        """What the event and the member list say of the person."""
        client = next((e for e in self._entities() if text(e, "type") == "clientInfo"), {})
        zone = text(self.raw, "localTimezone") or text(client, "timezone")
        return Profile(
            name=text(member, "name") or text(self.raw, "from", "name"),
            email=text(member, "email") or _address(text(member, "userPrincipalName")),
            language=language_of(text(self.raw, "locale") or text(client, "locale")),
            zone=zone if zone and _is_zone(zone) else None,
        )


def _address(principal: str) -> str:
    """A user principal name, where it can be written to: a guest's cannot."""
    return principal if "@" in principal and "#EXT#" not in principal.upper() else ""


@lru_cache(maxsize=100)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
