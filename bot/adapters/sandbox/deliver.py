"""The sandbox as the outbox and the handlers see it: where messages and answers end up."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bot.adapters.sandbox.people import CHANNEL, PLATFORM, WORKSPACE, SandboxConfig, SandboxPerson
from bot.adapters.sandbox.ports import Message, Messages, Place, Shown
from bot.domain.people import Actor, Language, Profile
from bot.handlers.events import Inbound, OpenedHome, Pressed, Reply, Said
from bot.messages import Form, Notice, View
from bot.ports import Address, Clock, Surface, Trouble, Undeliverable


class SandboxPlatform:
    """Implements `bot.ports.Platform` on the sandbox's memory. `changed` is called after every change."""

    name = PLATFORM

    def __init__(self, config: SandboxConfig, messages: Messages, *, clock: Clock, changed: Callable[[], None]) -> None:
        self._config = config
        self._messages = messages
        self._clock = clock
        self._changed = changed

    # What the outbox calls

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:  # noqa: ARG002 - the one channel shows no threads
        self._require(address)
        if address.surface is Surface.HOME:
            await self._messages.show(address.conversation, Place.HOME, Shown(view, language, outbox))
            reference: str = Place.HOME
        else:
            await self._move_up(address.conversation)
            message = Message(_reference(), address.conversation, view, language, self._clock.now(), outbox=outbox)
            reference = await self._messages.append(message)
        self._changed()
        return reference

    async def _move_up(self, user: str) -> None:
        """An answer that only this person sees takes its place in the conversation before something newer comes."""
        answer = await self._messages.shown(user, Place.STATUS)
        if answer is not None:
            moved = Message(_reference(), user, answer.view, answer.language, self._clock.now())
            await self._messages.append(moved)
            await self._messages.clear(user, Place.STATUS)

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:
        self._require(address)
        if not await self._replace(address.conversation, reference, view, language):
            raise Undeliverable(Trouble.GONE, "message_not_found")
        self._changed()

    async def remove(self, address: Address, reference: str) -> None:
        self._require(address)
        await self._messages.remove(address.conversation, reference)
        self._changed()

    async def find(self, address: Address, outbox: str) -> str | None:
        self._require(address)
        if address.surface is Surface.HOME:
            home = await self._messages.shown(address.conversation, Place.HOME)
            return Place.HOME if home and home.outbox == outbox else None
        return await self._messages.find(address.conversation, outbox)

    async def profile(self, actor: Actor) -> Profile:
        person = self._config.person(actor.user) if actor.platform == PLATFORM else None
        return person.profile if person else Profile()

    async def check(self, address: Address) -> None:
        self._require(address)

    async def channel_name(self, address: Address) -> str:
        return self._config.channel if address.conversation == CHANNEL else ""

    def _require(self, address: Address) -> None:
        known = address.conversation == CHANNEL or self._config.person(address.conversation)
        if (address.platform, address.workspace) != (PLATFORM, WORKSPACE) or not known:
            raise Undeliverable(Trouble.GONE, "conversation_not_found")

    async def _replace(self, conversation: str, reference: str, view: View, language: Language) -> bool:
        if reference != Place.HOME:
            return await self._messages.replace(conversation, reference, view, language)
        await self._messages.show(conversation, Place.HOME, Shown(view, language))
        return True

    # What a person does and sees at once

    async def note(self, person: SandboxPerson, inbound: Inbound) -> None:
        """Put what a person typed into the conversation, and clear the answer to what they did before."""
        await self._messages.clear(person.user, Place.STATUS)
        if isinstance(inbound.event, Said):
            own = Notice(inbound.event.text)
            where, now = inbound.came_from.conversation, self._clock.now()
            message = Message(inbound.delivery, where, own, person.language, now, author=person.user)
            await self._messages.append(message)
        self._changed()

    async def answer(self, person: SandboxPerson, inbound: Inbound, reply: Reply) -> None:
        """Show the answer to an event: a form opens, a button's message changes, anything else closes the form."""
        if reply.view is not None and not _stands_there_already(reply.view, inbound):
            shown, event = Shown(reply.view, reply.language), inbound.event
            if isinstance(reply.view, Form):
                await self._messages.show(person.user, Place.FORM, shown)
            elif inbound.came_from.surface is Surface.HOME:
                await self._messages.show(person.user, Place.HOME, shown)
            elif not (isinstance(event, Pressed) and reply.replaces and await self._change(inbound, event, shown)):
                await self._messages.clear(person.user, Place.FORM)
                await self._messages.show(person.user, Place.STATUS, shown)
        elif not isinstance(inbound.event, OpenedHome):
            await self._messages.clear(person.user, Place.FORM)
        self._changed()

    async def _change(self, inbound: Inbound, event: Pressed, shown: Shown) -> bool:
        """Put the answer in the place of the message whose button was pressed; False when it sits in none."""
        if event.reference == Place.HOME:
            return await self._replace(inbound.actor.user, Place.HOME, shown.view, shown.language)
        where = inbound.came_from.conversation
        return bool(event.reference) and await self._replace(where, event.reference, shown.view, shown.language)

    async def close(self, person: SandboxPerson, place: Place) -> None:
        """Close the form, or put the answer away."""
        await self._messages.clear(person.user, place)
        self._changed()


def _stands_there_already(view: View, inbound: Inbound) -> bool:
    """Whether it only points to a message that comes to this very conversation."""
    return isinstance(view, Notice) and view.points and inbound.came_from.surface is Surface.PERSON


def _reference() -> str:
    return secrets.token_hex(8)
