"""What a question may mean, by the entries of a programme and by what its data tells, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from bot.domain import faq
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.faq import ANSWERS_AT, SUGGESTS_AT, Engine, Entry
from bot.flows import ways_to_coordinate
from bot.flows.facts import Asked
from bot.flows.not_told import NOT_TOLD
from bot.flows.tasks import Task
from bot.flows.ways_to_ask import WAYS
from bot.handlers.asked_times import Times, asks_length, asks_who_speaks, times_asked
from bot.handlers.beyond import is_beyond
from bot.handlers.clauses import clauses
from bot.handlers.naming import editions_meant, programmes_named, without_names, without_numbers
from bot.handlers.near_days import without_near_days

FACT = "fact:"
"""Before what a programme's data answers, where else the id of an entry stands."""
_TASK = "task:"
"""Before what only coordinators have to do."""
_BESIDE = "beside:"
"""Before a matter that no programme's data tells of: it is found like an entry, and answers nothing."""

Ranked = list[tuple[str, float]]  # id, and how sure, 0..1; best first

_NOT_OURS = ANSWERS_AT - 0.01  # how sure an answer of another programme's can be at most, or one beside the matter
_NOTHING = 0.1  # so sure is at most what is not even suggested
_CERTAIN = 0.99  # so sure is an entry whose own words are typed
_SAME_MATTER = 0.75  # from this likeness on, what somebody has written is about what no data tells
_NEIGHBOURS = 3  # what stands beside the likeliest of these makes each of them look less sure


@dataclass(frozen=True, slots=True)
class Book:
    """All that can be found: entries, what data tells, and what is beside."""

    engine: Engine
    programmes: Mapping[str, str]  # entry → programme, or nothing
    phrasings: Mapping[str, Sequence[str]]  # entry, or what else is found → every way to ask for it


def told_by_data() -> Iterator[Entry]:
    """How what a programme's data tells is asked for, and what is beside it."""
    for asked, ways in WAYS.items():
        yield Entry(f"{FACT}{asked}", ways[0], alternates=ways[1:])
    for matter, ways in NOT_TOLD.items():
        yield Entry(f"{_BESIDE}{matter}", ways[0], alternates=ways[1:])


def tasks_of_coordinators() -> Iterator[Entry]:
    """How coordinators ask for what only they have to do."""
    for task, ways in ways_to_coordinate.WAYS.items():
        yield Entry(f"{_TASK}{task}", ways[0], alternates=ways[1:])


def tasks_meant(book: Book, visible: Mapping[str, Programme], text: str) -> tuple[tuple[Task, float], ...]:
    """What a coordinator may want to do, best first; nothing where a question that anybody may ask is likelier."""
    bare = _bare(text, programmes_named(text, visible), visible) or text
    ranked = book.engine.rank(bare, among=lambda found: found.startswith((_TASK, FACT)))
    if not ranked or not ranked[0][0].startswith(_TASK):
        return ()
    return tuple((Task(id.removeprefix(_TASK)), score) for id, score in ranked if id.startswith(_TASK))


def looked_up(
    book: Book, visible: Mapping[str, Programme], own: frozenset[str], text: str
) -> tuple[frozenset[str], tuple[tuple[str, float], ...]]:
    """The programmes that it is about, as far as can be told, and what it may mean there."""
    named = editions_meant(text, programmes_named(text, visible), own, visible)
    near = named or own
    among = near or frozenset(visible)
    ranked = _ranked(book, visible, text, among)
    if near and (not ranked or ranked[0][1] < ANSWERS_AT):
        further = _ranked(book, visible, text, frozenset(visible))
        ranked = [(id, _less(score)) for id, score in further] if _is_surer(further) else ranked
    if asks_who_speaks(text):
        ranked = _doubted(ranked, lambda found: not _tells_who_speaks(book, found))
    asked_at_once = () if clauses(text) else among  # each of several questions is looked up by itself
    times = [times_asked(text, visible[id], about=id in named) for id in asked_at_once]
    length = partial(_tells_length, book, ranked, "" if len(among) == 1 else text)
    return near, tuple(_with_times(times, ranked, length))


def _with_times(times: Sequence[Times], ranked: Ranked, length: Callable[[], str]) -> Ranked:
    """First what the timetable tells, where that is asked for; what it does not have is no matter of data."""
    answered = [one for one in times if one.is_answered]
    if not answered:
        beside = any(one.beside for one in times)
        return _doubted(ranked, lambda found: found.startswith(FACT)) if beside else ranked
    first = f"{FACT}{answered[0].asked}"
    if answered[0].asked is Asked.LENGTH and not any(one.meetings for one in answered):
        first = length() or first
    return [(first, _CERTAIN), *(one for one in ranked if one[0] != first)]


def _tells_who_speaks(book: Book, id: str) -> bool:
    return any(map(asks_who_speaks, book.phrasings.get(id, ())))


def _tells_length(book: Book, ranked: Ranked, text: str) -> str:
    """The entry in which somebody has written how long a meeting is, if there is one.

    `text` is the question where it may be about several programmes: it has to say which sort of meeting it means.
    """
    likely = (id for id, score in ranked if score >= SUGGESTS_AT)
    return next((id for id in likely if any(asks_length(way, text) for way in book.phrasings.get(id, ()))), "")


def _less(score: float) -> float:
    """At most suggested."""
    return min(score, _NOT_OURS)


def _doubted(ranked: Ranked, doubtful: Callable[[str], bool]) -> Ranked:
    """With those at most suggested that do not seem to tell it, unless they are asked for in their own words."""
    found = [(one, _less(score) if score < _CERTAIN and doubtful(one) else score) for one, score in ranked]
    return sorted(found, key=lambda one: -one[1])


def _is_surer(further: Sequence[tuple[str, float]]) -> bool:
    return bool(further) and further[0][1] >= ANSWERS_AT


def _ranked(book: Book, visible: Mapping[str, Programme], text: str, programmes: frozenset[str]) -> Ranked:
    """What holds for these programmes or for all of them, and what their data answers."""
    bare = _bare(text, programmes & programmes_named(text, visible), visible)
    ranked = _told(book, programmes, text, bare)
    if not ranked or not ranked[0][0].startswith(FACT) or not ANSWERS_AT <= ranked[0][1] < _CERTAIN:
        return ranked
    matter = book.engine.mended(bare or text)
    beside = is_beyond(matter, (visible[id] for id in programmes))
    return [(id, _less(score)) for id, score in ranked] if beside else ranked


def _bare(text: str, named: frozenset[str], visible: Mapping[str, Programme]) -> str:
    """The question as it is asked of any programme, meeting and day; nothing if that is the question itself."""
    bare = without_near_days(without_numbers(without_names(text, named, visible) or text))
    return bare if bare != " ".join(text.split()) else ""


def _told(book: Book, programmes: frozenset[str], text: str, bare: str) -> Ranked:
    """Without what is beside; where that is likelier than anything told, all else is suggested at most."""
    among = {id for id, programme in book.programmes.items() if programme in programmes or programme == faq.COMMON}

    def rank(*kinds: str) -> Ranked:
        counted = partial(book.engine.rank, among=lambda found: found.startswith(kinds) or found in among)
        return _fused(counted(text), counted(bare)) if bare else counted(text)

    everything = rank(FACT, _BESIDE)
    if not any(id.startswith(_BESIDE) for id, _score in everything[:_NEIGHBOURS]):
        return [one for one in everything if not one[0].startswith(_BESIDE)]
    told, (first, sure) = rank(FACT), everything[0]
    if not first.startswith(_BESIDE) or not told or _has_been_written(book, told[0], first):
        return told
    most = _NOTHING if sure >= ANSWERS_AT else _NOT_OURS
    return [(id, min(score, most)) for id, score in told]


def _has_been_written(book: Book, told: tuple[str, float], beside: str) -> bool:
    """Whether what is told is an entry about the very matter of which no programme's data tells."""
    id, score = told
    if id.startswith(FACT) or not ANSWERS_AT <= score < _CERTAIN:
        return score >= _CERTAIN
    matter = book.phrasings[beside]
    return any(max(book.engine.like(phrasing, matter)) >= _SAME_MATTER for phrasing in book.phrasings[id])


def _fused(named: Sequence[tuple[str, float]], bare: Sequence[tuple[str, float]]) -> Ranked:
    """In the order of both, since a name is like every question that has it; the first as sure as either is."""
    one, other = dict(named), dict(bare)
    mean = {id: (one.get(id, 0.0) + other.get(id, 0.0)) / 2 for id in {**one, **other}}
    ranked = sorted(mean.items(), key=lambda entry: -entry[1])
    return [(id, max(one.get(id, 0.0), other.get(id, 0.0))) for id, _score in ranked[:1]] + ranked[1:]
