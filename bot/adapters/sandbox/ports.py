"""What the sandbox keeps as a platform would: messages, what each person sees, and how far its clock is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.people import Language
from bot.domain.values import dataclass
from bot.messages import View


class Place(StrEnum):
    """Where a person sees one view at a time."""

    HOME = "home"
    FORM = "form"  # the form that is open
    STATUS = "status"  # the answer to what the person just did


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation. Without an `author` (a user id) it was written by the bot."""

    reference: str
    conversation: str
    view: View
    language: Language
    at: datetime  # UTC
    author: str = ""
    outbox: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in one place for one person."""

    view: View
    language: Language
    outbox: str = ""


class Messages(Protocol):
    """The sandbox's own memory; all of it outlives a restart."""

    async def append(self, message: Message) -> str:
        """Keep a message and return its reference.

        The same reference or outbox id again changes nothing and gives the reference of the message that is there.
        """

    async def replace(self, conversation: str, reference: str, view: View, language: Language) -> bool:
        """Put another view into a message; False when there is no such message."""

    async def remove(self, conversation: str, reference: str) -> None:
        """Delete a message; nothing happens when there is no such message."""

    async def by_conversation(self, conversation: str, *, most: int) -> Sequence[Message]:
        """The last `most` messages of a conversation, oldest first."""

    async def message(self, conversation: str, reference: str) -> Message | None:
        """One message, or None when it is not there."""

    async def find(self, conversation: str, outbox: str) -> str | None:
        """The reference of the message that carries this outbox id, or None."""

    async def show(self, user: str, place: Place, shown: Shown) -> None:
        """Put something in a place, instead of what stood there."""

    async def clear(self, user: str, place: Place) -> None:
        """Empty a place."""

    async def shown(self, user: str, place: Place) -> Shown | None:
        """What stands in a place, or None when it is empty."""

    async def keep_offset(self, offset: timedelta) -> None:
        """Remember how far the sandbox's clock is ahead."""

    async def offset(self) -> timedelta:
        """How far the sandbox's clock is ahead; nothing when it was never moved."""
