"""The same people in Slack, in Teams and in the sandbox: how each client does what the stories ask."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest

from tests.fixtures.sandbox_client import Element, SandboxPerson
from tests.fixtures.slack_person import Json as SlackJson
from tests.fixtures.slack_person import SlackPerson
from tests.fixtures.teams_person import Person as TeamsPerson
from tests.fixtures.teams_places import Conversation
from tests.journeys.cast import Role
from tests.journeys.people import Answer, House, Participant


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

    def _in_channel(self) -> list[str]:
        return self.person.channel_messages()

    def _conversation(self) -> list[str]:
        return [*self.person.messages(), *([self.person.home_text()] if self.person.home else [])]

    async def _say(self, words: str) -> None:
        self.person.modal = None
        await self.person.say(words)

    async def _mention(self, words: str) -> None:
        await self.person.mention(words)

    async def _invite_bot(self) -> None:
        await self.person.invite_bot()

    async def _remove_bot(self) -> None:
        await self.person.kick_bot()

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

    def __init__(self, role: Role, house: House, person: TeamsPerson, thread: Conversation) -> None:
        super().__init__(role, house)
        self.person = person
        self._thread = thread  # in the channel, where they mention Lärträff
        self._channel = person._teams.conversation(thread.channel)

    @property
    def window(self) -> str:
        return self.person.screen() if self.person._dialog is not None else ""

    def link(self, label: str, near: str = "") -> str:
        return str(self.person._find_button(label, near)[2]["url"])

    def _in_channel(self) -> list[str]:
        return ["\n".join(self.person._seen(message)) for message in self._channel.messages]

    def _conversation(self) -> list[str]:
        return ["\n".join(self.person._seen(message)) for message in self.person.chat.messages]

    def _passing(self) -> list[str]:
        return list(self.person.toasts)

    async def _say(self, words: str) -> None:
        await self.person.close()
        await self.person.say(words)

    async def _mention(self, words: str) -> None:
        self.person.go_to(self._thread)
        await self.person.say(words, mention=True)
        self.person.go_to()

    async def _invite_bot(self) -> None:
        self.person.go_to(self._channel)
        await self.person.add_bot()
        self.person.go_to()

    async def _remove_bot(self) -> None:
        self.person.go_to(self._channel)
        await self.person.remove_bot()
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
        self._channel: list[str] = []
        self._is_fresh = False  # every act brings the page as it is after it

    @property
    def window(self) -> str:
        form = self.person._form
        return form.text() if form is not None else ""

    def link(self, label: str, near: str = "") -> str:
        links = [e for e in self.person._page.every("a") if _words(e).startswith(label)]
        return self.person._nearest(links, label, near).attributes["href"]

    def _in_channel(self) -> list[str]:
        return self._channel

    async def _invite_bot(self) -> None:
        """The bot is in the sandbox's one channel from the beginning."""

    async def _remove_bot(self) -> None:
        raise AssertionError("nobody can be taken out of the sandbox's one channel")

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
        self._channel = self.person.channel_messages()
        await self.person.open_conversation()

    async def _leave(self) -> None:
        pytest.fail("nobody leaves the sandbox")

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
