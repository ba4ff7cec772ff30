"""What the bot needs from the outside world, as protocols: platforms, the clock, storage, keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.domain.people import Actor, Language, Profile
from bot.domain.prices import Quote
from bot.domain.registrations import Change, Participant, Register, Registration, Seat, Substitution
from bot.domain.values import dataclass
from bot.messages import View

T = TypeVar("T")


class Surface(StrEnum):
    """What kind of place an address is."""

    PERSON = "person"  # the direct conversation with one person
    CHANNEL = "channel"  # a channel, group chat or team channel
    HOME = "home"  # a person's own page (Slack's Home tab)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to send. Ours alone: `details` holds what a platform needs to reach the conversation, as plain text."""

    platform: str
    workspace: str
    conversation: str  # unique within the workspace; for a person, the user id
    surface: Surface = Surface.PERSON
    details: Mapping[str, str] = field(default_factory=dict)


class Trouble(StrEnum):
    """Why a message could not be delivered, and so what to do about it."""

    LATER = "later"  # the platform asks us to wait, or refused the connection: certain that nothing was sent
    UNKNOWN = "unknown"  # the answer was lost: the message may have arrived
    GONE = "gone"  # the person or the conversation is no longer there
    FORBIDDEN = "forbidden"  # blocked, or the bot is not in the channel
    FAULT = "fault"  # the platform refuses the message itself: ours to mend


class Undeliverable(Exception):
    """A message did not get through. `retry_after` is in seconds, where the platform says when to come again."""

    def __init__(self, trouble: Trouble, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{trouble}: {reason}")
        self.trouble = trouble
        self.reason = reason  # the platform's own error code; never a text that a person wrote
        self.retry_after = retry_after


class Platform(Protocol):
    """A platform as the outbox sees it."""

    name: str

    async def send(self, address: Address, view: View, language: Language, *, outbox: str, thread: str = "") -> str:
        """Send a message and return the reference under which it can be changed later.

        `outbox` is the row's id; a platform that can, stores it with the message so that `find` works. `thread` is the
        reference of an earlier message in the same channel; the new one is written under it. Raises `Undeliverable`.
        """

    async def update(self, address: Address, reference: str, view: View, language: Language) -> None:
        """Replace a message that was sent before. Raises `Undeliverable`."""

    async def remove(self, address: Address, reference: str) -> None:
        """Delete a message that was sent before; one that is gone already is as good. Raises `Undeliverable`."""

    async def find(self, address: Address, outbox: str) -> str | None:
        """The reference of the message that carries this outbox id, or None when it is not there.

        Raises `LookupError` when the platform cannot tell, `Undeliverable` when it did not answer.
        """

    async def profile(self, actor: Actor) -> Profile:
        """What the platform's directory says of a person; empty where it says nothing."""

    async def check(self, address: Address) -> None:
        """Ask whether a message to a channel would get through, without sending one.

        Raises `Undeliverable`: `FORBIDDEN` or `GONE` when it would not, `LATER` or `UNKNOWN` when nothing was learnt.
        """

    async def channel_name(self, address: Address) -> str:
        """What people there call a channel, without any sign before it; empty when the platform does not say."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a mail carries."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it leaves. The same `id` twice is the same mail, for whoever can tell."""

    id: str
    recipient: str  # e-mail address
    subject: str  # one line
    body: str  # plain text
    sent_at: datetime
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    """A mail server that takes mails from us."""

    async def send(self, mail: Mail) -> None:
        """Hand a mail over. Raises `Undeliverable`: `LATER` and `UNKNOWN` are worth another try."""


class RegistrationDesk(Protocol):
    """What the registration flows act through: one transaction, on behalf of one person.

    Every method checks again, under lock, what the person saw when the form was opened, and raises a
    `bot.domain.refusals.Refusal` when it no longer holds.
    """

    def register(self, command: Register) -> Registration:
        """Book seats. What there is no room for goes to the waiting list; a cohort goes there as a whole.

        Where it says so, seats are taken that the organisation has booked without a name, and who booked them is told.
        Raises `DeadlinePassed`, `AlreadyRegistered` and `SeatTaken`.
        """

    def ask_along(self, registration: Registration) -> None:
        """Send those who have seats in it the questions that are open to them, unless they have got them before."""

    def change(self, command: Change) -> Registration:
        """Add, give up and amend. Raises `DeadlinePassed` for an added occasion, `Gone`, `NotAllowed`, `Overtaken`."""

    def cancel(self, seats: tuple[str, ...]) -> Registration:
        """Give up seats; they are held for `UNDO`. Raises `Gone`, `NotAllowed`."""

    def substitute(self, seats: tuple[str, ...], participant: Participant) -> Substitution:
        """Put somebody else on the seats. Raises `Gone`, `NotAllowed`, `AlreadyRegistered`."""

    def codes(self, seats: tuple[Seat, ...]) -> tuple[tuple[Participant, str], ...]:
        """A one-time code for each named participant whom we cannot reach yet, with which they claim their seats."""

    def priced(self, programme: str, organisation_key: str) -> Quote:
        """What the organisation pays for the programme as things stand."""

    def calendar(self, seat: Seat) -> str:
        """The address of the seat's calendar file."""

    def tell(self, person: str, view: View, *, key: str) -> None:
        """Send a message to the person's own platform, once for each `key`."""


class Clock(Protocol):
    """The time now, in UTC."""

    def now(self) -> datetime: ...


class UnitOfWork(Protocol):
    """Runs a function in one transaction: it has all happened when this returns, or none of it has."""

    async def run(self, work: Callable[[Any], T]) -> T:
        """For what somebody waits for: the event loop does nothing else meanwhile."""

    async def run_behind(self, work: Callable[[Any], T]) -> T:
        """For what nobody waits for, and what takes time."""


class KeyStore(Protocol):
    """Keys that live outside the database and its backups."""

    def key(self, name: str) -> bytes:
        """32 random bytes under this name, made at first use."""


class UrnKeys(Protocol):
    """The keys of urns: outside the database and its backups, and gone for good once an urn has been emptied."""

    def make(self, urn: str) -> None:
        """Make the keys of a new urn; they are on disk when this returns. Keys that are there already stay."""

    def keys(self, urn: str) -> tuple[bytes, bytes]:
        """The key that marks and the key that seals, 32 bytes each. Raises `LookupError` when they were destroyed."""

    def destroy(self, urn: str) -> None:
        """Destroy the keys of an urn, for good. Nothing happens when they are gone already."""

    def urns(self, *, older_than: timedelta = timedelta(0)) -> frozenset[str]:
        """The urns whose keys are there, and were made at least so long ago."""
