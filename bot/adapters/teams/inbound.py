"""What happens in Teams, handed in as our own events, and the answers given back in the shape that Teams expects."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any

from bot.adapters.teams import render, wire
from bot.adapters.teams.connector import Connector
from bot.adapters.teams.incoming import Incoming, part, text
from bot.adapters.teams.parting import CannotShow
from bot.adapters.teams.places import PLATFORM, Reference, conversation_with
from bot.domain.people import Actor, Profile
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _
from bot.handlers.events import (
    AddedToChannel,
    Event,
    Inbound,
    Left,
    OpenedHome,
    Pressed,
    Receives,
    RemovedFromChannel,
    Reply,
    Said,
)
from bot.messages import Action, Card, Form, Notice, View
from bot.ports import Trouble, Undeliverable
from bot.texts import Translators

Json = dict[str, Any]

MESSAGE = "application/vnd.microsoft.activity.message"
PATIENCE = 3.0  # seconds that an answer may be kept waiting when Teams asks us to slow down

COMES_AS_MESSAGE = _("The answer comes as a message.")
TOO_LONG = _("This is too long to be shown in Teams.")
NOT_INSTALLED = _(
    "I cannot write to you directly yet. Find Lärträff under Apps in Teams, add it, and write to me there."
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer to an invoke, which is a question that Teams itself waits for."""

    body: Json | None = None


class Events:
    """Reads activities, asks `Receives`, and shows the reply."""

    def __init__(self, receives: Receives, connector: Connector, translators: Translators) -> None:
        self._receives = receives
        self._connector = connector
        self._translators = translators

    # What Teams tells

    async def message(self, incoming: Incoming) -> None:
        """Words, or a button of a client that does not know Action.Execute."""
        event = wire.read(part(incoming.raw, "value"), reference=_written(incoming.reference))
        if event is not None:
            how = {"opens_forms": incoming.is_personal, "in_window": False, "answers_inline": False}
            reply = await self._receive(incoming, event, **how)
            await self._answer_press(incoming, event, reply)
        elif incoming.is_personal or incoming.is_mentioned:
            said = Said(incoming.said)
            reply = await self._receive(incoming, said, opens_forms=incoming.is_personal, answers_inline=False)
            if reply.view is not None:
                await self._say(incoming, reply.view, reply)
            elif reply.elsewhere and not await self._reaches(incoming):
                await self._say(incoming, Notice(NOT_INSTALLED), reply)

    async def _reaches(self, incoming: Incoming) -> bool:
        """Whether the person can be written to alone. Who cannot would wait in the channel for an answer in vain."""
        place = incoming.place
        try:
            await self._connector.create(place.service_url, conversation_with(place, place.user))
        except Undeliverable as trouble:
            return trouble.trouble not in (Trouble.FORBIDDEN, Trouble.GONE)
        return True

    async def members_changed(self, incoming: Incoming) -> None:
        """Someone came or went, or a channel was closed; of members, only the bot itself is ours to know."""
        if incoming.concerns_bot("membersAdded"):
            await self._tell(incoming, OpenedHome() if incoming.is_personal else AddedToChannel())
        elif incoming.closes_channel:
            await self._removed(incoming)
        elif incoming.concerns_bot("membersRemoved"):
            await (self._tell(incoming, Left()) if incoming.is_personal else self._removed(incoming))

    async def installation_changed(self, incoming: Incoming) -> None:
        """The app was installed or removed. What is added to a team or chat comes as `members_changed`."""
        action = text(incoming.raw, "action")
        if incoming.is_personal and action in {"add", "add-upgrade"}:
            await self._tell(incoming, OpenedHome())
        elif incoming.is_personal and action in {"remove", "remove-upgrade"}:
            await self._tell(incoming, Left())
        elif action == "remove":  # an upgrade of the app leaves it where it is
            await self._removed(incoming)

    async def _removed(self, incoming: Incoming) -> None:
        """The bot is no longer there. Whoever did that need not be known to it, and nobody is answered."""
        nobody = Actor(PLATFORM, incoming.tenant, "")
        await self._receives.receive(
            Inbound(
                incoming.delivery,
                nobody,
                RemovedFromChannel(),
                incoming.left,
                opens_forms=False,
                answers_inline=False,
            )
        )

    async def _tell(self, incoming: Incoming, event: Event) -> None:
        reply = await self._receive(incoming, event, opens_forms=False, answers_inline=False)
        if reply.view is not None:
            await self._say(incoming, reply.view, reply)

    # What Teams asks

    async def asked(self, incoming: Incoming) -> Shown:
        """The answer to an invoke; to one we do not know, nothing."""
        match incoming.name:
            case "adaptiveCard/action":
                return await self._executed(incoming)
            case "task/fetch":
                return await self._dialog(incoming)
            case "task/submit":
                return await self._dialog(incoming)
        return Shown()

    async def _executed(self, incoming: Incoming) -> Shown:
        data = part(incoming.raw, "value", "action", "data")
        event = wire.read(data, reference=_written(incoming.reference))
        if event is None or text(incoming.raw, "value", "trigger") == "automatic":
            return await self._refreshed(incoming, wire.read_refresh(data))
        alone = incoming.is_personal
        reply = await self._receive(
            incoming, event, in_window=False, opens_forms=alone, answers_inline=alone, notices_inline=True
        )
        if reply.view is None:
            return await self._comes_as_message(incoming, reply)
        if self._takes_its_place(incoming, event, reply):
            message = await self._replace(incoming, reply.view, reply)
            return _card_of(message) or self._in_place(reply.view, reply)
        if await self._is_said_below(incoming, reply.view, reply):
            return self._toast(COMES_AS_MESSAGE, reply)
        return self._in_place(reply.view, reply)

    async def _comes_as_message(self, incoming: Incoming, reply: Reply) -> Shown:
        """The card stays, for this person too; what answers it comes to their own chat, if one can write there."""
        if reply.elsewhere and not await self._reaches(incoming):
            return self._toast(NOT_INSTALLED, reply)
        return self._toast(COMES_AS_MESSAGE, reply)

    async def _refreshed(self, incoming: Incoming, action: Action | None) -> Shown:
        """A card that is being looked at again, as it is now. Nobody pressed anything, so nothing is said.

        In a personal chat only: elsewhere, looking would make people known to the bot who never turned to it.
        """
        if action is None or not incoming.is_personal:
            return Shown()
        reply = await self._receive(incoming, Pressed(action), automatic=True)
        if not isinstance(reply.view, Card) or reply.view.refresh != action:
            return Shown()  # what cannot be drawn any more stays as it is
        try:
            return _card(render.card(reply.view, self._translators(reply.language), dialog=False, refreshes=True))
        except CannotShow:
            return Shown()

    async def _is_said_below(self, incoming: Incoming, view: View, reply: Reply) -> bool:
        """In a personal chat a card is added below the one with the button, which stays as it is."""
        return incoming.is_personal and not isinstance(view, Notice) and await self._say(incoming, view, reply)

    @staticmethod
    def _takes_its_place(incoming: Incoming, event: Event, reply: Reply) -> bool:
        """Whether the message that holds the button becomes the answer: also when it is a form that was answered."""
        return reply.replaces or (incoming.is_personal and not isinstance(event, Pressed))

    def _in_place(self, view: View, reply: Reply) -> Shown:
        """What this person alone sees where the card was, until they look at the conversation anew."""
        if isinstance(view, Notice):
            return self._toast(view.text, reply)
        try:
            drawn = render.card(view, self._translators(reply.language), dialog=False)
        except CannotShow:
            log.exception("a card for Teams is too long")
            return self._toast(TOO_LONG, reply)
        return _card(drawn)

    async def _dialog(self, incoming: Incoming) -> Shown:
        """A dialog (task module) is opened, answered or left by its back button."""
        event = wire.read(part(incoming.raw, "value", "data"), reference=_written(incoming.reference))
        if event is None:
            return Shown()  # the close button, or nothing of ours: the dialog closes
        reply = await self._receive(incoming, event)
        if reply.view is None:
            return Shown({"task": {"type": "message", "value": self._words(COMES_AS_MESSAGE, reply)}})
        if reply.replaces and not isinstance(reply.view, Form):
            await self._replace(incoming, reply.view, reply)
        return Shown({"task": self._task(reply.view, reply)})

    def _task(self, view: View, reply: Reply) -> Json:
        translator = self._translators(reply.language)
        if isinstance(view, Notice):
            return {"type": "message", "value": render.inert(translator.say(view.text))}
        try:
            content = render.card(view, translator, dialog=True)
        except CannotShow:
            log.exception("a dialog for Teams is too long")
            return {"type": "message", "value": self._words(TOO_LONG, reply)}
        size = _size(view)
        frame = {"title": render.title(view, translator), "height": size, "width": size}
        card = {"contentType": render.CONTENT_TYPE, "content": content}
        return {"type": "continue", "value": {**frame, "card": card}}

    # Handing in

    async def _receive(
        self,
        incoming: Incoming,
        event: Event,
        *,
        opens_forms: bool = True,
        in_window: bool = True,
        answers_inline: bool = True,
        notices_inline: bool = False,
        automatic: bool = False,
    ) -> Reply:
        if not incoming.user:
            return Reply()  # nobody in particular acted
        person = incoming.user if incoming.is_personal else ""
        inbound = Inbound(
            delivery=incoming.delivery,
            actor=incoming.actor,
            event=event,
            came_from=incoming.place.address(person),
            opens_forms=opens_forms,
            in_window=in_window,
            answers_inline=answers_inline,
            notices_inline=notices_inline,
            automatic=automatic,
            alone=None if incoming.is_personal else incoming.place.alone(incoming.user),
            message=incoming.message if isinstance(event, Said) else "",
        )
        unnamed = isinstance(event, Left) or automatic
        return await self._receives.receive(inbound, None if unnamed else partial(self._profile, incoming))

    async def _profile(self, incoming: Incoming) -> Profile:
        """Who acts, asked of Teams the first time we meet."""
        place = incoming.place
        try:
            member = await self._connector.member(place.service_url, place.conversation, place.user)
        except Undeliverable as trouble:
            log.warning("Teams did not say who someone is: %s", trouble)
            member = {}
        return incoming.profile(member)

    # Showing

    async def _answer_press(self, incoming: Incoming, event: Event, reply: Reply) -> None:
        """The answer to a button that came as a message: in place of its card where that is right, or below."""
        if reply.view is None:
            return
        if self._takes_its_place(incoming, event, reply) and await self._replace(incoming, reply.view, reply):
            return
        await self._say(incoming, reply.view, reply)

    async def _say(self, incoming: Incoming, view: View, reply: Reply) -> bool:
        """Write into the conversation (the thread, in a channel); whether that worked."""
        place = incoming.place
        try:
            for message in render.activities(view, self._translators(reply.language), refreshes=incoming.is_personal):
                await self._send_patiently(place.service_url, place.thread or place.conversation, message)
        except (Undeliverable, CannotShow) as trouble:
            log.warning("an answer did not reach Teams: %s", trouble)
            return False
        return True

    async def _send_patiently(self, service_url: str, conversation: str, message: Json) -> None:
        try:
            await self._connector.send(service_url, conversation, message)
        except Undeliverable as trouble:
            wait = trouble.retry_after
            if trouble.trouble is not Trouble.LATER or wait is None or wait > PATIENCE:
                raise
            await asyncio.sleep(wait)
            await self._connector.send(service_url, conversation, message)

    async def _replace(self, incoming: Incoming, view: View, reply: Reply) -> Json | None:
        """Change the message that holds the button, for everyone; what it has become, or None when that failed."""
        reference = incoming.reference
        if reference is None:
            return None
        try:
            message = render.activity(view, self._translators(reply.language), refreshes=incoming.is_personal)
            await self._connector.update(incoming.place.service_url, reference.conversation, reference.message, message)
        except (Undeliverable, CannotShow) as trouble:
            log.warning("a card in Teams was not replaced: %s", trouble)
            return None
        return message

    def _toast(self, words: Words, reply: Reply) -> Shown:
        """A line that Teams shows at the card and that does not stay."""
        said = render.inert(self._translators(reply.language).say(words))
        return Shown({"statusCode": 200, "type": MESSAGE, "value": said})

    def _words(self, words: Text, reply: Reply) -> str:
        return self._translators(reply.language).say(words)


def _card(drawn: Json) -> Shown:
    return Shown({"statusCode": 200, "type": render.CONTENT_TYPE, "value": drawn})


def _card_of(message: Json | None) -> Shown | None:
    """A message's card as the answer to a button; None when it has none."""
    attachments = message.get("attachments") if message else None
    return _card(attachments[0]["content"]) if attachments else None


def _written(reference: Reference | None) -> str:
    return str(reference) if reference else ""


def _size(view: View) -> str:
    """How large the dialog opens, by how much there is to read and fill in."""
    entries = 4
    if isinstance(view, Form):
        read = len(view.intro) + len(view.facts) + sum(1 + len(item.lines) for item in view.items)
        entries = len(view.fields) * 2 + read
    return "small" if entries <= 3 else "medium" if entries <= 9 else "large"
