"""What the keys of a programme file mean: sections of YAML turned into the programme they describe, and judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from ruamel.yaml.nodes import Node

from bot.domain import times
from bot.domain.caution import Caution
from bot.domain.programmes import (
    KEPT,
    AgendaItem,
    Contact,
    Enrolment,
    FaqEntry,
    Format,
    Link,
    Material,
    Occasion,
    Prerequisite,
    Prices,
    Programme,
    Span,
    Speaker,
)
from bot.domain.values import dataclass
from bot.domain.workdays import Whereabouts, day_off
from config import challenge_schema, feedback_schema, organisations
from config.problems import Severity, closest, shown
from config.question_schema import QuestionSets, keys_by_mark, mark, role_group
from config.reminder_schema import Dates, Reminders
from config.workshop_schema import Workshops
from config.yaml_sections import LANGUAGES, Limit, Section

TITLE = Limit(120, "so that it fits in a heading in Slack and Teams")
OCCASION_TITLE = Limit(60, "so that it fits with its date in Slack's lists, which take 75")
LABEL = Limit(75, "as Slack allows on a button and in a list")
LINE = Limit(200, "so that it can stand on a line of its own")
PARAGRAPH = Limit(1000, "so that it can be read in a chat", one_line=False)
FAQ_QUESTION = Limit(150, "as a heading in Slack takes")
ANSWER = Limit(2500, "so that it fits in one message in Slack with its question", one_line=False)

KINDS = ("agenda", "slides", "recording", "guide", "reading", "film")
CURRENCIES = ("SEK", "NOK")
_FALLBACK_ZONE = "Europe/Stockholm"  # for judging the rest of a file whose zone is wrong
_COUNTRIES = {"SE": "Sweden", "NO": "Norway", "DK": "Denmark", "FI": "Finland"}
_MAX_SEATS = 100_000
_MAX_PRICE = 10_000_000
MOST_QUESTIONS = 1000  # with their answers, in one file
_LEAST_KEPT, _MOST_KEPT = 30, 3650  # days


def programme(section: Section, today: date | None) -> Programme:
    """The programme in a file, with harmless values where a mistake was noted.

    With `today`, dates that lie behind us and days off are noted too, as warnings.
    """
    section.notes.language = section.one_of("language", LANGUAGES, LANGUAGES[0])
    zone = _zone(section)
    enrolment = section.choice("enrolment", Enrolment)
    deadline = section.moment_after("deadline", zone)
    calendar = _Calendar(zone, enrolment, deadline, today)
    occasions = section.parts("occasions", calendar.occasion)
    calendar_of_dates = Dates(zone, today if enrolment is not Enrolment.CLOSED else None)
    dates = section.parts("dates", calendar_of_dates.date)
    times_are_right = all(problem.severity is not Severity.ERROR for problem in section.notes.problems)
    reminders = Reminders(tuple(calendar.ids), tuple(calendar_of_dates.ids))
    role_groups = section.parts("role_groups", role_group)
    roles = tuple(group.id for group in role_groups)
    marks = section.parts("marks", mark)
    question_sets = QuestionSets(role_groups, {one.id: one.name for one in marks})
    sets = section.parts("question_sets", question_sets.question_set)
    made = Programme(
        id=section.id(),
        edition=section.text("edition", LABEL, required=True),
        title=section.words("title", TITLE, required=True),
        summary=section.words("summary", PARAGRAPH, required=True),
        organiser=section.text("organiser", TITLE, required=True),
        zone=zone,
        enrolment=enrolment,
        occasions=occasions,
        prices=section.part("prices", _prices) or Prices(),
        audience=section.words("audience", PARAGRAPH),
        deadline=deadline,
        prerequisite=section.part("prerequisite", _prerequisite),
        joining_guide=section.part("joining_guide", _link),
        asks_lodging=section.yes("asks_lodging"),
        asks_challenge=section.yes("asks_challenge"),
        challenge_question=section.words("challenge_question", challenge_schema.QUESTION),
        facts=section.parts("facts", challenge_schema.fact_sheet, most=challenge_schema.MOST_FACT_SHEETS),
        asks_feedback=feedback_schema.asks(section),
        feedback_questions=feedback_schema.own_questions(section),
        cancellation=section.words("cancellation", PARAGRAPH),
        contacts=section.parts("contacts", _contact),
        role_groups=role_groups,
        materials=section.parts("materials", Materials(tuple(calendar.ids), roles).material),
        links=section.parts("links", _link),
        faq=section.parts("faq", faq_entry, most=MOST_QUESTIONS),
        caution=section.choice("caution", Caution, Caution.BALANCED),
        dates=dates,
        reminders=section.named("reminders", reminders.rule),
        question_sets=sets,
        workshops=section.parts("workshops", Workshops({one.id: one for one in sets}).script),
        marks=keys_by_mark(marks),
        keep_answers=section.whole("keep_answers", _LEAST_KEPT, _MOST_KEPT, KEPT),
        keep_names=section.whole("keep_names", _LEAST_KEPT, _MOST_KEPT, KEPT),
        draft=section.yes("draft"),
    )
    _judge(section, made)
    if times_are_right:
        reminders.judge(made)
    return made


def _judge(section: Section, made: Programme) -> None:
    """Note what is right on its own and wrong together."""
    joinable = made.enrolment is not Enrolment.CLOSED
    if joinable and not section.has("occasions"):
        section.error("enrolment", f"a programme with enrolment {made.enrolment} needs at least one of occasions")
    begins = made.occasions[0].starts_at if made.occasions else datetime.max.replace(tzinfo=UTC)
    if made.enrolment is Enrolment.COHORT and made.deadline and made.deadline > begins:
        section.error("deadline", "the deadline is not before the start of the programme")
    if joinable and not made.contacts:
        section.warn("contacts", "no contacts: a question without an answer reaches nobody by name")
    if made.prices.programme and made.enrolment is not Enrolment.COHORT:
        section.warn("prices", f"the price for programme is never charged: enrolment is {made.enrolment}, not cohort")
    if made.prices.lodging and not made.asks_lodging:
        section.warn("prices", "the price for lodging is never charged: asks_lodging is not yes")
    challenge_schema.judge(section, made.facts, asks=made.asks_challenge)
    if made.prices.package > made.prices.occasion * len(made.occasions):
        section.warn("prices", "the package costs more than all occasions one by one")


def _zone(section: Section) -> str:
    name = section.text("zone", LABEL, required=True)
    try:
        ZoneInfo(name or _FALLBACK_ZONE)
    except (KeyError, ValueError, OSError):  # unknown, not a plain name, or a folder of zones
        section.error(
            "zone", f"{name!r} is not a time zone such as Europe/Stockholm", closest(name, available_timezones())
        )
        return _FALLBACK_ZONE
    return name or _FALLBACK_ZONE


@dataclass(slots=True)
class _Calendar:
    """Reads occasions, one after the other, in the light of the programme's own dates."""

    zone: str
    enrolment: Enrolment
    deadline: datetime | None
    today: date | None
    ids: list[str] = field(default_factory=list)  # also of occasions that could not be read
    _previous: datetime = field(default=datetime.min.replace(tzinfo=UTC))  # start of the occasion before

    def occasion(self, section: Section) -> Occasion | None:
        days = section.parts("days", self._day)
        if not section.has("days"):
            section.error("days", "days is missing in occasions")
        starts_at = days[0].starts_at if days else None
        made = Occasion(
            id=section.id(),
            title=section.words("title", OCCASION_TITLE, required=True),
            days=days,
            deadline=self._deadline(section, starts_at),
            format=section.choice("format", Format, Format.ONLINE),
            place=section.words("place", LINE),
            link=section.url("link"),
            purpose=section.words("purpose", PARAGRAPH),
            topics=section.words_list("topics", LINE),
            agenda=section.parts("agenda", _agenda_item),
            to_come=section.words_list("to_come", LINE),
            preparation=section.words_list("preparation", LINE),
            homework=section.words_list("homework", LINE),
            capacity=section.whole("capacity", 1, _MAX_SEATS) or None,
            free_until=section.moment_after("free_until", self.zone),
        )
        self.ids.append(made.id)
        if not days:
            return None
        self._judge(section, made)
        return made

    def _day(self, section: Section) -> Span | None:
        day, begin, end = section.day("date"), section.clock("from"), section.clock("to")
        if day is None or begin is None or end is None:
            return None
        if end <= begin:
            section.error("to", f"the day ends at {end:%H:%M}, which is not after its start at {begin:%H:%M}")
        self._judge_day(section, day)
        return Span(
            section.instant("from", day, begin, self.zone),
            section.instant("to", day, end, self.zone),
        )

    def _judge_day(self, section: Section, day: date) -> None:
        """Note a day on which people are off, or that is over."""
        if self.today is None or self.enrolment is Enrolment.CLOSED:
            return
        if day < self.today:
            section.warn("date", f"{day} lies in the past")
        if off := _day_off(day, self.zone):
            section.warn("date", f"{day} is {off}")

    def _deadline(self, section: Section, starts_at: datetime | None) -> datetime:
        own = section.moment_after("deadline", self.zone)
        start = starts_at or datetime.max.replace(tzinfo=UTC)
        if own is None and self.deadline is None and self.enrolment is not Enrolment.CLOSED:
            section.error("", "deadline is missing, both here and for the whole programme")
        return own or self.deadline or start

    def _judge(self, section: Section, made: Occasion) -> None:
        """Note what does not fit with the occasion's days, or with the occasion before it."""
        for earlier, later in zip(made.days, made.days[1:], strict=False):
            if later.starts_at < earlier.ends_at:
                section.error("days", "the days do not follow each other in time")
        if made.starts_at < self._previous:
            section.error("days", "starts before the occasion above it: occasions must stand in the order of time")
        self._previous = made.starts_at
        if made.deadline > made.starts_at and self.enrolment is not Enrolment.CLOSED:
            section.error("deadline", "the deadline is not before the start of the occasion")
        if made.free_until and made.free_until > made.starts_at:
            section.error("free_until", "free_until is not before the start of the occasion")
        if made.format is Format.ON_SITE and not made.place and not made.to_come:
            section.warn("format", "on_site, but no place: give place, or name it among to_come")
        self._judge_agenda(section, made)
        self._judge_deadline(section, made)

    def _judge_agenda(self, section: Section, made: Occasion) -> None:
        order = [(item.day, item.at) for item in made.agenda]
        if order != sorted(order):
            section.error("agenda", "the agenda does not stand in the order of time")
        for item in made.agenda:
            if item.day > len(made.days):
                section.error("agenda", f"the agenda has a day {item.day}, but the occasion has {len(made.days)}")
                continue
            span = made.days[item.day - 1]
            begin, end = (times.local(moment, self.zone).time() for moment in (span.starts_at, span.ends_at))
            if not begin <= item.at <= end:
                section.error("agenda", f"{item.at:%H:%M} in the agenda lies outside {begin:%H:%M}–{end:%H:%M}")

    def _judge_deadline(self, section: Section, made: Occasion) -> None:
        if self.today is None or self.enrolment is Enrolment.CLOSED:
            return
        last = made.deadline - timedelta(minutes=1)  # the deadline is the first moment that is too late
        if times.local(last, self.zone).date() < self.today:
            section.warn("deadline", "the deadline has passed: nobody can register")


def _day_off(day: date, zone: str) -> str:
    """Why people are off on this day; empty when they are not."""
    country = Whereabouts.of(zone).country
    off = day_off(day, country)
    is_holiday = off and day.weekday() < 5
    return f"a public holiday in {_COUNTRIES[country]} ({off})" if is_holiday else off


def _agenda_item(section: Section) -> AgendaItem | None:
    at, what = section.clock("at"), section.words("what", LINE, required=True)
    day = section.whole("day", 1, 31, 1)
    return AgendaItem(at, what, day) if at is not None else None


def _prices(section: Section) -> Prices:
    def amount(key: str) -> int:
        return section.whole(key, 0, _MAX_PRICE)

    return Prices(
        currency=section.one_of("currency", CURRENCIES, CURRENCIES[0]),
        occasion=amount("occasion"),
        package=amount("package"),
        programme=amount("programme"),
        lodging=amount("lodging"),
        late_cancellation=section.whole("late_cancellation", 0, 100),
    )


def _link(section: Section) -> Link:
    return Link(section.words("title", LABEL, required=True), section.url("url", required=True))


def _prerequisite(section: Section) -> Prerequisite:
    return Prerequisite(
        section.words("question", LINE, required=True),
        section.words("help", PARAGRAPH, required=True),
        section.parts("links", _link),
    )


def _contact(section: Section) -> Contact:
    made = Contact(
        name=section.text("name", LABEL, required=True),
        role=section.words("role", LINE),
        about=section.words("about", LINE, required=True),
        email=section.email("email"),
        phone=section.phone("phone"),
        topics=section.words_list("topics", LINE),
        counties=tuple(dict.fromkeys(_counties(section))),
        asks=section.words("asks", LINE),
    )
    if not (section.has("email") or section.has("phone")):
        section.error("", "a contact needs email or phone")
    return made


def _counties(section: Section) -> Iterator[str]:
    """The keys of the counties, which the file has by their keys or by their names."""
    directory = organisations.load()
    for node in section.scalars("counties"):
        found = directory.search(node.value)
        county = organisations.county(found.exact.key if found.exact else node.value)
        if county:
            yield county
            continue
        counties = (one.name for one in found.suggestions if one.kind == "county")
        section.notes.add(node, f"no county is called {shown(node.value)}", next(counties, ""))


def _speaker(section: Section) -> Speaker:
    return Speaker(section.text("name", LABEL, required=True), section.words("about", PARAGRAPH))


@dataclass(slots=True)
class Materials:
    """Reads materials in the light of the programme's occasions and role groups."""

    occasions: tuple[str, ...]
    roles: tuple[str, ...]
    _claimed: dict[str, tuple[Node, bool]] = field(default_factory=dict)  # id → where, and whether the file gives it

    def material(self, section: Section) -> Material:
        own = section.id() if section.has("id") else ""
        made = Material(
            title=section.words("title", LABEL, required=True),
            kind=section.one_of("kind", KINDS, ""),
            url=section.url("url"),
            stage=section.words("stage", LABEL),
            about=section.words("about", PARAGRAPH),
            speakers=section.parts("speakers", _speaker),
            members_only=section.yes("members_only"),
            for_roles=section.some_of("for_roles", self.roles, "for_roles"),
            reflection=section.words_list("reflection", LINE),
            id=own,
            occasion=self._occasion(section),
            published=section.day("published", required=False),
        )
        self._claim(section, made.id, given=bool(own))
        return made

    def _occasion(self, section: Section) -> str:
        named = section.text("occasion", LABEL)
        if named and named not in self.occasions:
            section.error("occasion", f"there is no occasion {shown(named)}", closest(named, self.occasions))
        return named

    def _claim(self, section: Section, id: str, *, given: bool) -> None:
        """Note two materials that cannot be told apart; of two ids that the file gives it is noted elsewhere."""
        node, was_given = self._claimed.setdefault(id, (section.node, given))
        if node is not section.node and not (given and was_given):
            line = node.start_mark.line + 1
            message = f"the material on line {line} is known as {shown(id)} too: give each of them an id of its own"
            section.error("id" if given else "title", message)


def faq_entry(section: Section) -> FaqEntry:
    """A question with its answer, which may hold for some time only."""
    made = FaqEntry(
        id=section.id(),
        question=section.words("question", FAQ_QUESTION, required=True),
        answer=section.words("answer", ANSWER, required=True),
        edition=section.text("edition", LABEL),
        alternates=section.texts("alternates", LINE),
        valid_from=section.day("valid_from", required=False),
        valid_until=section.day("valid_until", required=False),
    )
    if made.valid_from and made.valid_until and made.valid_until < made.valid_from:
        section.error("valid_until", "valid_until lies before valid_from")
    return made
