"""The words of a question: folded alike across Swedish, Norwegian, Danish and English, and how common each is."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LONGEST_QUESTION = 300
"""Characters of a question that are looked at. What follows hardly changes what is meant, and would cost seconds."""

_WORD = re.compile(r"[^\W_]+")
_NORDIC = str.maketrans({"æ": "a", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})


def capped(text: str, longest: int = LONGEST_QUESTION) -> str:
    """The beginning of a text, up to the end of a word; without characters that no model can read."""
    text = _readable(text[: 4 * longest])
    if len(text) <= longest:
        return text
    head = text[: longest + 1].rpartition(" ")[0]
    return head or text[:longest]


def _readable(text: str) -> str:
    """Without lone surrogates, NUL and other control characters; blanks made one."""
    return " ".join("".join(" " if unicodedata.category(c) in _UNREADABLE else c for c in text).split())


_UNREADABLE = frozenset({"Cc", "Cs", "Co", "Cn"})


def folded(word: str) -> str:
    """Without case and accents: `Anmälan` → `anmalan`, `påmelding` → `pamelding`, `møte` → `mote`."""
    if word.isascii():
        return word if word.islower() else word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_NORDIC)


def words(text: str) -> list[str]:
    """The words as written, in lower case."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def folded_words(text: str) -> list[str]:
    return [folded(word) for word in words(text)]


@cache
def commonness() -> Mapping[str, float]:
    """How common the words of the four languages are: Zipf's scale, 7 "och", 3.6 once in 250,000 words."""
    packed = files(__package__).joinpath("wordlist", "words.txt.gz").read_bytes()
    shared = cache(float)  # a few dozen numbers in all: one of each is enough
    pairs = (line.split(" ") for line in gzip.decompress(packed).decode().splitlines())
    return {word: shared(zipf) for word, zipf in pairs}


def folded_commonness(word: str) -> float:
    """How common a folded word is: as the most common one of those that are folded to it."""
    known = commonness()
    return max(known.get(word, 0.0), known.get(with_accents().get(word, ""), 0.0))


@cache
def with_accents() -> Mapping[str, str]:
    """The most common word for each spelling without accents, where that is none itself."""
    found: dict[str, str] = {}
    for word, zipf in commonness().items():
        bare = folded(word)
        if bare != word and zipf > commonness().get(found.get(bare, ""), 0.0):
            found[bare] = word
    return found
