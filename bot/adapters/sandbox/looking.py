"""What of the sandbox one browser looks at: who stands side by side, and which page each of them has open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.adapters.sandbox.people import SandboxConfig
from bot.domain.values import dataclass


class Tab(StrEnum):
    """The pages a person has."""

    TALK = "talk"
    HOME = "home"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Looking:
    """The web address of the page, read. Everything in it is checked against the people there are."""

    show: tuple[str, ...]  # user ids, in the order of the people
    at: str  # user id: the one whose column a narrow screen shows; empty when nobody is shown
    tabs: Mapping[str, Tab]  # only those that differ from the conversation

    def tab(self, user: str) -> Tab:
        return self.tabs.get(user, Tab.TALK)

    def address(self, *, at: str = "", tab: Tab | str = "") -> str:
        """The page's address, perhaps with someone else at the front or with another page of theirs open."""
        at = at or self.at
        tabs = {**self.tabs, at: Tab(tab)} if tab else self.tabs
        people = self.show if at in self.show else (*self.show, at)
        pairs = [("show", user) for user in people if user]
        pairs += [("tab", f"{user}.{name}") for user, name in tabs.items() if name is not Tab.TALK]
        return f"/?{urlencode([*pairs, ('at', at)])}"


def read(query: str, config: SandboxConfig) -> Looking:
    """What a page's query asks for; whatever it says that does not exist is left out."""
    pairs = _pairs(query)
    users = [person.user for person in config.people]
    asked = [value for name, value in pairs if name == "show"] if pairs else config.shown_first
    show = tuple(user for user in users if user in asked)
    at = next((value for name, value in pairs if name == "at" and value in show), show[0] if show else "")
    return Looking(show, at, dict(_tabs(pairs, users)))


def _tabs(pairs: Sequence[tuple[str, str]], users: Sequence[str]) -> list[tuple[str, Tab]]:
    asked = [value.partition(".")[::2] for name, value in pairs if name == "tab"]
    return [(user, Tab(tab)) for user, tab in asked if user in users and tab in list(Tab) and tab != Tab.TALK]


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, max_num_fields=50)
    except ValueError:
        return []


def referred(referer: str, config: SandboxConfig) -> Looking:
    """What the page looked at from which a form was sent."""
    try:
        return read(urlsplit(referer).query, config)
    except ValueError:
        return read("", config)
