"""Municipalities and regions, found in spite of spelling mistakes and always confirmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.domain.values import dataclass

MAX_SUGGESTIONS = 5
MAX_TYPED = 100  # the longest name has some 50 characters


@dataclass(frozen=True, slots=True)
class Organisation:
    """A municipality, county or region; `key` is its country and official code, e.g. `SE-1281`."""

    key: str
    name: str  # as it calls itself, e.g. "Lunds kommun", "Region Skåne"
    short_name: str  # "Lund"
    country: str  # ISO 3166-1 alpha-2
    kind: str  # "municipality", "county" or "other"
    also: tuple[str, ...] = ()  # other names it is known by, e.g. "Stockholms kommun" for Stockholms stad


@dataclass(frozen=True, slots=True)
class Matches:
    """What a typed name may mean: one organisation beyond doubt, or a few to choose from, or nothing."""

    exact: Organisation | None = None
    suggestions: tuple[Organisation, ...] = ()  # best first; empty when `exact` is set


class Directory:
    """The known organisations, to look up and to search."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_key = {organisation.key: organisation for organisation in organisations}

    def get(self, key: str) -> Organisation | None:
        """The organisation with this key, if there is one."""
        return self._by_key.get(key)

    def name_of(self, key: str) -> str:
        """How the organisation is called; its key when it is not in the table."""
        known = self.get(key)
        return known.name if known is not None else key

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every name, in small letters: none of them is a person's name."""
        names = (name for organisation in self._by_key.values() for name in _all_names(organisation))
        return frozenset(word.casefold() for name in names for word in re.findall(r"[^\W\d_]+", name))

    @lru_cache(maxsize=1024)  # noqa: B019 - one directory, for as long as the process lives
    def search(self, typed: str) -> Matches:
        """The organisations that a person may have meant.

        Case, accents and the words for municipality and region are optional, but those words decide between
        organisations of the same name. A misspelt name is only ever suggested, never taken for granted.
        """
        lettered = _lettered(typed[:MAX_TYPED])
        words = [_plain(word) for word in lettered]
        asked = _asked(words)
        named = self._named.get("".join(words), ())
        bearing = named or (found for found in self._named.get(asked.core, ()) if asked.allows(found))
        meant = [organisation for organisation in bearing if _spells(lettered, organisation)]
        if len(meant) == 1:
            return Matches(exact=meant[0])
        return Matches(suggestions=tuple(sorted(meant, key=_order)[:MAX_SUGGESTIONS]) or self._like(words))

    def _like(self, words: list[str]) -> tuple[Organisation, ...]:
        """The organisations whose names resemble what was typed, best first."""
        asked = _asked([_mended(word) for word in words])
        if not asked.core:
            return ()
        scores: dict[str, float] = {}
        for name, score in self._resembling(asked.core, words):
            for organisation in self._named[name]:
                fair = score + asked.bonus(organisation)
                scores[organisation.key] = max(fair, scores.get(organisation.key, 0))
        best = max(scores.values(), default=0)
        near = [self._by_key[key] for key, score in scores.items() if score >= best - _SPREAD]
        near.sort(key=lambda organisation: (-scores[organisation.key], *_order(organisation)))
        return tuple(near[:MAX_SUGGESTIONS])

    def _resembling(self, core: str, words: list[str]) -> Iterator[tuple[str, float]]:
        """Names with a resemblance from 0 to 100: misspelt, begun, or inside a longer text."""
        for name, score, _ in process.extract(core, self._names, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=20):
            yield name, score
        if len(core) >= 3:
            yield from ((name, _BEGUN) for name in self._names if name.startswith(core))
        for length in (1, 2, 3):
            for start in range(len(words) - length + 1):
                part = "".join(words[start : start + length])
                if len(part) >= 3 and part not in _KIND_WORDS and part in self._named:
                    yield part, _INSIDE + length  # more words in common are a better sign

    @cached_property
    def _named(self) -> dict[str, tuple[Organisation, ...]]:
        """Every name without spaces, accents and capitals, with and without its kind word → who bears it."""
        named: dict[str, dict[str, Organisation]] = {}
        for organisation in self._by_key.values():
            for name in _all_names(organisation):
                words = [_plain(word) for word in _lettered(name)]
                for form in _forms(words):
                    named.setdefault(form, {})[organisation.key] = organisation
        return {name: tuple(bearers.values()) for name, bearers in named.items()}

    @cached_property
    def _names(self) -> list[str]:
        return list(self._named)


# --- what was typed -------------------------------------------------------------------------------------------------

_LIKE = 74  # of 100: two letters wrong in eight
_BEGUN = 88.0  # the beginning of a name is a better guess than a doubtful spelling
_INSIDE = 84.0
_SPREAD = 16  # what lies further behind the best guess would only be noise

_KIND_WORDS = {
    "kommun": ("municipality", "SE"),
    "kommunen": ("municipality", ""),  # Swedish and Norwegian
    "stad": ("municipality", "SE"),
    "kommune": ("municipality", "NO"),
    "municipality": ("municipality", ""),
    "city": ("municipality", ""),
    "region": ("county", "SE"),
    "regionen": ("county", "SE"),
    "lan": ("county", "SE"),
    "lans": ("county", "SE"),
    "landsting": ("county", "SE"),
    "landstinget": ("county", "SE"),
    "fylke": ("county", "NO"),
    "fylkeskommune": ("county", "NO"),
    "fylkeskommunen": ("county", "NO"),
    "county": ("county", ""),
}
"""Words for what an organisation is, as `_plain` gives them → its kind, and its country where the word tells."""

_SWEDISH = str.maketrans("æø", "äö")
_STROKES = str.maketrans("đŧŋł", "dtnl")  # letters that Unicode does not take apart


@dataclass(frozen=True, slots=True)
class _Asked:
    """A typed name, taken apart."""

    core: str  # without the words for what it is
    kinds: frozenset[str]
    countries: frozenset[str]

    def allows(self, organisation: Organisation) -> bool:
        """Whether everything that was said about kind and country fits."""
        return self.kinds <= {organisation.kind} and self.countries <= {organisation.country}

    def bonus(self, organisation: Organisation) -> int:
        """What the words for kind and country add to, or take from, a resemblance."""
        kind = 0 if not self.kinds else 5 if organisation.kind in self.kinds else -8
        country = 0 if not self.countries else 2 if organisation.country in self.countries else -4
        return kind + country


def _asked(words: list[str]) -> _Asked:
    said = [_KIND_WORDS[word] for word in words if word in _KIND_WORDS]
    core = "".join(word for word in words if word not in _KIND_WORDS)
    kinds = frozenset(kind for kind, _ in said)
    return _Asked(core, kinds, frozenset(country for _, country in said if country))


def _lettered(typed: str) -> list[str]:
    """The words in small letters, with Swedish ä and ö for Norwegian æ and ø."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", typed).casefold().translate(_SWEDISH))


def _plain(word: str) -> str:
    """The word without accents, letter for letter: å and ä are a, ö is o."""
    return "".join(unicodedata.normalize("NFKD", letter)[0] for letter in word.translate(_STROKES))


def _spells(lettered: list[str], organisation: Organisation) -> bool:
    """Whether each letter is the name's own, or that letter without its accent.

    Habo may be Håbo on a keyboard without å, but whoever writes Håbo does not mean Habo.
    """
    typed = _forms(lettered)
    return any(
        len(form) == len(name) and all(letter in (own, _plain(own)) for letter, own in zip(form, name, strict=True))
        for written in _all_names(organisation)
        for name in _forms(_lettered(written))
        for form in typed
    )


def _forms(words: list[str]) -> set[str]:
    """The words joined, with and without those for what an organisation is."""
    core = "".join(word for word in words if _plain(word) not in _KIND_WORDS)
    return {"".join(words), core} - {""}


def _mended(word: str) -> str:
    """The long kind word that was misspelt by one letter, or the word itself."""
    if len(word) < 5 or word in _KIND_WORDS:
        return word
    close = (known for known in _KIND_WORDS if len(known) >= 6 and OSA.distance(word, known, score_cutoff=1) <= 1)
    return next(close, word)


def _all_names(organisation: Organisation) -> Iterator[str]:
    for name in (organisation.name, organisation.short_name, *organisation.also):
        yield name
        if "(" in name:  # Herøy (Nordland), where people write Herøy
            yield re.sub(r"\([^)]*\)", "", name)


def _order(organisation: Organisation) -> tuple[bool, bool, str]:
    """Among equals: Sweden first, municipalities first, then by name."""
    return organisation.country != "SE", organisation.kind != "municipality", organisation.name
