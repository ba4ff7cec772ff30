"""A YAML file read section by section: each value checked where it stands, and every mistake noted, not only the first.

All scalars are read as text (`language: no` stays "no"), and a key is known when the reader has asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeGuard, TypeVar
from urllib.parse import urlsplit

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.domain import times
from bot.domain.values import dataclass
from bot.domain.words import Localised
from config.problems import Notes, Severity, closest, shown

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)

LANGUAGES = ("sv", "nb", "nn", "en", "da")
MAX_ITEMS = 100  # what a list to choose from holds in Slack
MAX_BYTES = 500_000  # a long programme is 30 kB; much more is some other file

ID_RULE = "at most 50 small letters a–z, digits and hyphens"
_YES_NO = {"yes": True, "true": True, "ja": True, "no": False, "false": False, "nej": False, "nei": False}
_OFF = {"off", *(word for word, yes in _YES_NO.items() if not yes)}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5]\d)")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest text that every platform can show in this place."""

    chars: int
    why: str
    one_line: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """What is set under a name that the file may choose: `link: {minutes_before: 30}`, or `link: off`."""

    node: Node  # the name
    settings: Section | None  # None when it is turned off
    notes: Notes

    @property
    def name(self) -> str:
        return str(self.node.value)

    def error(self, message: str, suggestion: str = "") -> None:
        """Note a mistake at the name."""
        self.notes.add(self.node, message, suggestion)

    def warn(self, message: str) -> None:
        """Note something at the name that is worth a second look."""
        self.notes.add(self.node, message, severity=Severity.WARNING)


class Section:
    """Keys with values. Whoever reads it asks for each key by its kind, and gets a harmless value after a mistake."""

    def __init__(self, node: MappingNode, title: str, notes: Notes) -> None:
        self.node = node
        self.title = title  # the key it stands under
        self.notes = notes
        self._known = notes.known.setdefault(title, {})
        self._values: dict[str, Node] = {}
        self._keys: dict[str, Node] = {}
        for key, value in node.value:
            self._enter(key, value)

    def _enter(self, key: Node, value: Node) -> None:
        if not isinstance(key, ScalarNode):
            self.notes.add(key, "a key must be a single word")
        elif key.value in self._keys:
            line = self._keys[key.value].start_mark.line + 1
            self.notes.add(key, f"{shown(key.value)} stands here a second time; the first is on line {line}")
        else:
            self._keys[key.value], self._values[key.value] = key, value

    # --- mistakes ---------------------------------------------------------------------------------------------------

    def error(self, key: str, message: str, suggestion: str = "") -> None:
        """Note a mistake at the value of `key`, or at the section when it has none."""
        self.notes.add(self._values.get(key, self.node), message, suggestion)

    def warn(self, key: str, message: str) -> None:
        """Note something that is worth a second look."""
        self.notes.add(self._values.get(key, self.node), message, severity=Severity.WARNING)

    def close(self) -> None:
        """Note the keys that nobody asked for."""
        for key, node in self._keys.items():
            if key not in self._known:
                close = closest(key, self._known)
                known = "" if close else f"; the keys here are {', '.join(self._known)}"
                self.notes.add(node, f"unknown key {shown(key)} in {self.title}{known}", close)

    # --- values -----------------------------------------------------------------------------------------------------

    def has(self, key: str) -> bool:
        """Whether the key is there with something in it."""
        node = self._values.get(key)
        return node is not None and not _is_blank(node)

    def is_part(self, key: str) -> bool:
        """Whether there are keys of its own under the key, and not a single word."""
        return isinstance(self._values.get(key), MappingNode)

    def text(self, key: str, limit: Limit, *, required: bool = False) -> str:
        """A text that is the same in all languages; empty when missing."""
        node = self._scalar(key, required=required)
        return "" if node is None else self._within(node, key, limit)

    def words(self, key: str, limit: Limit, *, required: bool = False) -> Localised:
        """A text in the programme's language, or in several languages."""
        node = self._take(key, required=required)
        return Localised({}) if node is None else self._localised(node, key, limit)

    def words_list(self, key: str, limit: Limit) -> tuple[Localised, ...]:
        return tuple(self._localised(node, key, limit) for node in self._items(key))

    def texts(self, key: str, limit: Limit) -> tuple[str, ...]:
        """Texts that are not in any language in particular, each of them once."""
        return tuple(dict.fromkeys(self._within(node, key, limit) for node in self.scalars(key)))

    def some_of(self, key: str, allowed: Iterable[str], what: str) -> tuple[str, ...]:
        """Some of the allowed names."""
        found = (self._one_of(node, allowed, what) for node in self.scalars(key))
        return tuple(dict.fromkeys(name for name in found if name))

    def scalars(self, key: str) -> tuple[ScalarNode, ...]:
        """The single values in a list, for a reader who judges them."""
        return tuple(node for node in self._items(key) if self._is_scalar(node, key))

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of the words of `kind`; required when there is no default."""
        fallback = default or next(iter(kind))
        node = self._scalar(key, required=default is None)
        if node is None:
            return fallback
        found = self._one_of(node, tuple(kind), key)
        return kind(found) if found in tuple(kind) else fallback

    def one_of(self, key: str, allowed: Iterable[str], default: str) -> str:
        """One of the allowed names; required when the default is empty."""
        node = self._scalar(key, required=not default)
        return (self._one_of(node, allowed, key) or default) if node is not None else default

    def id(self, among: str = "") -> str:
        """The section's own id, unique among its like, or among those under another key."""
        node = self._scalar("id", required=True)
        if node is None:
            return ""
        if not is_id(node.value):
            self.notes.add(node, f"id must be {ID_RULE}, such as digital-dialogue, not {shown(node.value)}")
        self.notes.claim_id(among or self.title, node)
        return str(node.value)

    def whole(self, key: str, low: int, high: int, default: int = 0) -> int:
        """A whole number; thousands may be set apart by a space."""
        node = self._scalar(key)
        if node is None:
            return default
        digits = re.sub(r"[ \N{NO-BREAK SPACE}_]", "", node.value)
        if not re.fullmatch(r"-?\d{1,12}", digits, re.ASCII) or not low <= int(digits) <= high:
            self.notes.add(node, f"{key} must be a whole number from {low} to {high}, not {shown(node.value)}")
            return default
        return int(digits)

    def yes(self, key: str, *, default: bool = False) -> bool:
        """A yes or no."""
        node = self._scalar(key)
        if node is None:
            return default
        if node.value.lower() not in _YES_NO:
            self.notes.add(node, f"{key} must be yes or no, not {shown(node.value)}")
        return _YES_NO.get(node.value.lower(), False)

    def url(self, key: str, *, required: bool = False) -> str:
        """A web address that begins with https://."""
        node = self._scalar(key, required=required)
        if node is None:
            return ""
        if not _is_https(node.value):
            secure = node.value.replace("http://", "https://", 1)
            suggestion = secure if secure != node.value and _is_https(secure) else ""
            self.notes.add(node, f"{key} must be a web address that begins with https://", suggestion)
        return self._within(node, key, Limit(2000, "as Slack allows for an address behind a button"))

    def email(self, key: str) -> str:
        return self._matching(key, _EMAIL, "an e-mail address such as registration@example.org")

    def phone(self, key: str) -> str:
        return self._matching(key, _PHONE, "a telephone number such as +46 8 123 45 67")

    def day(self, key: str, *, required: bool = True) -> date | None:
        """A calendar day."""
        node = self._scalar(key, required=required)
        return None if node is None else self._date(node, key, node.value)

    def clock(self, key: str, *, required: bool = True) -> time | None:
        """A time of day."""
        node = self._scalar(key, required=required)
        return None if node is None else self._time(node, key, node.value)

    def moment_after(self, key: str, zone: str) -> datetime | None:
        """The first UTC instant after a last day or at a last minute: `2026-12-13`, or `2026-12-13 12:00`."""
        node = self._scalar(key)
        if node is None:
            return None
        day_part, _, time_part = node.value.replace("T", " ").partition(" ")
        day = self._date(node, key, day_part)
        if day is None:
            return None
        if not time_part:
            return times.instant(day + timedelta(days=1), time(0), zone)
        at = self._time(node, key, time_part.strip())
        return None if at is None else self.instant(key, day, at, zone)

    def instant(self, key: str, day: date, at: time, zone: str) -> datetime:
        """The instant of a wall-clock time, with a mistake noted at `key` when the clocks skip it that night."""
        moment = times.instant(day, at, zone)
        if times.local(moment, zone).time() != at:
            self.error(key, f"{at:%H:%M} does not exist on {day}: the clocks go forward then in {zone}")
        return moment

    # --- parts ------------------------------------------------------------------------------------------------------

    def part(self, key: str, read: Callable[[Section], T]) -> T | None:
        """What `read` makes of the section under `key`; None when it is missing."""
        node = self._take(key)
        return None if node is None else self._read(node, key, read)

    def parts(self, key: str, read: Callable[[Section], T | None], *, most: int = MAX_ITEMS) -> tuple[T, ...]:
        """What `read` makes of each section in the list under `key`, which may have `most` of them."""
        made = [self._read(node, key, read) for node in self._items(key, most)]
        return tuple(one for one in made if one is not None)

    def named(self, key: str, read: Callable[[Named], T | None]) -> tuple[T, ...]:
        """What `read` makes of each name under `key`, with its settings or turned off."""
        node = self._take(key)
        group = self._group(node, key) if node is not None else None
        return group.each(read) if group else ()

    def each(self, read: Callable[[Named], T | None]) -> tuple[T, ...]:
        """What `read` makes of each key that has something in it, where the keys are names."""
        if len(self._keys) > MAX_ITEMS:
            self.notes.add(self.node, f"{self.title} has {len(self._keys)} entries and may have {MAX_ITEMS}")
        made = [self._read_named(name, read) for name in self._keys if self.has(name)]
        return tuple(one for one in made if one is not None)

    def _read_named(self, name: str, read: Callable[[Named], T | None]) -> T | None:
        key, node = self._keys[name], self._values[name]
        if not isinstance(node, ScalarNode):
            return self._read(node, self.title, lambda settings: read(Named(key, settings, self.notes)))
        if node.value.lower() in _OFF:
            return read(Named(key, None, self.notes))
        self.notes.add(node, f'{name} must be off, or settings in braces such as {{at: "08:30"}}')
        return None

    def _read(self, node: Node, key: str, read: Callable[[Section], T]) -> T | None:
        section = self._group(node, key)
        if section is None:
            return None
        made = read(section)
        section.close()
        return made

    def _group(self, node: Node, key: str) -> Section | None:
        if isinstance(node, MappingNode):
            return Section(node, key, self.notes)
        self.notes.add(node, f"{key} must consist of lines such as `title: …`")
        return None

    # --- nodes ------------------------------------------------------------------------------------------------------

    def _take(self, key: str, *, required: bool = False) -> Node | None:
        self._known[key] = None
        if self.has(key):
            return self._values[key]
        if required:
            self.notes.add(self._keys.get(key, self.node), f"{key} is missing in {self.title}")
        return None

    def _scalar(self, key: str, *, required: bool = False) -> ScalarNode | None:
        node = self._take(key, required=required)
        return node if self._is_scalar(node, key) else None

    def _is_scalar(self, node: Node | None, key: str) -> TypeGuard[ScalarNode]:
        """Whether there is a single value; notes a mistake when there is something else."""
        if isinstance(node, ScalarNode):
            return True
        if node is not None:
            self.notes.add(node, f"{key} must be a single value, not a list or a group of keys")
        return False

    def _items(self, key: str, most: int = MAX_ITEMS) -> list[Node]:
        node = self._take(key)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self.notes.add(node, f"{key} must be a list: lines that begin with a hyphen")
            return []
        if len(node.value) > most:
            self.notes.add(node, f"{key} has {len(node.value)} entries and may have {most}")
        return list(node.value)

    def _localised(self, node: Node, key: str, limit: Limit) -> Localised:
        own = self.notes.language
        if not isinstance(node, MappingNode):
            return Localised({own: self._within(node, key, limit)} if self._is_scalar(node, key) else {})
        wordings = dict(self._wordings(node, key, limit))
        original = {own: wordings[own]} if own in wordings else {}
        return Localised(original | wordings)

    def _wordings(self, node: MappingNode, key: str, limit: Limit) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        for named, child in node.value:
            language = str(named.value)
            if language not in LANGUAGES:
                self.notes.add(named, f"{key}: {_not_among(language, LANGUAGES)}", closest(language, LANGUAGES))
            elif language in seen:
                self.notes.add(named, f"{key} has a second text for {language}")
            elif self._is_scalar(child, f"{key} ({language})"):
                yield language, self._within(child, f"{key} ({language})", limit)
            seen.add(language)

    def _within(self, node: Node, key: str, limit: Limit) -> str:
        text = str(node.value).strip()
        if not text:
            self.notes.add(node, f"{key} is empty")
        if limit.one_line and "\n" in text:
            self.notes.add(node, f"{key} must be a single line: begin it with >- instead of |")
        if len(text) > limit.chars:
            self.notes.add(node, f"{key} has {len(text)} characters and may have {limit.chars}, {limit.why}")
        return text

    def _one_of(self, node: Node, allowed: Iterable[str], what: str) -> str:
        options = [str(option) for option in allowed]
        if node.value in options:
            return str(node.value)
        self.notes.add(node, f"{what}: {_not_among(node.value, options)}", closest(node.value, options))
        return ""

    def _matching(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        node = self._scalar(key)
        if node is None:
            return ""
        if not pattern.fullmatch(node.value):
            self.notes.add(node, f"{key} must be {what}, not {shown(node.value)}")
        return str(node.value)

    def _date(self, node: Node, key: str, written: str) -> date | None:
        try:
            if _DATE.fullmatch(written) and 2000 <= int(written[:4]) <= 2100:
                return date.fromisoformat(written)
        except ValueError:
            self.notes.add(node, f"{key}: there is no day {written} in the calendar")
            return None
        self.notes.add(node, f"{key} must be a day such as 2027-02-09, not {shown(node.value)}")
        return None

    def _time(self, node: Node, key: str, written: str) -> time | None:
        match = _TIME.fullmatch(written)
        if not match:
            self.notes.add(node, f"{key} must be a time such as 09:30, not {shown(written)}")
            return None
        return time(int(match[1]), int(match[2]))


def is_id(word: str) -> bool:
    """Whether a word can name something for good."""
    return bool(_ID.fullmatch(word)) and len(word) <= 50


def _not_among(word: str, options: Iterable[str]) -> str:
    return f"{shown(word)} is not one of {', '.join(options)}"


def _is_blank(node: Node) -> bool:
    return not (node.value.strip() if isinstance(node, ScalarNode) else node.value)


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"[\s<>|\"]", url)
    except ValueError:
        return False
