"""People as the stories know them: the same methods on every platform, acting only on what is visible."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Protocol

from tests.fixtures.sandbox_client import Element, SandboxPerson
from tests.fixtures.slack_person import Json as SlackJson
from tests.fixtures.slack_person import SlackPerson
from tests.fixtures.teams_person import Conversation
from tests.fixtures.teams_person import Person as TeamsPerson
from tests.journeys.cast import Role
from tests.journeys.transcript import Transcript

Answer = str | int | Sequence[str]
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


class Participant(ABC):
    """Somebody in front of a screen.

    `news` is what has come into sight since their last act, or since the stage last moved the clock.
    """

    def __init__(self, role: Role, house: House) -> None:
        self.role = role
        self.news: list[str] = []
        self.ever: list[str] = []  # everything they have ever been shown
        self._house = house
        self._seen: Counter[str] = Counter()
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

    # Seeing

    def forget_news(self) -> None:
        """What is in sight now is no news any more."""
        self.news = []

    async def look(self) -> None:
        """Take in what has come."""
        await self._look()
        now = Counter(self._conversation())
        self._add_news([text for text in self._conversation() if text in now - self._seen])
        self._seen = now
        if self.window and self.window != self._last_window:
            self._house.transcript.saw(self.role.first_name, self.window, "window")
            self.ever.append(self.window)
        self._last_window = self.window

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

    @abstractmethod
    def channel(self) -> str:
        """Everything Lärträff has said in the channel."""

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

    async def _leave(self) -> None:
        raise NotImplementedError("nobody leaves here")


class OnSlack(Participant):
    """Somebody in Slack."""

    def __init__(self, role: Role, house: House, person: SlackPerson) -> None:
        super().__init__(role, house)
        self.person = person

    @property
    def window(self) -> str:
        if not self.person.modal:
            return ""
        hints = [block["hint"]["text"] for block in self.person.modal.inputs if "hint" in block]
        return "\n".join([self.person.modal_text(), *hints])

    def link(self, label: str, near: str = "") -> str:
        return str(self.person._button(label, near)[1]["url"])

    def channel(self) -> str:
        return "\n\n".join(self.person.channel_messages())

    def _conversation(self) -> list[str]:
        return [*self.person.messages(), *([self.person.home_text()] if self.person.home else [])]

    async def _say(self, words: str) -> None:
        self.person.modal = None
        await self.person.say(words)

    async def _mention(self, words: str) -> None:
        await self.person.mention(words)

    async def _press(self, label: str, near: str) -> None:
        if self.person.modal and label not in self.person.buttons():
            await self.person.close()
        await self.person.press(label, near)

    async def _press_for(self, owner: Any, label: str, near: str) -> None:
        source, button = owner.person._button(label, near)
        action = {"type": "button", "block_id": "b", "action_ts": str(self.person.slack.clock()), **button}
        payload: SlackJson = {"type": "block_actions", "actions": [action], **source}
        await self.person.slack.send_interaction(self.person, payload)

    async def _fill(self, label: str, number: int, answer: Answer) -> None:
        modal = self.person._modal()
        alike = [entry for entry in modal.inputs if entry["label"]["text"] == label]
        assert alike, f"no field {label!r}\n{self.screen}"
        block = alike[max(0, number - 1)]
        modal.typed[block["block_id"], block["element"]["action_id"]] = self._chosen(block["element"], answer)

    def _chosen(self, element: SlackJson, answer: Answer) -> str | list[str]:
        """What is typed; of options, those that say it in their text or in the line beneath."""
        if "options" not in element:
            return str(answer)
        says = {o["value"]: (o["text"]["text"], o.get("description", {}).get("text", "")) for o in element["options"]}
        chosen = []
        for part in [str(answer)] if isinstance(answer, str | int) else answer:
            fits = [v for v, (text, _) in says.items() if text == part]
            fits = fits or [v for v, texts in says.items() if part in "\n".join(texts)]
            assert len(fits) == 1, f"{len(fits)} options say {part!r}\n{self.screen}"
            chosen += fits
        return chosen

    async def _submit(self, label: str) -> None:
        await self.person.submit(label)

    async def _close(self) -> None:
        await self.person.close()

    async def _open_home(self) -> None:
        await self.person.open_home()

    async def _leave(self) -> None:
        gone = {"type": "user_change", "user": {"id": self.person.user, "deleted": True}}
        assert await self.person.slack.send_event(gone) == 200


class OnTeams(Participant):
    """Somebody in Teams."""

    def __init__(self, role: Role, house: House, person: TeamsPerson, channel: Conversation) -> None:
        super().__init__(role, house)
        self.person = person
        self._channel = channel

    @property
    def window(self) -> str:
        return self.person.screen() if self.person._dialog is not None else ""

    def link(self, label: str, near: str = "") -> str:
        return str(self.person._find_button(label, near)[2]["url"])

    def channel(self) -> str:
        return "\n\n".join("\n".join(self.person._seen(message)) for message in self._channel.messages)

    def _conversation(self) -> list[str]:
        return ["\n".join(self.person._seen(message)) for message in self.person.chat.messages]

    def _passing(self) -> list[str]:
        return list(self.person.toasts)

    async def _say(self, words: str) -> None:
        await self.person.close()
        await self.person.say(words)

    async def _mention(self, words: str) -> None:
        self.person.go_to(self._channel)
        await self.person.say(words, mention=True)
        self.person.go_to()

    async def _press(self, label: str, near: str) -> None:
        if self.window and label not in self.person.buttons():
            await self.person.close()
        await self.person.press(label, near)

    async def _press_for(self, owner: Any, label: str, near: str) -> None:
        message, _card, action = owner.person._find_button(label, near)
        await self.person._press(message, action, dict(action["data"]))

    async def _fill(self, label: str, number: int, answer: Answer) -> None:
        if not number:
            await self.person.fill({label: answer})
            return
        assert self.person._dialog is not None, self.screen
        self.person._typed[_nth_input(self.person._dialog[1], label, number)] = answer

    async def _submit(self, label: str) -> None:
        await self.person.submit(label)

    async def _close(self) -> None:
        await self.person.close()

    async def _open_home(self) -> None:
        await self.person.open_home()

    async def _leave(self) -> None:
        await self.person.uninstall()


class OnSandbox(Participant):
    """Somebody in the sandbox's page."""

    def __init__(self, role: Role, house: House, person: SandboxPerson) -> None:
        super().__init__(role, house)
        self.person = person
        self._in_channel = ""
        self._is_fresh = False  # every act brings the page as it is after it

    @property
    def window(self) -> str:
        form = self.person._form
        return form.text() if form is not None else ""

    def link(self, label: str, near: str = "") -> str:
        links = [e for e in self.person._page.every("a") if _words(e).startswith(label)]
        return self.person._nearest(links, label, near).attributes["href"]

    def channel(self) -> str:
        return self._in_channel

    def _conversation(self) -> list[str]:
        home = self.person._region("home")
        return [*self.person.messages(), *([home.text()] if home is not None and home.text() else [])]

    def _passing(self) -> list[str]:
        status = self.person._region("status")
        return [status.text()] if status is not None and status.text() else []

    async def _look(self) -> None:
        if not self._is_fresh:
            await self.person.look()
        self._is_fresh = False

    async def _act(self, what: str, doing: Coroutine[Any, Any, Any]) -> None:
        async def freshly() -> None:
            await doing
            self._is_fresh = True

        await super()._act(what, freshly())

    async def _say(self, words: str) -> None:
        await self.person.say(words)

    async def _mention(self, words: str) -> None:
        await self.person.open_channel()
        await self.person.say(words)
        await self.person.open_channel()
        self._in_channel = "\n\n".join(self.person.channel_messages())
        await self.person.open_conversation()

    async def _press(self, label: str, near: str) -> None:
        await self.person.press(label, near)

    async def _press_for(self, owner: Any, label: str, near: str) -> None:
        button = owner.person._nearest(owner.person._buttons(owner.person._page, label), label, near)
        form: Element = next(e for e in _upwards(button) if e.tag == "form")
        fields = {e.attributes["name"]: e.attributes.get("value", "") for e in form.every("input")}
        pairs = [*fields.items(), (button.attributes["name"], button.attributes["value"])]
        await self.person._client.post(f"/sandbox/{self.role.id}/press", pairs, came_from=self.person._address)
        await self.person.look()

    async def _fill(self, label: str, number: int, answer: Answer) -> None:
        if not number:
            await self.person.fill({label: answer})
            return
        assert self.person._form is not None, self.screen
        naming = [e for e in self.person._form.every("label") if e.text().partition(" (")[0] == label][number - 1]
        name, values = self.person._of_control(naming, [str(answer)])
        self.person._filled[name] = values

    async def _submit(self, label: str) -> None:
        await self.person.submit(label)

    async def _close(self) -> None:
        await self.person.close()

    async def _open_home(self) -> None:
        await self.person.open_home()


def plain(text: str) -> str:
    """The text with all its blanks alike."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def _short(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:120]}… ({len(words)} characters)"


def _words(element: Element) -> str:
    return element.text()


def _upwards(element: Element) -> list[Element]:
    found: list[Element] = []
    here: Element | None = element
    while here is not None:
        found.append(here)
        here = here.parent
    return found


def _nth_input(card: Any, label: str, number: int) -> str:
    """The id of an input of a card by its label, where several have the same one."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                walk(one)
        elif isinstance(part, dict):
            if str(part.get("type", "")).startswith("Input.") and part.get("label") == label:
                found.append(str(part["id"]))
            for name in ("body", "items", "columns"):
                walk(part.get(name, []))

    walk(card)
    return found[number - 1]
