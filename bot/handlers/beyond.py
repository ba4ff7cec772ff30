"""Whether a question is about something that no programme's data tells of: “what does a building permit cost?”."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bot.domain.programmes import Programme
from bot.faq.concepts import concepts
from bot.faq.words import folded_commonness, folded_words
from bot.flows.ways_to_ask import WAYS

_SHORT = 4  # letters: what has fewer is hardly the matter
_COMMON = 4.6  # on Zipf's scale: once in 25,000 words
_INFLECTED = 0.7  # of a word is left when its ending changes


def is_beyond(question: str, programmes: Iterable[Programme]) -> bool:
    """Whether a word is the matter of the question that is in none of our ways to ask, nor in these programmes.

    Names of the programmes are to be left out of the question, and misspellings mended.
    """
    theirs = frozenset(word for one in programmes for word in _theirs(one))
    return any(not _is_known(word, theirs) for word in folded_words(question))


def _theirs(programme: Programme) -> Iterable[str]:
    for words in (programme.title, *(one.title for one in programme.occasions)):
        for text in words.wordings.values():
            yield from folded_words(text)
    for one in programme.occasions:
        place = getattr(one.place, "wordings", {"": one.place}).values()
        yield from (word for text in place for word in folded_words(str(text)))
    for contact in programme.contacts:
        yield from folded_words(str(contact.name))


def _is_known(word: str, theirs: frozenset[str]) -> bool:
    if len(word) < _SHORT or word.isdigit() or folded_commonness(word) >= _COMMON:
        return True
    asked, meant = _ours()
    return bool(meant & concepts(word)) or any(_alike(word, other) for other in asked | theirs)


def _alike(one: str, other: str) -> bool:
    """Whether two words differ in their ending at most."""
    shorter, longer = sorted((one, other), key=len)
    kept = max(_SHORT, round(_INFLECTED * len(longer)))
    return len(shorter) >= kept and shorter[:kept] == longer[:kept]


@cache
def _ours() -> tuple[frozenset[str], frozenset[int]]:
    """The words of all ways to ask, and what they can mean."""
    words = frozenset(word for ways in WAYS.values() for way in ways for word in folded_words(way))
    return words, frozenset(concept for word in words for concept in concepts(word))
