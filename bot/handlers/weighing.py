"""What decides about an answer: what may be meant, as it stands at an instant, and how sure it has to be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.caution import Caution
from bot.domain.faq import COMMON, Age, Entry, Outcome, Standing
from bot.domain.programmes import Enrolment, Programme, local_day
from bot.domain.values import dataclass
from bot.faq import BANDS, SUGGESTS_AT, Bands
from bot.flows import faq
from bot.flows.facts import Asked
from bot.handlers.finding import Found
from bot.handlers.ranking import FACT

CLOSE = 0.1
"""Two that differ by no more in how sure it is are equals: what holds now and what is the person's own goes first."""

_OVER = timedelta(days=60)
"""So long after its last meeting a programme's answers are of the past."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Something that may be meant, as it stands at this instant."""

    id: str
    score: float
    entry: Entry | None  # None: the programme's data answers it
    age: Age = Age.CURRENT
    own: bool = False

    @property
    def held_in(self) -> str:
        """When it held, if it does not any more."""
        return self.entry.held_in if self.entry is not None and self.age is Age.PAST else ""

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """What decides between equals: the lesser goes first."""
        return (self.age is Age.PAST, not self.own, self.entry is not None)


@dataclass(frozen=True, slots=True)
class Sight:
    """What is there at an instant, as far as whoever asks may see it."""

    entry: Callable[[str], Entry | None]  # by its id
    known: Mapping[str, Programme]
    visible: Collection[str]  # ids of programmes
    now: datetime
    zone: Callable[[], str]  # of whoever asks

    def look(self, id: str, score: float, programmes: Collection[str]) -> Meant | None:
        """What it is to somebody who has to do with these programmes; None for what is not to be said."""
        if id.startswith(FACT):
            known = id.removeprefix(FACT) in set(Asked)
            return Meant(id, score, None, own=True) if known else None
        entry = self.entry(id)
        if entry is None or entry.standing is Standing.RETIRED or entry.programme not in (COMMON, *self.visible):
            return None
        age = age_on(self.now, entry, self.known.get(entry.programme), self.zone)
        own = entry.programme in (COMMON, *programmes)
        return None if age is Age.COMING else Meant(id, score, entry, age, own)

    def meant(self, found: Found) -> list[Meant]:
        """Best first, without what is not to be said (any more, or yet)."""
        likely = [one for one in found.ranked if one[1] >= SUGGESTS_AT / 4][: 4 * faq.MOST_CHOICES]
        there = [one for id, score in likely if (one := self.look(id, score, found.programmes)) is not None]
        best = there[0].score if there else 0.0
        equals = sorted((one for one in there if one.score > best - CLOSE), key=lambda one: one.rank)
        return [*(replace(one, score=best) for one in equals[:1]), *equals[1:], *there[len(equals) :]]

    def caution(self, found: Found, meant: Sequence[Meant]) -> Caution:
        """As the programme wants it that would answer, or else those that the question is about, if they agree."""
        entry = meant[0].entry if meant else None
        about = {entry.programme} if entry is not None and entry.programme != COMMON else set(found.programmes)
        wanted = {self.known[id].caution_now for id in about if id in self.known}
        return wanted.pop() if len(wanted) == 1 else Caution.BALANCED


def age_on(now: datetime, entry: Entry, programme: Programme | None, zone: Callable[[], str]) -> Age:
    """How an entry, of this programme or of none, stands to the day of an instant. `zone` is the reader's own."""
    if programme is None:
        return entry.age(local_day(now, zone()), entry.edition)
    edition = None if is_over(programme, now) else programme.edition
    return entry.age(local_day(now, programme.zone), edition)


def is_over(programme: Programme, now: datetime) -> bool:
    """Whether a programme has ended some time ago. An archive never does."""
    if programme.enrolment is Enrolment.CLOSED or not programme.occasions:
        return False
    return max(one.ends_at for one in programme.occasions) + _OVER < now


# --- What it comes to -------------------------------------------------------------------------------------------------


def comes_to(found: Found, meant: Sequence[Meant], caution: Caution) -> Outcome:
    """What somebody gets who asks. What only others are told is at most suggested."""
    outcome = alone(meant[0].score, BANDS[caution]) if meant else Outcome.UNKNOWN
    elsewhere = bool(meant) and bool(found.programmes) and not meant[0].own
    torn = outcome is Outcome.ANSWERED and (elsewhere or _is_torn(meant))
    return Outcome.SUGGESTED if torn else outcome


def alone(score: float, bands: Bands) -> Outcome:
    """What something would come to if there were nothing else."""
    if score >= bands.answers_at:
        return Outcome.ANSWERED
    return Outcome.SUGGESTED if score >= bands.suggests_at else Outcome.UNKNOWN


def _is_torn(meant: Sequence[Meant]) -> bool:
    """Whether two are as likely, and nothing about the person decides between them, e.g. one of each programme."""
    best, *others = meant
    return any(one.score > best.score - CLOSE and one.rank == best.rank and _differ(one, best) for one in others)


def _differ(one: Meant, other: Meant) -> bool:
    return one.entry is not None and other.entry is not None and one.entry.answer != other.entry.answer
