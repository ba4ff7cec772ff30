"""Lärträff's messages on their way to Slack: the `Platform` that the outbox sees."""

from __future__ import annotations

from collections.abc import Iterable

from bot.adapters.slack import render
from bot.adapters.slack.blocks import Block, UnrenderableError
from bot.adapters.slack.webapi import Json, WebApi
from bot.domain.people import Actor, Language, Profile, language_of
from bot.handlers.begun import Begun
from bot.messages import View
from bot.ports import Address, Surface, Trouble, Undeliverable
from bot.texts import Translators

NAME = "slack"
_EVENT_TYPE = "lartraff"
_QUIET = {"unfurl_links": False, "unfurl_media": False}
_CANNOT_REPLY = frozenset(
    {
        "cannot_reply_to_message",
        "message_not_found",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    }
)
"""Slack has refused to write under a message: it is gone, or threads are closed there. Nothing was posted."""

_PAGES_LOOKED_THROUGH = 5  # of 100 messages each, from the newest: a lost answer is looked up within minutes


class SlackPlatform:
    """Sends, changes, removes and finds messages.

    A reference is `channel:ts`, and several of them with blanks between when a view took several messages.
    """

    name = NAME

    def __init__(self, api: WebApi, translators: Translators) -> None:
        self._api = api
        self._translators = translators
        self._begun = Begun()

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:
        """Send the view and return its reference. Raises `Undeliverable`.

        `thread` is the reference of an earlier message in the same channel; where Slack takes no answer to it, the view
        is a message of its own. In a direct conversation it is always one: `find` reads no threads.

        When a later message of a long view fails for now, the trouble is `UNKNOWN`: `find` then tells what is there,
        and the next `send` goes on after it.
        """
        if address.surface is Surface.HOME:
            return await self._publish(address, view, language)
        pages = self._messages(view, language)
        under = _first_ts(thread) if address.surface is Surface.CHANNEL else ""
        with self._begun.going_on(outbox) as there:
            for number, page in enumerate(pages):
                if number not in there:
                    there[number] = await self._post(address, page, _metadata(outbox, number, len(pages)), under)
        return " ".join(there[number] for number in sorted(there))

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:
        """Replace what was sent; a view that became shorter loses its last messages. Raises `Undeliverable`."""
        if address.surface is Surface.HOME:
            await self._publish(address, view, language)
            return
        pages, places = self._messages(view, language), reference.split()
        if len(pages) > len(places):
            raise Undeliverable(Trouble.FAULT, "view_outgrew_its_messages")
        workspace = installation(address)
        for place, page in zip(places, pages, strict=False):
            channel, _, ts = place.partition(":")
            await self._api.call("chat.update", workspace, {"channel": channel, "ts": ts, **page})
        await self._delete(workspace, places[len(pages) :])

    async def remove(self, address: Address, reference: str) -> None:
        """Delete what was sent, all its messages. Raises `Undeliverable`."""
        await self._delete(installation(address), reference.split())

    async def find(self, address: Address, outbox: str) -> str | None:
        """The reference of what carries this outbox id; None when it is not there, or not all of it.

        Raises `LookupError` for a channel: the bot asks for the history of direct conversations only.
        """
        if address.surface is Surface.HOME:
            return None  # publishing again shows the same page
        if address.surface is Surface.CHANNEL:
            raise LookupError("channels_are_not_read")
        try:
            found, pages = await self._look_up(address, outbox)
        except Undeliverable as failed:
            if failed.trouble is Trouble.FORBIDDEN:
                raise LookupError(failed.reason) from failed
            raise
        if found and len(found) == pages:
            return " ".join(found[number] for number in sorted(found))
        self._begun.hold(outbox, found)
        return None

    async def check(self, address: Address) -> None:
        """Ask Slack whether the bot can write in the channel. Raises `Undeliverable`; a person needs no check."""
        if address.surface is not Surface.CHANNEL:
            return
        channel = await self._channel_info(address)
        if channel.get("is_archived") is True:
            raise Undeliverable(Trouble.GONE, "is_archived")
        if channel.get("is_member") is False:
            raise Undeliverable(Trouble.FORBIDDEN, "not_in_channel")
        if channel.get("is_read_only") is True:
            raise Undeliverable(Trouble.FORBIDDEN, "restricted_action_read_only_channel")

    async def channel_name(self, address: Address) -> str:
        """What people call the channel, without the #; empty where Slack does not say."""
        try:
            return str((await self._channel_info(address)).get("name") or "")
        except Undeliverable:
            return ""

    async def profile(self, actor: Actor) -> Profile:
        """What the directory says; empty where it says nothing or does not answer."""
        try:
            return await self.read_profile(actor.workspace, actor.user)
        except Undeliverable:
            return Profile()

    async def read_profile(self, workspace: str, user: str, *, seconds: float = 10.0) -> Profile:
        """The person as the workspace's directory has them. Raises `Undeliverable`."""
        asked = {"user": user, "include_locale": "true"}
        answer = await self._api.call("users.info", workspace, asked, seconds=seconds)
        return _profile(answer.get("user"))

    async def _delete(self, workspace: str, places: Iterable[str]) -> None:
        """Delete messages; one that is gone already, as after a try whose answer was lost, is as good."""
        for place in places:
            channel, _, ts = place.partition(":")
            try:
                await self._api.call("chat.delete", workspace, {"channel": channel, "ts": ts})
            except Undeliverable as failed:
                if failed.reason != "message_not_found":
                    raise

    async def _publish(self, address: Address, view: View, language: Language) -> str:
        try:
            page = render.home(view, self._translators(language))
        except UnrenderableError as error:
            raise Undeliverable(Trouble.FAULT, str(error)) from error
        person = address.conversation
        await self._api.call("views.publish", installation(address), {"user_id": person, "view": page})
        return f"home:{person}"

    async def _post(self, address: Address, page: Block, metadata: Json, under: str) -> str:
        message = {"channel": address.conversation, **page, **_QUIET, **metadata}
        try:
            answer = await self._say(address, {**message, "thread_ts": under} if under else message)
        except Undeliverable as failed:
            if not under or failed.reason not in _CANNOT_REPLY:
                raise
            answer = await self._say(address, message)
        return f"{answer.get('channel')}:{answer.get('ts')}"

    async def _say(self, address: Address, message: Json) -> Json:
        return await self._api.call("chat.postMessage", installation(address), message)

    async def _channel_info(self, address: Address) -> Json:
        try:
            asked = {"channel": address.conversation}
            answer = await self._api.call("conversations.info", installation(address), asked)
        except Undeliverable as failed:
            if failed.reason == "missing_scope":  # the installation is older than this question: nothing was learnt
                raise Undeliverable(Trouble.UNKNOWN, failed.reason) from failed
            raise
        channel = answer.get("channel")
        return channel if isinstance(channel, dict) else {}

    def _messages(self, view: View, language: Language) -> tuple[Block, ...]:
        try:
            return render.messages(view, self._translators(language))
        except UnrenderableError as error:
            raise Undeliverable(Trouble.FAULT, str(error)) from error

    async def _look_up(self, address: Address, outbox: str) -> tuple[dict[int, str], int]:
        """The messages that carry the outbox id, by their place in the view, and how many there should be."""
        workspace, channel = installation(address), await self._channel(address)
        asked = {"channel": channel, "limit": "100", "include_all_metadata": "true"}
        found: dict[int, str] = {}
        pages = 0
        for _ in range(_PAGES_LOOKED_THROUGH):
            answer = await self._api.call("conversations.history", workspace, asked)
            for message in answer.get("messages", ()):
                carried = _carried(message)
                if carried.get("outbox") == outbox:
                    found[int(carried.get("page", 0))] = f"{channel}:{message['ts']}"
                    pages = int(carried.get("pages", 1))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor or (found and len(found) == pages):
                break
            asked["cursor"] = cursor
        return found, pages

    async def _channel(self, address: Address) -> str:
        """The id under which the direct conversation's history is read."""
        known = address.details.get("channel")
        if known:
            return known
        opened = await self._api.call("conversations.open", installation(address), {"users": address.conversation})
        return str(opened["channel"]["id"])


def installation(address: Address) -> str:
    """The workspace whose installation reaches the address; a guest's own workspace may be another."""
    return address.details.get("team") or address.workspace


def _first_ts(reference: str) -> str:
    """When the first message under a reference was posted, which is Slack's name for a thread; empty without one."""
    return reference.partition(" ")[0].partition(":")[2]


def _metadata(outbox: str, page: int, pages: int) -> Json:
    """The outbox id, and nothing else: every app in the workspace can read it."""
    if not outbox:
        return {}
    place = {} if pages == 1 else {"page": page, "pages": pages}
    return {"metadata": {"event_type": _EVENT_TYPE, "event_payload": {"outbox": outbox, **place}}}


def _carried(message: Json) -> Json:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}) if metadata.get("event_type") == _EVENT_TYPE else {}


def _profile(user: object) -> Profile:
    if not isinstance(user, dict):
        return Profile()
    listed = user.get("profile") or {}
    name = listed.get("real_name") or user.get("real_name") or listed.get("display_name") or ""
    return Profile(
        name=name,
        email=listed.get("email") or "",
        language=_language(user.get("locale") or "", user.get("tz") or ""),
        zone=user.get("tz") or None,
    )


def _language(locale: str, zone: str) -> Language | None:
    """The language of the person's Slack, or None for the deployment's own.

    Slack is not to be had in Norwegian, and speaks English to many who never chose it: there the zone tells more.
    """
    known = language_of(locale)
    if known not in (None, Language.ENGLISH):
        return known
    if zone == "Europe/Oslo":
        return Language.BOKMAL
    abroad = zone and not zone.startswith("Europe/")
    return known if abroad else None
