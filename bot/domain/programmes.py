"""A learning programme as its programme file describes it: occasions, prices, contacts, materials, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain import ids, times
from bot.domain.caution import Caution
from bot.domain.refusals import Gone
from bot.domain.rounds import Question, QuestionSet, RoleWords
from bot.domain.rules import NOTHING, Rule
from bot.domain.values import dataclass
from bot.domain.words import Localised, Text, _
from bot.domain.workshops import Script

KEPT = 730
"""Days. Two years: until the next edition can be compared with this one, and not longer."""


class Enrolment(StrEnum):
    """How people join a programme."""

    SINGLE = "single"  # each occasion on its own, or all of them
    COHORT = "cohort"  # one registration is the whole programme
    CLOSED = "closed"  # nothing to register for: an archive, or material to use on one's own


class Format(StrEnum):
    """Where an occasion takes place."""

    ON_SITE = "on_site"
    ONLINE = "online"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What happens from a time of day on; `day` counts from 1."""

    at: time  # wall clock of the programme's zone
    what: Localised
    day: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """One day of an occasion, from start to end."""

    starts_at: datetime  # UTC
    ends_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Occasion:
    """A learning meeting of one or more days. Only registered people are shown `link`."""

    id: str  # unique within the programme
    title: Localised
    days: tuple[Span, ...]
    deadline: datetime  # UTC, the first instant at which it is too late
    format: Format = Format.ONLINE
    place: Localised = NOTHING
    link: str = ""
    purpose: Localised = NOTHING
    topics: tuple[Localised, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    to_come: tuple[Localised, ...] = ()  # facts that are not known yet, e.g. who the speaker is
    preparation: tuple[Localised, ...] = ()  # what to do before the occasion
    homework: tuple[Localised, ...] = ()  # what to do at home after it
    capacity: int | None = None  # seats; None is no limit
    free_until: datetime | None = None  # UTC, cancelling costs nothing before this
    cancelled: bool = False
    sequence: int = 0  # raised by every change that calendars must hear of (RFC 5545 SEQUENCE)
    added_at: datetime | None = None  # UTC; when it came to an edition that people took part in already

    @property
    def starts_at(self) -> datetime:
        return self.days[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return self.days[-1].ends_at

    def day_from(self, moment: datetime) -> int:
        """Which of its days, counted from 1, begins at this instant; the first one where none does."""
        return next((number for number, day in enumerate(self.days, 1) if day.starts_at == moment), 1)

    @property
    def still_to_come(self) -> tuple[Localised, ...]:
        """What is not known yet; the place no longer, once there is one."""
        if not self.place:
            return self.to_come
        return tuple(one for one in self.to_come if _PLACE.isdisjoint(map(str.casefold, one.wordings.values())))

    @property
    def agenda_lines(self) -> tuple[Text, ...]:
        """The agenda, a line for each entry; the day is named where there are several."""
        return tuple(_agenda_line(item, several_days=len(self.days) > 1) for item in self.agenda)


_PLACE = frozenset({"lokal", "plats", "adress", "lokale", "sted", "stad", "adresse", "venue", "place", "address"})
"""How programmes name the place among what is still to come."""


def _agenda_line(item: AgendaItem, *, several_days: bool) -> Text:
    at = f"{item.at:%H.%M}"
    if several_days:
        return _("Day {day}, {at}: {what}", day=item.day, at=at, what=item.what)
    return _("{at} {what}", at=at, what=item.what)


@dataclass(frozen=True, slots=True)
class Prices:
    """Whole kronor excluding VAT. An unset price is not charged."""

    currency: str = "SEK"  # ISO 4217
    occasion: int = 0  # one seat at one occasion
    package: int = 0  # one seat at every occasion of the programme, per organisation
    programme: int = 0  # one participant for the whole programme, whatever the number of occasions
    lodging: int = 0  # lodging and meals, per participant and occasion
    late_cancellation: int = 0  # per cent of the price of a seat when `free_until` has passed

    @property
    def free(self) -> bool:
        return not (self.occasion or self.package or self.programme or self.lodging)


@dataclass(frozen=True, slots=True)
class Link:
    """A named web address."""

    title: Localised
    url: str


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A question a person answers for themselves; a no leads to `links`, never to a refusal."""

    question: Localised
    help: Localised
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers which kind of question."""

    name: str
    role: Localised
    about: Localised
    email: str = ""
    phone: str = ""
    topics: tuple[Localised, ...] = ()  # words and questions that belong to them, beside what `about` says
    counties: tuple[str, ...] = ()  # keys of counties, e.g. `SE-18`: only for organisations there
    asks: Localised = NOTHING  # what they need to know of whoever asks, e.g. on whose behalf it is


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who gives a talk."""

    name: str
    about: Localised = NOTHING


@dataclass(frozen=True, slots=True)
class Material:
    """An agenda, slides, a recording, a guide. An empty `url` means that it is still to come."""

    title: Localised
    kind: str  # "agenda", "slides", "recording", "guide", "reading", "film"
    url: str = ""
    stage: Localised = NOTHING  # learning order, e.g. "Getting started"
    about: Localised = NOTHING  # of a talk: its abstract
    speakers: tuple[Speaker, ...] = ()
    members_only: bool = False
    for_roles: tuple[str, ...] = ()  # role groups it is recommended to
    reflection: tuple[Localised, ...] = ()  # questions to think about afterwards
    id: str = ""  # unique within the programme; made of the title where none is given
    occasion: str = ""  # id of the occasion it belongs to, if it belongs to one
    published: date | None = None
    from_chat: bool = False  # a coordinator has added it in chat, and no file has it
    instead_of: str | None = None  # set where a coordinator has given the link in chat: the one that the file had then

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", ids.from_title(next(iter(self.title.wordings.values()), "")))


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question with its answer, and the edition it holds for."""

    id: str  # unique within the programme
    question: Localised
    answer: Localised
    edition: str = ""
    alternates: tuple[str, ...] = ()  # other ways to ask for it, in whatever language
    valid_from: date | None = None  # the first day
    valid_until: date | None = None  # the last day


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """People with the same role, who own a box on the board."""

    id: str
    name: Localised
    called: Localised = NOTHING  # in the middle of a sentence, e.g. "strateger/nyckelpersoner"

    @property
    def words(self) -> RoleWords:
        return RoleWords(self.id, self.name, self.called or _in_a_sentence(self.name))


def _in_a_sentence(name: Localised) -> Localised:
    return Localised({language: text[:1].lower() + text[1:] for language, text in name.wordings.items()})


@dataclass(frozen=True, slots=True)
class OwnDate:
    """A date of the programme that is no meeting, e.g. the last day to send in the plan."""

    id: str  # unique within the programme, also among its occasions
    title: Localised
    at: datetime  # UTC, the last minute of a whole day (23:59)
    about: Localised = NOTHING
    link: str = ""


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What is known about an organisation, for its participants to start from."""

    organisation: str  # key
    about: Localised = NOTHING
    url: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything Lärträff knows of one programme; the occasions stand in the order they take place."""

    id: str
    edition: str
    title: Localised
    summary: Localised
    organiser: str
    zone: str  # IANA name
    enrolment: Enrolment
    occasions: tuple[Occasion, ...] = ()
    filed: tuple[Occasion, ...] = ()  # as its file has them: those of which something else was said in chat
    prices: Prices = Prices()
    agreed: Mapping[str, Prices] = field(default_factory=dict)  # organisation key → what it booked at; others since
    audience: Localised = NOTHING
    deadline: datetime | None = None  # UTC, for a cohort: the first instant at which it is too late
    prerequisite: Prerequisite | None = None
    joining_guide: Link | None = None  # how to join online meetings
    asks_lodging: bool = False
    asks_challenge: bool = False
    asks_feedback: bool = True  # of those who were at a meeting, when it has ended
    feedback_questions: tuple[Question, ...] = ()  # instead of plus, minus and interesting
    challenge_question: Localised = NOTHING  # in the programme's own words
    facts: tuple[FactSheet, ...] = ()
    cancellation: Localised = NOTHING  # the rule in words
    contacts: tuple[Contact, ...] = ()
    role_groups: tuple[RoleGroup, ...] = ()
    materials: tuple[Material, ...] = ()
    links: tuple[Link, ...] = ()
    faq: tuple[FaqEntry, ...] = ()
    caution: Caution = Caution.BALANCED  # what its file says of how sure an answer has to be
    chat_caution: Caution | None = None  # what a coordinator has said of it in chat; it wins over the file
    dates: tuple[OwnDate, ...] = ()
    reminders: tuple[Rule, ...] = ()  # what its file says differently from the rules that every programme has
    chat_rules: tuple[Rule, ...] = ()  # what a coordinator has changed or written in chat; it wins over the file
    question_sets: tuple[QuestionSet, ...] = ()
    workshops: tuple[Script, ...] = ()
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # e.g. "mentor" → keys of organisations
    keep_answers: int = KEPT  # days after a round has closed
    keep_names: int = KEPT  # days after an occasion: who took part in it
    draft: bool = False  # not published: nobody but coordinators sees it, and nothing is sent
    closed: datetime | None = None  # UTC; when a coordinator let what names people be forgotten before its time

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What differs from the rules that every programme has; of two with the same name the later one holds."""
        return (*self.reminders, *self.chat_rules)

    @property
    def caution_now(self) -> Caution:
        """How sure an answer has to be."""
        return self.chat_caution or self.caution

    @property
    def ends_at(self) -> datetime | None:
        """When its last meeting ends; without meetings, the last of its own dates; None where it names none at all."""
        meetings = [one.ends_at for one in self.occasions]
        others = [*(one.at for one in self.dates), *((self.deadline,) if self.deadline else ())]
        return max(meetings or others, default=None)

    def is_over(self, now: datetime) -> bool:
        """Whether its last meeting or, without meetings, its last date lies behind; never of one that names none."""
        return self.ends_at is not None and self.ends_at <= now

    @property
    def free(self) -> bool:
        """Whether nobody pays anything, not even who booked before it became free."""
        return self.prices.free and all(one.free for one in self.agreed.values())

    def priced_for(self, organisation_key: str) -> Programme:
        """The programme with the prices that hold for an organisation: those it booked at, while it has a seat."""
        agreed = self.agreed.get(organisation_key)
        return self if agreed is None else replace(self, prices=agreed)

    def occasion(self, id: str) -> Occasion:
        """The occasion with this id. Raises `Gone`: a button or a form may speak of one that has been taken out."""
        for occasion in self.occasions:
            if occasion.id == id:
                return occasion
        raise Gone(_("This meeting is no longer in the programme."))

    def up_to(self, id: str) -> tuple[str, ...]:
        """The ids of the occasion with this id and of all before it; none when there is no such occasion."""
        ids = tuple(occasion.id for occasion in self.occasions)
        return ids[: ids.index(id) + 1] if id in ids else ()

    def role_group(self, id: str) -> RoleGroup | None:
        """The role group with this id, if the programme (still) has it."""
        return next((group for group in self.role_groups if group.id == id), None)

    def material(self, id: str) -> Material | None:
        """The material with this id, if the programme (still) has it."""
        return next((found for found in self.materials if found.id == id), None)

    def question_set(self, id: str) -> QuestionSet | None:
        """The question set with this id, if the programme (still) has it."""
        return next((found for found in self.question_sets if found.id == id), None)

    def workshop(self, id: str) -> Script | None:
        """The script of a workshop with this id, if the programme (still) has it."""
        return next((found for found in self.workshops if found.id == id), None)

    def marks_of(self, organisation_key: str) -> frozenset[str]:
        """How an organisation is marked, e.g. as a mentor."""
        return frozenset(mark for mark, keys in self.marks.items() if organisation_key in keys)

    def facts_about(self, organisation_key: str) -> FactSheet | None:
        """The fact sheet of an organisation, if the programme has one."""
        return next((one for one in self.facts if one.organisation == organisation_key), None)

    def deadline_of(self, occasion: Occasion) -> datetime:
        """The first instant at which it is too late to register for `occasion`."""
        return min(occasion.deadline, self.deadline) if self.deadline else occasion.deadline

    def open_occasions(self, now: datetime) -> tuple[Occasion, ...]:
        """The occasions that one can still register for."""
        if self.enrolment is Enrolment.CLOSED or self.draft:
            return ()
        return tuple([o for o in self.occasions if not o.cancelled and now < self.deadline_of(o)])

    def is_open(self, now: datetime) -> bool:
        """Whether one can register for anything; a cohort needs every occasion to lie ahead."""
        still = self.open_occasions(now)
        if self.enrolment is Enrolment.COHORT:
            return bool(still) and len(still) == sum(not o.cancelled for o in self.occasions)
        return bool(still)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of an instant in `zone`."""
    return times.local(moment, zone).date()
