"""Posted HTML forms turned into events. Everything in them is untrusted, also what the page hides in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from bot.adapters.sandbox.people import CHANNEL, SandboxConfig, SandboxPerson
from bot.domain.people import Actor
from bot.handlers.events import AddedToChannel, Event, Inbound, OpenedHome, Pressed, Said, Submitted, WentBack
from bot.messages import Action, Answer, ChoiceField, Form
from bot.ports import Address, Surface

Fields = Mapping[str, tuple[str, ...]]
"""A posted form: field name → everything that was sent under it."""

_DELIVERY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_MOST_FIELDS = 500
_MENTION = re.compile(r"@l[äa]rtr[äa]ff[\s,:]*", re.IGNORECASE)  # as one writes in a channel: no platform sends it on
_PREFIX = "f."
"""What the names of a form's own fields begin with, so that they never meet ours."""


class NotUnderstoodError(ValueError):
    """The request is not one that our page sends."""


def fields(body: bytes) -> Fields:
    """What a form-encoded body holds."""
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise NotUnderstoodError("too many fields") from error
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value.replace("\r\n", "\n"))  # browsers send every line break as two
    return found


def one(posted: Fields, name: str) -> str:
    """The first value under a name, or nothing."""
    return posted.get(name, ("",))[0]


def read(act: str, posted: Fields, person: SandboxPerson, config: SandboxConfig, form: Form | None) -> Inbound:
    """The event that a person's page sent. `form` is the one that the person has open, if any.

    Raises
    ------
    NotUnderstoodError
        When the page sends no such thing.
    """
    nonce = one(posted, "delivery")
    if not _DELIVERY.fullmatch(nonce):
        raise NotUnderstoodError("no delivery id")
    event = _event(act, posted, form)
    # Two buttons of one card share the nonce, and pressing both is two events.
    pressed = str(event.action) if isinstance(event, Pressed) else ""
    delivery = hashlib.sha256(f"{person.user} {act} {nonce} {pressed}".encode(errors="replace")).hexdigest()[:32]
    if isinstance(event, OpenedHome):
        return _opened(delivery, person, _home(person))
    where = _where(posted, person, config)
    inline = not isinstance(event, Said) or where.surface is Surface.CHANNEL  # there only the person sees the answer
    return Inbound(delivery, person.actor, event, where, answers_inline=inline, profile=person.profile)


def first_meetings(person: SandboxPerson) -> tuple[Inbound, Inbound]:
    """The person sees the conversation and the home page for the first time; sent at every start, it happens once."""
    return (
        _opened(f"first-{person.user}-talk", person, person.address),
        _opened(f"first-{person.user}-home", person, _home(person)),
    )


def added_to_channel(actor: Actor, config: SandboxConfig) -> Inbound:
    """The bot is in the channel from the beginning; sent at every start, it happens once."""
    where = config.channel_address
    return Inbound("first-channel", actor, AddedToChannel(), where, opens_forms=False, answers_inline=False)


def _opened(delivery: str, person: SandboxPerson, where: Address) -> Inbound:
    event = OpenedHome()
    return Inbound(
        delivery, person.actor, event, where, opens_forms=False, answers_inline=False, profile=person.profile
    )


def _event(act: str, posted: Fields, form: Form | None) -> Event:
    match act:
        case "say":
            return Said(_MENTION.sub("", (one(posted, "word") or one(posted, "text")).strip()))
        case "press":
            return _pressed(posted)
        case "submit":
            return Submitted(one(posted, "token"), _answers(posted, form))
        case "back":
            return WentBack(one(posted, "token"))
        case "home":
            return OpenedHome()
        case _:
            raise NotUnderstoodError(act)


def _pressed(posted: Fields) -> Pressed:
    action = Action.parse(one(posted, "action"))
    if not action.do:
        raise NotUnderstoodError("a button without action")
    reference = one(posted, "reference")
    return Pressed(action, "" if reference == "status" else reference)


def _answers(posted: Fields, form: Form | None) -> dict[str, Answer]:
    """What was filled in. Where the form is known, a field of many choices gives a tuple even of one."""
    many = {field.name for field in form.fields if isinstance(field, ChoiceField) and field.many} if form else set()
    answers: dict[str, Answer] = dict.fromkeys(many, ())
    for sent, values in posted.items():
        if sent.startswith(_PREFIX):
            name = sent.removeprefix(_PREFIX)
            answers[name] = values if name in many or len(values) > 1 else values[0]
    return answers


def _where(posted: Fields, person: SandboxPerson, config: SandboxConfig) -> Address:
    return config.channel_address if one(posted, "where") == CHANNEL else person.address


def _home(person: SandboxPerson) -> Address:
    return Address(person.address.platform, person.address.workspace, person.user, Surface.HOME)
