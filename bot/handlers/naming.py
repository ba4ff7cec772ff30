"""What a question names: programmes by words of their titles, and meetings by title, number or day."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from bot.domain.dates import read_day
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.words import Localised
from bot.faq.words import commonness, folded
from bot.handlers.near_days import without_near_days
from bot.handlers.words import plain

_WORD = re.compile(r"\w+")
_DISTINCTIVE = 7  # letters of a word by which a programme is known
_ENDING = 3  # letters
_SORTS = ("program", "kurs", "utbildning", "utdanning", "workshop", "verkst", "serie", "webin", "webbin", "dag")
"""Beginnings of what follows a name in a compound: toppolitikerprogrammet."""


# --- Programmes -------------------------------------------------------------------------------------------------------


def programmes_named(text: str, visible: Mapping[str, Programme]) -> frozenset[str]:
    """The programmes that a question names, by a word that no other title has; editions of one have the same title."""
    typed = _WORD.findall(plain(text))
    return frozenset(id for id, names in _own_names(visible).items() if any(names_one(word, names) for word in typed))


def editions_meant(
    text: str, named: frozenset[str], own: frozenset[str], visible: Mapping[str, Programme]
) -> frozenset[str]:
    """Of the named editions of one programme those that are said, else those the reader takes part in, else all."""
    typed = frozenset(_WORD.findall(plain(text)))
    editions = {id: frozenset(_WORD.findall(plain(visible[id].edition))) for id in named}

    def of_the_same(id: str) -> set[str]:
        return {other for other in named if visible[other].title == visible[id].title}

    def is_said(id: str) -> bool:
        others = (editions[other] for other in of_the_same(id) - {id})
        return bool(typed & editions[id].difference(*others))

    def meant(id: str) -> bool:
        same = of_the_same(id)
        return id in (set(filter(is_said, same)) or same & own or same)

    return frozenset(filter(meant, named))


def without_names(text: str, named: Collection[str], visible: Mapping[str, Programme]) -> str:
    """The question with “it” where these programmes stand; nothing if that changes nothing."""
    own = _own_names(visible)
    names = {name for id in named for name in own.get(id, ())}
    it = "it" if _is_english(text) else "det"
    said = _WORD.sub(lambda match: it if names_one(plain(match[0]), names) else match[0], text)
    return said if said != text else ""


def without_numbers(text: str) -> str:
    """The question as of any meeting, where one is named by its number or month: “what happens at meeting 2”.

    In Norwegian and Swedish it is the same word but for one letter, which is not looked at.
    """
    it = "the meeting" if _is_english(text) else "mötet"
    level = "".join(folded(letter)[:1] or letter for letter in text)  # letter for letter, so that places stay the same
    found = (one.span() for numbered in (_NUMBERED, _ORDINAL, _MONTH) for one in numbered.finditer(level))
    for start, end in sorted(found, reverse=True):
        text = f"{text[:start]}{it}{text[end:]}"
    return text


def _is_english(text: str) -> bool:
    return not _ENGLISH.isdisjoint(_WORD.findall(plain(text)))


_ENGLISH = frozenset({"what", "where", "when", "who", "how", "the", "is", "does", "which"})


def _own_names(visible: Mapping[str, Programme]) -> dict[str, frozenset[str]]:
    names = {id: _names(one.title) for id, one in visible.items()}
    return {id: _names(one.title).difference(*_of_others(one, visible, names)) for id, one in visible.items()}


def _of_others(
    one: Programme, visible: Mapping[str, Programme], names: Mapping[str, frozenset[str]]
) -> Iterator[frozenset[str]]:
    return (words for other, words in names.items() if visible[other].title != one.title)


def _names(title: Localised) -> frozenset[str]:
    """The words of a title, in all its languages, that are no words of every day: digibarometer, not workshop."""
    words = {word for text in title.wordings.values() for word in _WORD.findall(text.casefold())}
    return frozenset(plain(word) for word in words if len(word) >= _DISTINCTIVE and word not in commonness())


def names_one(word: str, names: Iterable[str]) -> bool:
    """Whether a folded word is one of these names, perhaps with an ending or in a compound."""
    return any(_is_form_of(name, word) for name in names)


def _is_form_of(name: str, word: str) -> bool:
    """Whether a word is a name, perhaps with an ending or in a compound: digibarometern, digibarometerkursen."""
    return word.startswith(name) and (len(word) - len(name) <= _ENDING or word[len(name) :].startswith(_SORTS))


# --- Meetings ---------------------------------------------------------------------------------------------------------


def meetings_named(text: str, programme: Programme) -> frozenset[str]:
    """The meetings of a programme that a question names; none where it may be about any of them."""
    found = meetings_said(text, programme)
    return found if len(found) < max(len(programme.occasions), 2) else frozenset()


def meetings_on(day: date, programme: Programme) -> frozenset[str]:
    """The meetings of a programme that are held on a day of the calendar."""
    held = (one for one in programme.occasions if not one.cancelled)
    return frozenset(one.id for one in held if _is_on(one, programme.zone, {day}, ()))


def without_days(said: str) -> str:
    """A plain text without the days and months that it names."""
    return without_near_days(_MONTH.sub(" ", _DAY.sub(" ", said)))


def meetings_said(text: str, programme: Programme) -> frozenset[str]:
    """The same, also where these are all there are."""
    there = sorted(programme.occasions, key=lambda one: one.starts_at)
    said = plain(text)
    found = _by_day(said, there, programme.zone) or _by_number(said, there) or _by_title(said, there, programme)
    return frozenset(found)


_AROUND = (
    "ar er is e hur den det the it on in i pa kl om about of vilket vilken hvilken hvilket kva what ska skal blir "
    "traffen traff lartraff lartraffen tillfalle tillfallet samling samlingen samlinga webinar webinaret webbinariet "
    "ager rum mote motet meeting session dagen day dag borjar starter startar byrjar begynner begins start forsta "
    "andra tredje forste andre siste sista last first second third masterclass kursen"
)
_SAID_AROUND = frozenset(_AROUND.split())


def meeting_titled(text: str, programme: Programme) -> bool:
    """Whether a question has the whole title of one of its meetings in it."""
    titles = (plain(title) for one in programme.occasions for title in one.title.wordings.values())
    said = plain(text)
    return any(re.search(rf"\b{re.escape(title)}\b", said) for title in titles)


def _by_title(said: str, there: Sequence[Occasion], programme: Programme) -> list[str]:
    """Those of whose title at least half is named, in one language, by words that no other meeting has."""
    general = _names(programme.title)
    own = [
        [_telling(part) - general for title in one.title.wordings.values() for part in _PART.split(title)]
        for one in there
    ]
    typed = _WORD.findall(said)
    found = []
    for number, (occasion, parts) in enumerate(zip(there, own, strict=True)):
        others = {word for other, theirs in enumerate(own) if other != number for part in theirs for word in part}
        if any(_is_said(part - others, typed) for part in parts):
            found.append(occasion.id)
    return found


def _telling(part: str) -> frozenset[str]:
    words = (word for word in _WORD.findall(part.casefold()) if commonness().get(word, 0.0) < _EVERY_DAY)
    telling = frozenset(plain(word) for word in words if len(word) >= _TELLING) - _SAID_AROUND
    return frozenset(word for word in telling if not word.startswith("digital"))  # that is how, not which


def _is_said(names: Collection[str], typed: Sequence[str]) -> bool:
    said = [name for name in names if any(_is_form_of(name, word) for word in typed)]
    return bool(said) and 2 * len(said) >= len(names)


_PART = re.compile(r"\s[\N{EN DASH}-]\s|[:?]")
_TELLING = 5  # letters
_EVERY_DAY = 5.15  # on Zipf's scale: more often than once in 7,000 words
_MEETING = r"(?:lar)?traff|tillfalle|(?:larings)?samling|mote|webb?inar|foredrag|modul|\bdel\b|meeting|session|\bpart\b"
_NUMBERED = re.compile(rf"(?:{_MEETING})\w*\s+(?:nr |nummer |number )?(\d)\b")
_ORDINALS = {
    **dict.fromkeys(("forsta", "forste", "fyrste", "first"), 0),
    **dict.fromkeys(("andra", "andre", "second"), 1),
    **dict.fromkeys(("tredje", "third"), 2),
    **dict.fromkeys(("fjarde", "fjerde", "fourth"), 3),
    **dict.fromkeys(("sista", "siste", "last"), -1),
}
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})\s+(?:{_MEETING})\w*")
_LAST_DAY = re.compile(r"\b(?:sista|siste|last)\s+(?:dagen|dag|day)\b(?!\s+(?:att|for|a|to|med|with)\b)")
_DAY = re.compile(r"\b\d{1,2}(?:\.|:?e)?\s+[^\W\d]{3,9}")
_MONTH = re.compile(
    r"\b(?:in?|for|till?)\s+(jan|feb|mars|march|apr|maj|mai|may|jun|jul|aug|sep|okt|oct|nov|dec|des)"
    r"(?:r?uar[iy]?|il|[iey]|usti?|t|t?ember|ober)?\b"
)


def _by_number(said: str, there: Sequence[Occasion]) -> list[str]:
    numbers = [int(match[1]) - 1 for match in _NUMBERED.finditer(said)]
    numbers += [_ORDINALS[match[1]] for match in _ORDINAL.finditer(said)]
    numbers += [-1] if _LAST_DAY.search(said) else []
    return [there[number].id for number in numbers if -1 <= number < len(there)] if there else []


def _by_day(said: str, there: Sequence[Occasion], zone: str) -> list[str]:
    """Those on a day of the year that is named, whatever the year."""
    if not there:
        return []
    before = local_day(there[0].starts_at, zone) - timedelta(1)
    days = {day for match in _DAY.finditer(said) if (day := read_day(match[0].replace(":", ""), before)) is not None}
    months = {day.month for match in _MONTH.finditer(said) if (day := read_day(f"1 {match[1]}", before)) is not None}
    return [one.id for one in there if _is_on(one, zone, days, months)]


def _is_on(occasion: Occasion, zone: str, days: Collection[date], months: Collection[int]) -> bool:
    return any(day in days or day.month in months for day in _days(occasion, zone))


def _days(occasion: Occasion, zone: str) -> Iterator[date]:
    first, last = local_day(occasion.starts_at, zone), local_day(occasion.ends_at, zone)
    yield from (first + timedelta(number) for number in range((last - first).days + 1))
