"""What adapters hand in and get back, in our own words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.domain.people import Actor, Language, Profile
from bot.domain.values import dataclass
from bot.messages import Action, Answer, Form, Notice, View
from bot.ports import Address, Surface


@dataclass(frozen=True, slots=True)
class Said:
    """Words typed to the bot: a direct message, a mention, or what follows the slash command."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours. `reference` is the message it sits in, when the platform says which."""

    action: Action
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A filled-in form; `token` is the form's own. Answers are untrusted and may be missing."""

    token: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class WentBack:
    """The form's back button."""

    token: str


@dataclass(frozen=True, slots=True)
class OpenedHome:
    """The person opened their own page or their conversation with the bot (perhaps for the first time)."""


@dataclass(frozen=True, slots=True)
class Left:
    """The person was deactivated, left the workspace, or removed the bot from their conversation."""


@dataclass(frozen=True, slots=True)
class AddedToChannel:
    """The bot was added to the channel, group chat or team that the event came from."""


@dataclass(frozen=True, slots=True)
class RemovedFromChannel:
    """The bot was taken out of the channel, group chat or team that the event came from, or the channel is closed."""


@dataclass(frozen=True, slots=True)
class WorkspaceRemoved:
    """The whole workspace removed the bot."""


Happening = Left | AddedToChannel | RemovedFromChannel | WorkspaceRemoved
"""What a platform tells of a person, a channel or a workspace: nobody did anything here, and nobody waits."""

Event = Said | Pressed | Submitted | WentBack | OpenedHome | Happening


class Untaken(Exception):
    """Nothing could be noted of a `Happening`, which the log says why: the platform has to tell it again."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One verified event. The pair of workspace and `delivery` is unique: the same one again has no effect."""

    delivery: str
    actor: Actor
    event: Event
    came_from: Address
    opens_forms: bool = True  # this event lets the platform show a form to this person alone
    in_window: bool = True  # a form that it shows opens in a window, and leaves nothing in the conversation
    answers_inline: bool = True  # the platform shows a card or notice as the answer to this very event
    notices_inline: bool = False  # if not, a notice all the same: a card would take the place of what others see
    profile: Profile | None = None  # freshly read from the platform, if it was
    automatic: bool = False  # nobody did anything: the platform draws a card again
    alone: Address | None = None  # where to reach the actor alone, when the event came from a channel
    message: str = ""  # the platform's reference of what was typed in a channel, to answer under it

    def can_show(self, view: View) -> bool:
        """Whether the platform can show it as the answer to this very event."""
        return isinstance(view, Form) or self.answers_inline or (self.notices_inline and isinstance(view, Notice))

    @property
    def private(self) -> Address | None:
        """Where to reach the actor alone, as far as this event says."""
        return self.came_from if self.came_from.surface is Surface.PERSON else self.alone


@dataclass(frozen=True, slots=True)
class Reply:
    """What the adapter shows as the answer to the event; None when the answer goes through the outbox.

    A `Form` opens, or replaces the form that was submitted. A `Card` or `Notice` closes the form, or is shown as the
    command's private answer. With `replaces`, the message that holds the pressed button becomes `view`.
    With `elsewhere`, something typed or pressed where others read it is answered in the person's own conversation.
    With `confided`, nobody else may ever find out what it says, and so it is shown and not stored.
    """

    view: View | None = None
    language: Language = Language.SWEDISH
    replaces: bool = False
    elsewhere: bool = False
    confided: bool = False


Introduce = Callable[[], Awaitable[Profile | None]]
"""Asks the platform's directory who the actor is; None when it does not say."""


class Receives(Protocol):
    """What an adapter hands its events to."""

    async def receive(self, inbound: Inbound, introduce: Introduce | None = None) -> Reply:
        """Act on the event, durably, and say what to show. A fault gives a reply that says so.

        Raises nothing but `Untaken`, for a `Happening`: to that, nobody reads a reply.
        `introduce` is called only for somebody whose profile has not been read yet.
        """
