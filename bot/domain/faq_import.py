"""Questions with answers that somebody brings along, beside those that are there: what storing them would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from rapidfuzz import fuzz, process, utils

from bot.domain.faq import COMMON, Entry, Standing, entry_id
from bot.domain.values import dataclass
from bot.domain.words import Localised

_ALIKE = 85  # of 100: the words of one question are nearly all in the other
_NOTHING: tuple[float, Entry | None] = (0, None)

EVERY_FIELD = frozenset({"edition", "valid_from", "valid_until"})
"""What a table or a programme's file says of each entry, perhaps by leaving it empty. A page says nothing of it."""


@dataclass(frozen=True, slots=True)
class Given:
    """An entry that somebody brings along. Its id follows from its question where they gave none."""

    entry: Entry
    line: int = 0  # of the file
    named: bool = True  # they gave its id
    says: frozenset[str] = EVERY_FIELD


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one part of an entry."""

    field: str
    language: str  # empty for what is the same in all languages
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry that is there and would become another."""

    before: Entry
    after: Entry

    @property
    def differences(self) -> tuple[Difference, ...]:
        return tuple(one for one in _parts(self.before, self.after) if one.before != one.after)


@dataclass(frozen=True, slots=True)
class Alike:
    """A new entry that seems to ask what another one asks."""

    entry: Entry
    other: Entry


@dataclass(frozen=True, slots=True)
class Comparison:
    """What storing would do."""

    added: tuple[Entry, ...] = ()
    changed: tuple[Changed, ...] = ()
    same: tuple[Entry, ...] = ()
    retired: tuple[Entry, ...] = ()  # a person has taken them out of use, and that is left so
    alike: tuple[Alike, ...] = ()


def short_id(entry: Entry) -> str:
    """The entry's id within its programme."""
    return entry.id.removeprefix(entry_id(entry.programme, ""))


def compare(given: Iterable[Given], known: Mapping[str, Entry]) -> Comparison:
    """What becomes of the entries that are there: nothing is taken away from them but what is replaced.

    Wordings replace those in the same language, and other ways to ask come in addition.
    """
    added: list[Entry] = []
    changed: list[Changed] = []
    same: list[Entry] = []
    retired: list[Entry] = []
    for one in given:
        before = _before(one, known)
        after = one.entry if before is None else _merged(before, one)
        if before is None:
            added.append(after)
        elif before.standing is Standing.RETIRED:
            retired.append(before)
        elif after == before:
            same.append(before)
        else:
            changed.append(Changed(before, after))
    return Comparison(tuple(added), tuple(changed), tuple(same), tuple(retired), tuple(_alike(added, known)))


def _before(given: Given, known: Mapping[str, Entry]) -> Entry | None:
    """The entry that is meant: the one with its id, or else, where none was given, the one that asks the very same."""
    entry = given.entry
    there = known.get(entry.id) or known.get(short_id(entry))  # what was written in chat has no programme in its id
    if there is not None and there.programme == entry.programme:
        return there
    if given.named:
        return None
    asked = _plain_questions(entry)
    same = [one for one in known.values() if one.programme == entry.programme and asked & _plain_questions(one)]
    fitting = [one for one in same if one.edition == entry.edition or "edition" not in given.says]
    return fitting[0] if len(fitting) == 1 else None


def _plain_questions(entry: Entry) -> frozenset[str]:
    """The questions without capitals and signs."""
    return frozenset(map(utils.default_process, entry.question.wordings.values()))


def _merged(before: Entry, given: Given) -> Entry:
    entry = given.entry
    alternates = tuple(dict.fromkeys((*before.alternates, *entry.alternates)))
    return replace(
        before,
        question=_both(before.question, entry.question),
        answer=_both(before.answer, entry.answer),
        alternates=alternates,
        **{field: getattr(entry, field) for field in given.says},
    )


def _both(before: Localised, after: Localised) -> Localised:
    """The original wording stays first."""
    return Localised({**before.wordings, **after.wordings})


# --- Differences and likeness -----------------------------------------------------------------------------------------


def _parts(before: Entry, after: Entry) -> Iterator[Difference]:
    for field in ("question", "answer"):
        old, new = getattr(before, field).wordings, getattr(after, field).wordings
        for language in new:
            yield Difference(field, language, old.get(language, ""), new[language])
    yield Difference("alternates", "", "\n".join(before.alternates), "\n".join(after.alternates))
    for field in sorted(EVERY_FIELD):
        yield Difference(field, "", _said(getattr(before, field)), _said(getattr(after, field)))


def _said(value: str | date | None) -> str:
    return "" if value is None else str(value)


def _alike(added: Iterable[Entry], known: Mapping[str, Entry]) -> Iterator[Alike]:
    """For each new entry the one before it that is most like it, if there is one."""
    asked = [(text, one) for one in known.values() if one.standing is Standing.LIVE for text in _plain_questions(one)]
    for entry in added:
        own = sorted(_plain_questions(entry))
        near = max(
            (_nearest(text, entry.programme, asked) for text in own), key=lambda found: found[0], default=_NOTHING
        )
        if near[1] is not None:
            yield Alike(entry, near[1])
        asked += ((text, entry) for text in own)


def _nearest(text: str, programme: str, asked: list[tuple[str, Entry]]) -> tuple[float, Entry | None]:
    """The entry whose question is most like the text, among those that people of the programme may get."""
    texts = [other for other, _entry in asked]
    for _text, score, number in process.extract(
        text, texts, scorer=fuzz.token_set_ratio, score_cutoff=_ALIKE, limit=None
    ):
        other = asked[number][1]
        if programme == other.programme or COMMON in (programme, other.programme):
            return score, other
    return _NOTHING
