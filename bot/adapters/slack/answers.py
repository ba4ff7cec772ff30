"""How the reply to an event is shown: as a modal, in the place of a message, for one pair of eyes, or in a message."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.adapters.slack import render
from bot.adapters.slack.blocks import Block, UnrenderableError
from bot.adapters.slack.charts import without_charts
from bot.adapters.slack.deliver import SlackPlatform, installation
from bot.adapters.slack.inbound import channel, reference
from bot.adapters.slack.webapi import Json, WebApi
from bot.domain.people import Language
from bot.domain.words import _
from bot.handlers.events import Inbound, Pressed, Reply, Said, Submitted, WentBack
from bot.messages import Button, Card, Form, Notice, Tone, View
from bot.ports import Address, Surface, Undeliverable
from bot.texts import Translators

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

_SECONDS = 1.5  # for what has to be done within the three seconds that Slack waits for us
_NOTHING: Json = {}


class Answers:
    """Shows replies. `hooks` is where every response_url must begin: nothing is posted to an address from elsewhere."""

    def __init__(self, api: WebApi, platform: SlackPlatform, translators: Translators, *, hooks: str) -> None:
        self._api = api
        self._platform = platform
        self._translators = translators
        self._hooks = hooks

    async def show(self, body: Body, inbound: Inbound, reply: Reply) -> Json:
        """Show the reply, and return what the HTTP answer itself has to say.

        What has been done stays done, whatever happens here: a reply that cannot be shown is logged, and the person
        is told how to go on.
        """
        if reply.view is None:
            return _NOTHING
        try:
            return await self._show(body, inbound, reply.view, reply)
        except Undeliverable as failed:
            log.warning("a reply was not shown: %s", failed)
            await self._tell_instead(inbound, reply)
        except Exception:  # most likely a view without a shape that Slack accepts: `UnrenderableError`
            log.exception("a reply was not shown")
            return await self._otherwise(inbound, reply)
        return _NOTHING

    async def _show(self, body: Body, inbound: Inbound, view: View, reply: Reply) -> Json:
        language = reply.language
        match inbound.event:
            case Submitted():
                return self._after_submit(body, view, language)
            case WentBack():
                await self._update_modal(body, inbound, view, language)
            case Pressed():
                await self._after_press(body, inbound, view, reply)
            case Said() if inbound.answers_inline:
                return await self._after_command(body, inbound, view, language)
            case Said() if inbound.came_from.surface is Surface.CHANNEL:
                await self._whisper(inbound, view, language)
            case _:
                await self._platform.send(inbound.came_from, view, language, outbox="")
        return _NOTHING

    # Modals

    def _after_submit(self, body: Body, view: View, language: Language) -> Json:
        """Errors beside the inputs when it is the same form that they stand in; otherwise the view takes its place."""
        translator = self._translators(language)
        shown = render.modal(view, translator)
        if isinstance(view, Form) and view.errors and not view.refusal and _same_form(body.get("view"), shown):
            return {
                "response_action": "errors",
                "errors": {name: translator.say(reason) for name, reason in view.errors.items()},
            }
        return {"response_action": "update", "view": shown}

    async def _update_modal(self, body: Body, inbound: Inbound, view: View, language: Language) -> None:
        shown = render.modal(view, self._translators(language))
        asked = {"view_id": (body.get("view") or {}).get("id"), "view": shown}
        await self._api.call("views.update", installation(inbound.came_from), asked, seconds=_SECONDS)

    async def _open_modal(self, body: Body, inbound: Inbound, view: View, language: Language) -> None:
        shown = render.modal(view, self._translators(language))
        asked = {"trigger_id": body.get("trigger_id"), "view": shown}
        await self._api.call("views.open", installation(inbound.came_from), asked, seconds=_SECONDS)

    # Buttons and commands

    async def _after_press(self, body: Body, inbound: Inbound, view: View, reply: Reply) -> None:
        language = reply.language
        if (body.get("view") or {}).get("type") == "modal":
            await self._update_modal(body, inbound, view, language)
        elif isinstance(view, Form):
            await self._open_modal(body, inbound, view, language)
        elif reply.replaces and reference(body):
            await self._platform.update(inbound.came_from, reference(body), view, language)
        elif url := self._response_url(body):
            await self._follow_up(url, view, language, replace=reply.replaces)
        elif channel(body):
            await self._whisper(inbound, view, language, channel(body))
        else:  # on the Home tab there is no conversation to answer in
            await self._open_modal(body, inbound, view, language)

    async def _after_command(self, body: Body, inbound: Inbound, view: View, language: Language) -> Json:
        if isinstance(view, Form):
            await self._open_modal(body, inbound, view, language)
            return _NOTHING
        first, *others = render.messages(view, self._translators(language))
        url = self._response_url(body)
        if others and not url:
            raise UnrenderableError("the answer takes several messages, and Slack gave no address for the others")
        for message in others:
            await self._api.follow_up(url, {"response_type": "ephemeral", **message})
        return {"response_type": "ephemeral", **without_charts(first)}  # nobody would tell us that they are refused

    def _response_url(self, body: Body) -> str:
        url = body.get("response_url")
        return url if isinstance(url, str) and url.startswith(self._hooks) else ""

    async def _follow_up(self, url: str, view: View, language: Language, *, replace: bool) -> None:
        for number, message in enumerate(render.messages(view, self._translators(language))):
            place = {"response_type": "ephemeral", "replace_original": replace and number == 0}
            await self._api.follow_up(url, {**place, **message})

    async def _whisper(self, inbound: Inbound, view: View, language: Language, where: str = "") -> None:
        """For this person only, in the conversation where they are."""
        place = {"channel": where or inbound.came_from.conversation, "user": inbound.actor.user}
        for message in render.messages(view, self._translators(language)):
            await self._api.call("chat.postEphemeral", installation(inbound.came_from), {**place, **message})

    # When it cannot be shown

    async def _tell_instead(self, inbound: Inbound, reply: Reply) -> None:
        """A form that did not open in time is offered once more; other replies go to the direct conversation."""
        view = _offer(inbound) if isinstance(reply.view, Form) else reply.view
        if view is not None:
            await self._send_directly(inbound, view, reply.language)

    async def _otherwise(self, inbound: Inbound, reply: Reply) -> Json:
        """A card too large for a window is sent as messages, and the window says so; a form can only be excused."""
        if isinstance(reply.view, Form) or reply.view is None:
            told = _excuse(reply.view)
        else:
            await self._send_directly(inbound, reply.view, reply.language)
            told = Notice(_("This is too long for a window. You find it in our conversation."))
        if isinstance(inbound.event, Submitted):
            return {"response_action": "update", "view": render.modal(told, self._translators(reply.language))}
        if isinstance(reply.view, Form):
            await self._send_directly(inbound, told, reply.language)
        return _NOTHING

    async def _send_directly(self, inbound: Inbound, view: View, language: Language) -> None:
        here = inbound.came_from
        person = Address(here.platform, here.workspace, inbound.actor.user, details=_team(here))
        try:
            await self._platform.send(person, view, language, outbox="")
        except Undeliverable as failed:
            log.warning("nor was it sent instead: %s", failed)


def _team(address: Address) -> dict[str, str]:
    return {"team": address.details["team"]} if "team" in address.details else {}


def _offer(inbound: Inbound) -> Card | Notice:
    """The way back to a form that did not open: the button that was pressed, once more."""
    if not isinstance(inbound.event, Pressed):
        return Notice(_("The form took too long to open. Nothing is lost: write the same words once more."))
    again = Button(_("Open the form"), inbound.event.action, tone=Tone.PRIMARY, opens_form=True)
    return Card(_("The form took too long to open"), body=(_("Nothing is lost."),), buttons=(again,))


def _excuse(view: View | None) -> Notice:
    """Why there is no form: one that was refused has saved nothing."""
    refused = isinstance(view, Form) and bool(view.errors or view.refusal)
    nothing_saved = _("This could not be shown, and nothing was saved. Please open the form again.")
    return Notice(nothing_saved if refused else _("This could not be shown here. What you did is saved."), Tone.WARNING)


def _same_form(submitted: object, shown: Block) -> bool:
    """Whether the inputs that stand on the person's screen are those of the form to show, with the same token."""
    if not isinstance(submitted, dict):
        return False
    same_token = submitted.get("private_metadata") == shown["private_metadata"]
    return same_token and _inputs(submitted.get("blocks")) == _inputs(shown["blocks"])


def _inputs(blocks: object) -> list[tuple[str, list[str]]]:
    """The inputs' names, and the values that each offers."""
    if not isinstance(blocks, list):
        return []
    return [
        (str(block.get("block_id")), _values(block["element"].get("options")))
        for block in blocks
        if isinstance(block, dict) and block.get("type") == "input" and isinstance(block.get("element"), dict)
    ]


def _values(options: object) -> list[str]:
    if not isinstance(options, list):
        return []
    return [str(option.get("value")) for option in options if isinstance(option, dict)]
