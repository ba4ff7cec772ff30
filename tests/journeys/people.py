"""People as the stories know them: what they do, and what they see, on whatever platform."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Protocol

from tests.journeys.cast import Role
from tests.journeys.transcript import Transcript

Answer = str | int | Sequence[str]
_TONES = "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}\N{WHITE HEAVY CHECK MARK} "  # as Slack shows them

Answers = Mapping[Any, Answer]
"""Label → what is typed, or the options by a part of what they say.

`(label, number)` is the field of that number, from 1, where several have the same label; it takes text as it comes,
past whatever the client itself would object to.
"""


class House(Protocol):
    """What a person needs of the stage they act on."""

    transcript: Transcript

    async def settle(self) -> None:
        """Let everything arrive that is on its way."""

    async def look_around(self) -> None:
        """Let everybody see what has come."""

    def pass_time(self) -> None:
        """Let a few seconds go by: nobody does two things at once."""

    def wall(self) -> str:
        """What the clock on the wall in Stockholm shows."""


class Participant(ABC):
    """Somebody in front of a screen.

    `news` is what has come into sight since their last act, or since the stage last moved the clock.
    """

    def __init__(self, role: Role, house: House) -> None:
        self.role = role
        self.news: list[str] = []
        self.ever: list[str] = []  # everything they have ever been shown
        self.diary: list[str] = []  # when a message came, or changed, and its headline
        self.channel_diary: list[str] = []  # the same of the channel
        self._house = house
        self._seen: Counter[str] = Counter()
        self._seen_in_channel: Counter[str] = Counter()
        self._last_window = ""

    # Doing

    async def say(self, words: str) -> None:
        """Write to Lärträff directly."""
        await self._act(f"says: {_short(words)}", self._say(words))

    async def mention(self, words: str) -> None:
        """Write to Lärträff in a channel where everybody reads."""
        await self._act(f"says in the channel: {_short(words)}", self._mention(words))

    async def press(self, label: str, near: str = "") -> None:
        """Press a button; `near` are words in the same entry."""
        await self._act(f"presses [{label}]{f' at {near}' if near else ''}", self._press(label, near))

    async def fill(self, answers: Answers) -> None:
        """Fill in the open form."""
        for label, answer in answers.items():
            name, number = label if isinstance(label, tuple) else (label, 0)
            shown = [str(answer)] if isinstance(answer, str | int) else answer
            self._house.transcript.did(self.role.first_name, f"fills in {name}: {_short(', '.join(shown))}")
            await self._fill(name, number, answer)

    async def submit(self, label: str = "") -> None:
        """Send the open form."""
        await self._act(f"submits [{label or '…'}]", self._submit(label))

    async def answer(self, answers: Answers, label: str = "") -> None:
        """Fill in the open form and send it."""
        await self.fill(answers)
        await self.submit(label)

    async def double_click(self, label: str) -> None:
        """Send the open form twice at once."""

        async def twice() -> None:
            await asyncio.gather(self._submit(label), self._submit(label))

        await self._act(f"double-clicks [{label}]", twice())

    async def close(self) -> None:
        """Close the open window."""
        await self._act("closes the window", self._close())

    async def close_if_open(self) -> None:
        """Close the window if there is one."""
        if self.window:
            await self.close()

    async def open_home(self) -> None:
        """Open one's own page, or install the app where there is none."""
        await self._act("opens the app", self._open_home())

    async def leave(self) -> None:
        """Leave the organisation, or remove the app."""
        await self._act("leaves", self._leave())

    async def press_for(self, owner: Participant, label: str, near: str = "") -> None:
        """Press a button that somebody else was given, e.g. on a screen left open."""
        await self._act(f"presses {owner.role.first_name}'s [{label}]", self._press_for(owner, label, near))

    async def _act(self, what: str, doing: Coroutine[Any, Any, Any]) -> None:
        self._house.pass_time()
        self._house.transcript.did(self.role.first_name, what)
        self.forget_news()
        await doing
        await self._house.settle()
        await self._house.look_around()
        self._add_news(self._passing())

    async def invite_bot(self) -> None:
        """Add Lärträff to the channel."""
        await self._act("adds Lärträff to the channel", self._invite_bot())

    async def remove_bot(self) -> None:
        """Remove Lärträff from the channel."""
        await self._act("removes Lärträff from the channel", self._remove_bot())

    # Seeing

    def forget_news(self) -> None:
        """What is in sight now is no news any more."""
        self.news = []

    async def look(self) -> None:
        """Take in what has come."""
        await self._look()
        fresh = _newer(self._conversation(), self._seen)
        self._seen = Counter(self._conversation())
        self._add_news(fresh)
        self.diary += [self._entry(text) for text in fresh]
        fresh = _newer(self._in_channel(), self._seen_in_channel)
        self._seen_in_channel = Counter(self._in_channel())
        self.channel_diary += [self._entry(text) for text in fresh]
        if self.window and self.window != self._last_window:
            self._house.transcript.saw(self.role.first_name, self.window, "window")
            self.ever.append(self.window)
        self._last_window = self.window

    def _entry(self, text: str) -> str:
        headline = plain(text.strip().splitlines()[0])
        return f"{self._house.wall()} {headline.lstrip(_TONES)}"

    def _add_news(self, texts: Sequence[str]) -> None:
        for text in texts:
            if text not in self.news:
                self._house.transcript.saw(self.role.first_name, text)
                self.news.append(text)
                self.ever.append(text)

    @property
    def screen(self) -> str:
        """The open window, and what is new."""
        return "\n\n".join([self.window, *self.news]).strip()

    def sees(self, *words: str) -> None:
        """Fail unless all of this stands in the open window or among the news."""
        missing = [word for word in words if plain(word) not in plain(self.screen)]
        assert not missing, f"{self.role.first_name} does not see {missing}, but:\n{self.screen}"

    def does_not_see(self, *words: str) -> None:
        """Fail when any of this stands in the open window or among the news."""
        there = [word for word in words if plain(word) in plain(self.screen)]
        assert not there, f"{self.role.first_name} sees {there}:\n{self.screen}"

    def message(self, *words: str) -> str:
        """The newest of the messages in sight that says all of this."""
        found = [text for text in self._conversation() if all(plain(word) in plain(text) for word in words)]
        assert found, f"{self.role.first_name} has no message that says {words}:\n{self.screen}"
        return plain(found[-1])

    def count(self, *words: str) -> int:
        """How many of the messages in their conversation say all of this."""
        return sum(all(plain(word) in plain(text) for word in words) for text in self._conversation())

    def has_never_seen(self, words: str) -> None:
        """Fail when this has been shown to them at any time."""
        there = [text for text in self.ever if words in text]
        assert not there, f"{self.role.first_name} has seen {words!r}:\n{there[-1]}"

    # What each platform does in its own way

    @property
    @abstractmethod
    def window(self) -> str:
        """The open window; empty when none is."""

    @abstractmethod
    def link(self, label: str, near: str = "") -> str:
        """The address behind a link's button."""

    def channel(self) -> str:
        """Everything Lärträff has said in the channel."""
        return "\n\n".join(self._in_channel())

    @abstractmethod
    def _in_channel(self) -> list[str]:
        """Every message of Lärträff in the channel, in threads too."""

    @abstractmethod
    def _conversation(self) -> list[str]:
        """Every message in their conversation, as it stands now."""

    def _passing(self) -> list[str]:
        """Answers that are shown for a moment."""
        return []

    async def _look(self) -> None:
        """Make sure that what is in sight is the present; most clients do that by themselves."""
        return

    @abstractmethod
    async def _say(self, words: str) -> None: ...

    @abstractmethod
    async def _mention(self, words: str) -> None: ...

    @abstractmethod
    async def _press(self, label: str, near: str) -> None: ...

    @abstractmethod
    async def _press_for(self, owner: Any, label: str, near: str) -> None: ...

    @abstractmethod
    async def _fill(self, label: str, number: int, answer: Answer) -> None: ...

    @abstractmethod
    async def _submit(self, label: str) -> None: ...

    @abstractmethod
    async def _close(self) -> None: ...

    @abstractmethod
    async def _open_home(self) -> None: ...

    @abstractmethod
    async def _leave(self) -> None: ...

    @abstractmethod
    async def _invite_bot(self) -> None: ...

    @abstractmethod
    async def _remove_bot(self) -> None: ...


def plain(text: str) -> str:
    """The text with all its blanks alike."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def _newer(texts: Sequence[str], known: Counter[str]) -> list[str]:
    """What it says now and did not before; of the same text twice, the later one."""
    left, fresh = Counter(texts) - known, []
    for text in reversed(texts):
        if left[text]:
            left[text] -= 1
            fresh.append(text)
    return fresh[::-1]


def _short(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:120]}… ({len(words)} characters)"
