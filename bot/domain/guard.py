"""The guard: finds names, e-mail addresses, telephone and identity numbers in what people write, and masks them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from bot.domain import numbers
from bot.domain.names import (
    DEPARTMENTS,
    ENDINGS_OF_BODIES,
    FIRST_NAMES,
    NO_NAMES,
    NOT_ALONE,
    PARTICLES,
    SURNAMES,
    TITLES,
    WORDS,
)
from bot.domain.numbers import Span
from bot.domain.values import dataclass


class Kind(StrEnum):
    """What points at a person."""

    PERSONAL_NUMBER = "personal_number"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that points at a person."""

    kind: Kind
    start: int  # of the first character
    end: int  # after the last one
    words: str  # as they stand there: untrusted


_MASKS: Mapping[str, Mapping[Kind, str]] = {
    "sv": {
        Kind.NAME: "namn",
        Kind.EMAIL: "e-post",
        Kind.PHONE: "telefon",
        Kind.PERSONAL_NUMBER: "personnummer",
    },
    "nb": {
        Kind.NAME: "navn",
        Kind.EMAIL: "e-post",
        Kind.PHONE: "telefon",
        Kind.PERSONAL_NUMBER: "fødselsnummer",
    },
    "nn": {
        Kind.NAME: "namn",
        Kind.EMAIL: "e-post",
        Kind.PHONE: "telefon",
        Kind.PERSONAL_NUMBER: "fødselsnummer",
    },
    "en": {
        Kind.NAME: "name",
        Kind.EMAIL: "email",
        Kind.PHONE: "phone",
        Kind.PERSONAL_NUMBER: "personal number",
    },
}
_MASKED = re.compile("|".join(sorted({rf"\[{word}\]" for words in _MASKS.values() for word in words.values()})))

_GAP = "\ue000"
"""What stands for a part that has been seen. It is no letter, no digit, no space and no sign."""


class Guard:
    """Looks through texts for what points at a person.

    Parameters
    ----------
    roster
        The names of those who take part.
    known
        Words of places and organisations, in small letters, which are nobody's name.
    """

    def __init__(self, roster: Collection[str], known: Collection[str] = ()) -> None:
        self._names = _Names(roster, frozenset(known))

    def found(self, text: str) -> tuple[Finding, ...]:
        """All that points at a person, in the order of the text."""
        left = _MASKED.sub(lambda match: _GAP * len(match[0]), text)
        seen: list[tuple[Kind, Span]] = []
        while new := _merged(_look(left, self._names)):
            seen += new
            for _kind, (start, end) in new:
                left = left[:start] + _GAP * (end - start) + left[end:]
        ordered = sorted(seen, key=lambda one: one[1])
        return tuple(Finding(kind, start, end, text[start:end]) for kind, (start, end) in ordered)


def found(text: str, roster: Collection[str], known: Collection[str] = ()) -> tuple[Finding, ...]:
    """All that points at a person in a single text."""
    return Guard(roster, known).found(text)


def masked(text: str, findings: Iterable[Finding], language: str) -> str:
    """The text with a word in brackets for each finding: "Fråga [namn]"."""
    words = _MASKS.get(language, _MASKS["en"])
    for one in sorted(findings, key=lambda one: one.start, reverse=True):
        text = f"{text[: one.start]}[{words[one.kind]}]{text[one.end :]}"
    return text


def _look(text: str, names: _Names) -> Iterator[tuple[Kind, Span]]:
    yield from ((Kind.PERSONAL_NUMBER, span) for span in numbers.identity_numbers(text))
    yield from ((Kind.EMAIL, span) for span in numbers.mail_addresses(text))
    yield from ((Kind.PHONE, span) for span in numbers.phone_numbers(text))
    yield from ((Kind.NAME, span) for span in names.within(text))


def _merged(spans: Iterable[tuple[Kind, Span]]) -> list[tuple[Kind, Span]]:
    """Without overlaps: what two kinds claim belongs to the one that is looked for first, and loses no character."""
    kept: list[tuple[Kind, Span]] = []
    order = list(Kind)
    for kind, (start, end) in sorted(spans, key=lambda one: one[1]):
        if kept and start < kept[-1][1][1]:
            before, (first, last) = kept.pop()
            kept.append((min(before, kind, key=order.index), (first, max(last, end))))
        else:
            kept.append((kind, (start, end)))
    return kept


# --- Names ------------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+")
_MENTION = re.compile(r"<@[^<>\s]+>")  # how Slack writes somebody's name
_CLOSES = re.compile(r"[.!?:;•*\n\r\t\"”“»«()\[\]–—>/|]|^\W*[-+]\s|\n\s*[-+]\s|" + _GAP)
"""What a sentence, a line or a quotation begins after: the capital there says nothing."""

_BARE = str.maketrans({"ø": "o", "æ": "a", "ð": "d", "þ": "t", "ł": "l", "đ": "d", "ß": "s"})


def _plain(word: str) -> str:
    """Without capitals and accents, so that Ostlund is Östlund is Østlund."""
    apart = unicodedata.normalize("NFKD", word.casefold()).translate(_BARE)
    return "".join(char for char in apart if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word where it stands."""

    text: str
    start: int
    end: int
    opens: bool  # the first one of a sentence or of a line
    near: bool  # only a space, a hyphen or a full stop of an initial lies between it and the word before

    @property
    def low(self) -> str:
        return self.text.casefold()

    @property
    def capital(self) -> bool:
        """Written like a name; all in capitals it is an abbreviation."""
        return self.text[:1].isupper() and (len(self.text) == 1 or not self.text.isupper())


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    end, shouted = 0, text.isupper()
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        opens = not found or bool(_CLOSES.search(between))
        near = bool(found) and (between in (" ", "-") or (between in (". ", ".") and len(found[-1].text) == 1))
        word = match[0].lower() if shouted and len(match[0].lower()) == len(match[0]) else match[0]
        found.append(_Token(word, match.start(), match.end(), opens, near))
        end = match.end()
    return found


class _Names:
    """Looks for names: those of a roster, common ones, and what stands where a name stands."""

    def __init__(self, roster: Collection[str], known: frozenset[str]) -> None:
        self._known = known
        written = (_WORD.findall(name) for name in roster)
        split = [[_plain(word) for word in name] for name in written if name and not _holds_a_place(name[0])]
        self._firsts = {word for name in split for word in name[: max(1, len(name) - 1)]} - PARTICLES
        self._lasts = {name[-1] for name in split if len(name) > 1}
        self._pairs = {(first, name[-1]) for name in split if len(name) > 1 for first in name[:-1]}

    def within(self, text: str) -> Iterator[Span]:
        """Where names stand."""
        yield from (match.span() for match in _MENTION.finditer(text))
        tokens = _tokens(text)
        place = 0
        while place < len(tokens):
            end = self._end_of_name(tokens, place)
            if end > place:
                yield tokens[place].start, tokens[end - 1].end
            place = max(end, place + 1)

    def _end_of_name(self, tokens: list[_Token], place: int) -> int:
        """The place after the name that begins at this one; the same place when none does."""
        one = tokens[place]
        after = self._surname(tokens, place + 1)
        if _is_nynorsk_other(tokens, place) or (self._is_place(tokens, place) and after == place + 1):
            return place
        if self._is_pair(tokens, place):
            return max(after, place + 2)
        sure = after > place + 1 or _at_a_department(tokens, place)
        named = self._is_first(one, sure=sure) or self._is_last(one) or self._stands_as_name(tokens, place)
        return after if named else place

    def _surname(self, tokens: list[_Token], place: int) -> int:
        """The place after the surnames that begin here: with capitals, close by, and nobody's but a person's."""
        end = place
        while end < len(tokens) and end < place + 4 and tokens[end].near:
            if not self._may_be_surname(tokens, end):
                break
            end += 1
        return end

    def _may_be_surname(self, tokens: list[_Token], place: int) -> bool:
        one = tokens[place]
        if one.low in PARTICLES:
            return _follows(tokens, place)
        return one.capital and not one.opens and not self._is_body(one)

    # What a word is

    def _is_first(self, one: _Token, *, sure: bool) -> bool:
        """A first name; `sure` when what follows says that it is one, so that it may be a common word too."""
        if any(self._is_first_of_roster(stem, one, sure=sure) for stem in _stems(one.low)):
            return True
        return any(_is_common_first(stem, one, sure=sure) for stem in _stems(one.low))

    def _is_first_of_roster(self, stem: str, one: _Token, *, sure: bool) -> bool:
        plain = _plain(stem)
        if plain not in self._firsts:
            return False
        rare = len(stem) < 4 and stem not in FIRST_NAMES
        doubtful = rare or stem in NOT_ALONE or plain in NOT_ALONE or stem in WORDS or plain in self._known
        return (one.capital and (sure or not one.opens)) if doubtful else True

    def _is_last(self, one: _Token) -> bool:
        """A surname by itself."""
        for stem in _stems(one.low):
            plain, word = _plain(stem), stem in WORDS or stem in self._known or len(stem) < 5
            if plain in self._lasts and (not word or (one.capital and not one.opens and stem not in self._known)):
                return True
            if one.capital and not word and (stem in SURNAMES or stem.endswith(("sson", "qvist"))):
                return True
        return False

    def _is_pair(self, tokens: list[_Token], place: int) -> bool:
        """First name and surname of one on the roster, however they are written."""
        if place + 1 >= len(tokens) or not tokens[place + 1].near:
            return False
        first = _plain(tokens[place].text)
        return any((first, _plain(stem)) in self._pairs for stem in _stems(tokens[place + 1].low))

    def _is_body(self, one: _Token) -> bool:
        """A place, an organisation, a product, a day: with a capital, and nobody."""
        low = one.low
        return (
            (low in self._known and low not in SURNAMES)
            or low.removesuffix("s") in self._known
            or low in NO_NAMES
            or low.removesuffix("s") in NO_NAMES
            or low.removesuffix("s").endswith(ENDINGS_OF_BODIES)
        )

    def _is_place(self, tokens: list[_Token], place: int) -> bool:
        """A place that is also called like a person: "i Nora", "Nora kommun"."""
        one = tokens[place]
        if one.low not in self._known and one.low.removesuffix("s") not in self._known:
            return False
        before = tokens[place - 1].low if place else ""
        after = tokens[place + 1].low if place + 1 < len(tokens) else ""
        return before in _BEFORE_PLACES or after in _AFTER_PLACES or before in _AFTER_PLACES

    # What stands where a name stands

    def _stands_as_name(self, tokens: list[_Token], place: int) -> bool:
        one = tokens[place]
        if not one.capital or len(one.text) < 2 or self._is_body(one):
            return False
        if place and one.near and self._is_title(tokens, place - 1):
            return True
        if one.opens:
            return False
        return self._is_unknown_pair(tokens, place) or _at_a_department(tokens, place)

    def _is_title(self, tokens: list[_Token], place: int) -> bool:
        return tokens[place].low in TITLES and not tokens[place].text.isupper()

    def _is_unknown_pair(self, tokens: list[_Token], place: int) -> bool:
        """Two words with capitals inside a sentence, neither of which we know as anything else."""
        if place + 1 >= len(tokens):
            return False
        second = tokens[place + 1]
        if not second.near or not second.capital or len(second.text) < 3:
            return False
        return not self._is_body(second) and not _is_definite(second.low)


_BEFORE_PLACES = frozenset(("i", "från", "till", "fra", "til", "in", "frå", "kring", "omkring", "rundt"))
_AFTER_PLACES = frozenset(("kommun", "kommuns", "kommune", "kommunes", "stad", "region", "fylke", "län", "county"))


_BEFORE_OTHER = frozenset(("mellom", "noko", "alt", "eit", "kva", "inkje", "ingenting", "mykje", "litt", "heilt"))
_AFTER_OTHER = frozenset(("enn",))


def _is_nynorsk_other(tokens: list[_Token], place: int) -> bool:
    """Not somebody called Anna, but "mellom anna", "noko anna", "anna enn": among other things, other than."""
    if tokens[place].text != "anna":
        return False
    before = tokens[place - 1].low if place else ""
    after = tokens[place + 1].low if place + 1 < len(tokens) else ""
    return before in _BEFORE_OTHER or after in _AFTER_OTHER


def _holds_a_place(word: str) -> bool:
    """Whether it begins what is written on a seat while nobody's name is known: "Deltagare 2", "Region Skåne"."""
    low = word.casefold()
    return (low in NO_NAMES or low in TITLES) and low not in FIRST_NAMES


def _is_definite(low: str) -> bool:
    """Whether it ends like "Barnen" or "Korset", as the names of bodies do and surnames do not."""
    if low in SURNAMES or low.endswith("sen"):
        return False
    return low.endswith(("en", "et", "na"))


def _stems(low: str) -> tuple[str, ...]:
    """The word, and what it is the genitive of."""
    return (low, low[:-1]) if low.endswith("s") and not low.endswith("ss") and len(low) > 3 else (low,)


def _is_common_first(stem: str, one: _Token, *, sure: bool) -> bool:
    if stem not in FIRST_NAMES:
        return False
    if stem in NO_NAMES:
        return one.capital and sure
    if stem in NOT_ALONE:
        return one.capital and (sure or not one.opens)
    return one.capital or one.text.islower()


def _follows(tokens: list[_Token], place: int) -> bool:
    """Whether a word with a capital comes next, close by."""
    return place + 1 < len(tokens) and tokens[place + 1].near and tokens[place + 1].capital


def _at_a_department(tokens: list[_Token], place: int) -> bool:
    """`Xiomara på ekonomi`."""
    if place + 2 >= len(tokens):
        return False
    preposition, where = tokens[place + 1], tokens[place + 2]
    return preposition.near and preposition.low in ("på", "i", "från", "fra", "at") and where.low in DEPARTMENTS
