"""Sending from the outbox to people and channels in Teams."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.adapters.teams import render
from bot.adapters.teams.calls import is_loopback
from bot.adapters.teams.connector import Connector
from bot.adapters.teams.parting import CannotShow
from bot.adapters.teams.places import PLATFORM, Place, Reference, channel_name, conversation_with
from bot.domain.people import Actor, Language, Profile
from bot.handlers.begun import Begun
from bot.messages import View
from bot.ports import Address, Surface, Trouble, Undeliverable
from bot.texts import Translators

Json = dict[str, Any]


class Teams:
    """Teams as the outbox sees it (`bot.ports.Platform`)."""

    name = PLATFORM

    def __init__(
        self, connector: Connector, translators: Translators, *, client_id: str, service_hosts: tuple[str, ...]
    ) -> None:
        self._connector = connector
        self._translators = translators
        self._bot = f"28:{client_id}"
        self._services: dict[str, str] = {}  # tenant → the service address it was last heard from
        scheme = "http" if is_loopback(service_hosts[0].partition(":")[0]) else "https"
        self._default_service = f"{scheme}://{service_hosts[0]}/teams/"  # serves every region, only slower
        self._begun = Begun()
        self._opened: dict[tuple[str, str], str] = {}  # conversations with people that were opened by us

    def heard_from(self, tenant: str, service_url: str) -> None:
        """Remember where a tenant's people are reached, for those of them who have not written themselves."""
        self._services[tenant] = service_url

    def _service(self, address: Address) -> str:
        return address.details.get("service_url") or self._services.get(address.workspace) or self._default_service

    async def send(
        self,
        address: Address,
        view: View,
        language: Language,
        *,
        outbox: str,
        thread: str = "",
    ) -> str:
        """Send a message; a card that needs several is sent as several, and the reference names all of them.

        In a team's channel, `thread` makes it an answer in that thread; chats have none, there it is the next line.

        When a later message fails for now, the trouble is `UNKNOWN`, and the next `send` goes on after those that are
        there. After a restart, or in another process, it begins anew, and they come twice: Teams cannot tell what is
        there.
        """
        messages = self._drawn(view, language, alone=address.surface is Surface.PERSON)
        place = await self._reachable(address)
        under = Reference.parse(thread).thread if thread and place.channel else ""
        with self._begun.going_on(outbox) as there:
            if not there:
                there[0] = str(await self._post(place, messages[0], under))
            conversation = Reference.parse(there[0]).conversation
            for number in range(len(there), len(messages)):
                sent = await self._connector.send(place.service_url, conversation, messages[number])
                there[number] = str(Reference(conversation, sent))
        return " ".join(there.values())

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:
        """Replace a message that was sent before."""
        try:
            alone = address.surface is Surface.PERSON
            message = render.activity(view, self._translators(language), refreshes=alone)
        except CannotShow as reason:
            raise Undeliverable(Trouble.FAULT, str(reason)) from None
        old = Reference.parse(reference)
        await self._connector.update(self._service(address), old.conversation, old.message, message)

    async def remove(self, address: Address, reference: str) -> None:
        """Delete what was sent, all its messages."""
        service_url = self._service(address)
        for old in Reference.all_of(reference):
            await self._connector.delete(service_url, old.conversation, old.message)

    async def find(self, address: Address, outbox: str) -> str | None:  # noqa: ARG002
        """Teams cannot tell: a bot may not read back its own messages."""
        raise LookupError("Teams has no look-up of sent messages")

    async def profile(self, actor: Actor) -> Profile:  # noqa: ARG002
        """Nothing: Teams tells who someone is only within a conversation, so profiles come with the events."""
        return Profile()

    async def check(self, address: Address) -> None:
        """Ask whether the bot may still write there; nobody notices."""
        place = Place.of(address)
        if not place.conversation:
            raise Undeliverable(Trouble.UNKNOWN, "no conversation yet")
        try:
            await self._look(replace(place, service_url=self._service(address)))
        except Undeliverable as trouble:
            if trouble.trouble is Trouble.FAULT:  # a question that Teams does not take says nothing of the channel
                raise Undeliverable(Trouble.UNKNOWN, trouble.reason) from None
            raise

    async def _look(self, place: Place) -> None:
        """A team's list of channels is short and knows of deleted ones; private and shared ones are not all in it."""
        if place.team and place.channel:
            channels = await self._connector.channels(place.service_url, place.team)
            if place.channel in channels:
                return
        await self._connector.roster(place.service_url, place.conversation)

    async def channel_name(self, address: Address) -> str:
        """What people call the channel or group chat; empty where Teams does not say."""
        place = Place.of(address)
        if place.name or not (place.team and place.channel):
            return place.name
        service_url = self._service(address)
        try:
            team = await self._connector.team_name(service_url, place.team)
            channels = await self._connector.channels(service_url, place.team)
        except Undeliverable:
            return ""
        return channel_name(team, channels[place.channel]) if place.channel in channels else ""

    def _drawn(self, view: View, language: Language, *, alone: bool) -> tuple[Json, ...]:
        try:
            return render.activities(view, self._translators(language), refreshes=alone, alerts=True)
        except CannotShow as reason:
            raise Undeliverable(Trouble.FAULT, str(reason)) from None

    async def _reachable(self, address: Address) -> Place:
        """The place of an address, with a conversation that exists."""
        place = Place.of(address)
        place = replace(place, service_url=self._service(address), bot=place.bot or self._bot)
        if address.surface is Surface.HOME:
            raise Undeliverable(Trouble.FAULT, "Teams has no home page")
        if place.conversation:
            return place
        return replace(place, conversation=await self._open(place, address.conversation))

    async def _open(self, place: Place, person: str) -> str:
        """The conversation with one person, opened by us. Asking twice would give the same one."""
        key = (place.tenant, person)
        if key not in self._opened:
            self._opened[key], _ = await self._connector.create(place.service_url, conversation_with(place, person))
        return self._opened[key]

    async def _post(self, place: Place, message: Json, under: str) -> Reference:
        """The first message: a new post in a team's channel or an answer to one, the next line everywhere else."""
        if under:
            try:
                return Reference(under, await self._connector.send(place.service_url, under, message))
            except Undeliverable as trouble:
                if trouble.trouble is not Trouble.GONE:
                    raise
                # Perhaps only the thread is: somebody deleted its first post. A new post tells.
        if place.channel:
            parameters = {
                "isGroup": True,
                "bot": {"id": place.bot},
                "tenantId": place.tenant,
                "channelData": {"channel": {"id": place.channel}, "tenant": {"id": place.tenant}},
                "activity": message,
            }
            return Reference(*await self._connector.create(place.service_url, parameters))
        conversation = place.conversation
        return Reference(conversation, await self._connector.send(place.service_url, conversation, message))
