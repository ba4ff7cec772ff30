"""Gathers what the sandbox's page shows: the columns of the people side by side, and the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Final

from markupsafe import Markup

from bot.adapters.sandbox.clock import SandboxClock
from bot.adapters.sandbox.labels import Labels
from bot.adapters.sandbox.looking import Looking, Tab
from bot.adapters.sandbox.people import CHANNEL, SandboxConfig, SandboxPerson
from bot.adapters.sandbox.ports import Message, Messages, Place
from bot.adapters.sandbox.render import Spot, html, page
from bot.domain import times
from bot.domain.values import dataclass
from bot.domain.words import Clock, Moment, Words
from bot.texts import Translators

Upcoming = Callable[[], Awaitable[Sequence[tuple[Words, datetime]]]]
"""What one may want to jump to: a name and an instant each, soonest first."""

_MESSAGES_AT_MOST: Final = 200
_JUMPS_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as it stands in a conversation."""

    message: Message
    html: Markup
    author: str
    time: str
    day: str  # written out above the first message of a day; else empty


@dataclass(frozen=True, slots=True)
class Column:
    """One person's part of the page."""

    person: SandboxPerson
    number: int  # place among the people, from 1: gives the colour
    label: Labels  # our words in the person's language
    role: str
    tab: Tab
    conversation: str
    region: str  # what a screen reader calls the conversation
    placeholder: str
    words: tuple[str, ...]
    entries: tuple[Entry, ...]
    home: Markup | None
    form: Markup | None
    status: Markup | None
    chrome: Labels

    def inside(self, reference: str) -> Markup:
        """The disclosure with what Slack and Teams get."""
        where = CHANNEL if self.conversation == CHANNEL and reference not in list(Place) else self.person.user
        address = f"/sandbox/inside/{self.person.user}/{where}/{reference}"
        return Markup(
            '<details class="inside" data-inside-at="{address}"><summary>{inside}</summary>'
            '<p><a href="{address}">{open}</a></p></details>'
        ).format(address=address, inside=self.chrome("inside"), open=self.chrome("inside_open"))


@dataclass(frozen=True, slots=True)
class ClockBar:
    """The clock as it stands on the page."""

    now: datetime
    written: str
    offset: float  # seconds ahead of the real time
    upcoming: tuple[tuple[str, str, datetime], ...]  # name, instant written out, instant


class Page:
    """Draws the sandbox's page from what the memory holds."""

    def __init__(
        self,
        config: SandboxConfig,
        messages: Messages,
        *,
        translators: Translators,
        clock: SandboxClock,
        upcoming: Upcoming,
    ) -> None:
        self._config = config
        self._messages = messages
        self._translators = translators
        self._clock = clock
        self._upcoming = upcoming
        self.label = Labels(translators(config.language))

    async def draw(self, looking: Looking) -> str:
        """The whole page."""
        people = enumerate(self._config.people, 1)
        columns = [await self._column(person, n, looking) for n, person in people if person.user in looking.show]
        return page(
            "page.html",
            language=self._config.language,
            label=self.label,
            looking=looking,
            people=self._config.people,
            columns=columns,
            clock=await self._clock_bar(),
            channel=self._config.channel,
        )

    async def _column(self, person: SandboxPerson, number: int, looking: Looking) -> Column:
        translator = self._translators(person.language)
        own, tab, channel = Labels(translator), looking.tab(person.user), self._config.channel
        conversation = CHANNEL if tab is Tab.CHANNEL else person.user
        in_channel = tab is Tab.CHANNEL
        region = self.label("messages_in", channel=channel) if in_channel else self._region(person, tab)
        return Column(
            person=person,
            number=number,
            label=own,
            role=self._translators(self._config.language).say(person.role),
            tab=tab,
            conversation=conversation,
            region=region,
            placeholder=own("write_channel", channel=channel) if in_channel else own("write"),
            words=self._config.suggestions(person, in_channel=in_channel),
            entries=await self._entries(person, conversation) if tab is not Tab.HOME else (),
            home=await self._place(person, Place.HOME, conversation) if tab is Tab.HOME else None,
            form=await self._place(person, Place.FORM, conversation),
            status=await self._place(person, Place.STATUS, conversation),
            chrome=self.label,
        )

    def _region(self, person: SandboxPerson, tab: Tab) -> str:
        return self.label("home_of" if tab is Tab.HOME else "messages_of", name=person.name)

    async def _place(self, person: SandboxPerson, place: Place, conversation: str) -> Markup | None:
        shown = await self._messages.shown(person.user, place)
        if shown is None:
            return None
        return html(shown.view, self._translators(shown.language), Spot(person.user, place, conversation))

    async def _entries(self, person: SandboxPerson, conversation: str) -> tuple[Entry, ...]:
        before: date | None = None
        entries = []
        for message in await self._messages.by_conversation(conversation, most=_MESSAGES_AT_MOST):
            today = times.local(message.at, person.zone).date()
            entries.append(self._entry(message, person, day=today if today != before else None))
            before = today
        return tuple(entries)

    def _entry(self, message: Message, person: SandboxPerson, *, day: date | None) -> Entry:
        reader = self._translators(person.language)
        author = self._config.person(message.author)
        spot = Spot(person.user, message.reference, message.conversation)
        return Entry(
            message,
            html(message.view, self._translators(message.language), spot),
            author.name if author else "Lärträff",
            reader.say(Clock(message.at, person.zone)),
            reader.day(day) if day else "",
        )

    async def _clock_bar(self) -> ClockBar:
        say, zone, now = self._translators(self._config.language).say, self._config.zone, self._clock.now()
        ahead = [(say(name), say(Moment(at, zone)), at) for name, at in await self._upcoming() if at > now]
        offset = self._clock.offset.total_seconds()
        return ClockBar(now, say(Moment(now, zone)), offset, tuple(ahead[:_JUMPS_AT_MOST]))
