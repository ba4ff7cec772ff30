"""What the keys under `dates` and `reminders` of a programme file mean, and whether such a reminder can ever come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from datetime import date, datetime, time

from bot.domain import times
from bot.domain.nudges import Planned, of_rule
from bot.domain.programmes import OwnDate, Programme
from bot.domain.rules import DEFAULTS, WRITTEN, Anchor, Audience, Rule, Topic
from bot.domain.values import dataclass
from bot.domain.workdays import CLOSES, OPENS
from config.problems import Severity, closest, shown
from config.yaml_sections import ID_RULE, Limit, Named, Section, is_id

DATE_TITLE = Limit(60, "so that it fits with its date in Slack's lists, which take 75")
TEXT = Limit(1000, "so that it can be read in a chat", one_line=False)

_LAST_MINUTE = time(23, 59)  # of a date that is a whole day
_MORNING = time(9)
_YEAR, _DAY = 365, 24 * 60  # days, minutes: the farthest that a reminder may lie from what it is about
AUDIENCES = tuple(one for one in Audience if one is not Audience.ROLES)  # that is for what is written in chat
_DEFAULTS = {rule.name: rule for rule in DEFAULTS}


@dataclass(frozen=True, slots=True)
class _Count:
    """What a key with a number counts from: so many days or minutes before it, or after it."""

    anchor: Anchor
    days: int = 0  # -1, 1 or 0
    minutes: int = 0  # -1, 1 or 0

    @property
    def most(self) -> int:
        return _YEAR if self.days else _DAY

    def applied(self, rule: Rule, number: int) -> Rule:
        at = (rule.at or _MORNING) if self.days else None
        return replace(rule, anchor=self.anchor, days=number * self.days, minutes=number * self.minutes, at=at)


_COUNTS = {
    "days_before": _Count(Anchor.START, days=-1),
    "days_after": _Count(Anchor.END, days=1),
    "minutes_before": _Count(Anchor.START, minutes=-1),
    "minutes_after": _Count(Anchor.END, minutes=1),
    "days_before_deadline": _Count(Anchor.DEADLINE, days=-1),
    "days_before_date": _Count(Anchor.DATE, days=-1),
}

_OWN_COUNT = {
    Topic.AGENDA: "days_before",
    Topic.PREPARATION: "days_before",
    Topic.LINK: "minutes_before",
    Topic.LAST_CALL: "days_before_deadline",
    Topic.DATE: "days_before_date",
    Topic.PLAN: "days_before",
    Topic.CHALLENGE: "days_before",
}
"""The one key that moves a reminder which every programme has; the others stand where their names say.

What looks back on a meeting is moved with `days_after`.
"""


# --- dates ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Dates:
    """Reads the programme's own dates."""

    zone: str
    today: date | None
    ids: list[str] = field(default_factory=list)  # also of those that could not be read

    def date(self, section: Section) -> OwnDate | None:
        id = section.id(among="occasions")
        self.ids.append(id)
        title, day = section.words("title", DATE_TITLE, required=True), section.day("date")
        at = section.clock("at", required=False) or _LAST_MINUTE
        about, link = section.words("about", TEXT), section.url("link")
        if day is None:
            return None
        if self.today is not None and day < self.today:
            section.warn("date", f"{day} lies in the past")
        return OwnDate(id, title, section.instant("at", day, at, self.zone), about, link)


# --- reminders --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reminders:
    """Reads what a programme says about reminders, in the light of the ids that it has."""

    occasions: tuple[str, ...]
    dates: tuple[str, ...]
    _sound: list[tuple[Named, Rule]] = field(default_factory=list)  # those without a mistake of their own

    def rule(self, named: Named) -> Rule | None:
        before = _errors(named)
        default, settings = _DEFAULTS.get(named.name), named.settings
        if settings is None:
            return _turned_off(named, default)
        made = self._filled(settings, _moved(settings, default) if default else _own(named, settings))
        if _errors(named) == before:
            self._sound.append((named, made))
        return made

    def _filled(self, section: Section, rule: Rule) -> Rule:
        """The rule with everything but its distance from the anchor."""
        at = section.clock("at", required=False)
        if at is not None and rule.at is None:
            section.error("at", "at cannot stand beside minutes: they say exactly when already")
        ids = self.dates if rule.anchor is Anchor.DATE else self.occasions
        made = replace(
            rule,
            at=at if at and rule.at else rule.at,
            to=tuple(map(Audience, section.some_of("to", AUDIENCES, "to"))) or rule.to,
            only=section.some_of("only", ids, "only"),
            text=section.words("text", TEXT),
        )
        _judge_audience(section, made)
        return made

    def judge(self, programme: Programme) -> None:
        """Note reminders that never come, or at another time than the file says."""
        for named, rule in self._sound:
            if rule.anchor is Anchor.ADDED:
                continue  # nobody knows yet whether a meeting will be added
            planned = tuple(of_rule(rule, programme))
            useful = [one for one in planned if one.can_be_useful]
            if not planned:
                named.warn(f"{rule.name} is never due: {_lack(rule)}")
            elif not useful:
                named.error(f"{rule.name} can never come: {_uselessness(planned[0], programme)}")
            else:
                for one in _once_each(planned, useful):
                    named.warn(f"{rule.name} does not come for {one.about}: {_uselessness(one, programme)}")
                _judge_hours(named, useful[0], programme)


def _errors(named: Named) -> int:
    return sum(problem.severity is Severity.ERROR for problem in named.notes.problems)


def _turned_off(named: Named, default: Rule | None) -> Rule | None:
    if default is None:
        message = f"there is no reminder {shown(named.name)} to turn off; those of every programme are "
        named.error(message + ", ".join(_DEFAULTS), closest(named.name, _DEFAULTS))
        return None
    return replace(default, off=True)


def _moved(section: Section, default: Rule) -> Rule:
    """A reminder that every programme has, nearer to its anchor or farther from it."""
    looks_back = default.anchor is Anchor.END
    numbers, own = _numbers(section), "days_after" if looks_back else _OWN_COUNT.get(default.topic, "")
    for key in numbers:
        if key != own:
            how = f"it takes {own}" if own else "its name says when it comes; only at can be changed"
            section.error(key, f"{key} does not fit {default.name}: {how}", own)
    return _COUNTS[own].applied(default, numbers[own]) if own in numbers else default


def _own(named: Named, section: Section) -> Rule:
    """A reminder that the programme has made up; it says no more than its text."""
    alike = named.name.replace("-", "_")
    if not is_id(named.name) and alike not in _DEFAULTS:
        named.error(f"the name of a reminder must be {ID_RULE}, such as book-a-room, not {shown(named.name)}")
    if named.name.startswith(WRITTEN):
        named.error(f"the name of a reminder must not begin with {WRITTEN}: those are written in chat")
    if alike in _DEFAULTS or not section.has("text"):
        message = f"{shown(named.name)} is none of the reminders of every programme ({', '.join(_DEFAULTS)})"
        named.error(f"{message}, and one of your own needs text", closest(alike, _DEFAULTS))
    made, numbers = Rule(named.name, Topic.MESSAGE, Anchor.START, at=_MORNING), _numbers(section)
    if len(numbers) != 1:
        said = f", not {' and '.join(numbers)}" if numbers else ""
        named.error(f"{named.name} must say once when it comes: {', '.join(_COUNTS)}{said}")
    for key, number in numbers.items():
        made = _COUNTS[key].applied(made, number)
    return made


def _numbers(section: Section) -> dict[str, int]:
    """The keys that say when, with their numbers."""
    numbers = {key: section.whole(key, 0, count.most) for key, count in _COUNTS.items()}
    return {key: number for key, number in numbers.items() if section.has(key)}


def _judge_audience(section: Section, rule: Rule) -> None:
    if Audience.UNFINISHED in rule.to and rule.anchor is not Anchor.DEADLINE:
        section.error("to", "unfinished are only reminded of a deadline: use days_before_deadline")
    if Audience.ABSENT in rule.to and (rule.anchor is not Anchor.END or rule.topic is Topic.AFTERWARDS):
        section.error("to", "absent get catch_up, or a reminder of your own: with days_after or minutes_after")
    if rule.topic is Topic.CATCH_UP and set(rule.to) != {Audience.ABSENT}:
        section.error("to", f"{rule.name} tells what somebody has missed: it only goes to absent")
    told = {Audience.JOINED, Audience.CHANNELS, Audience.COORDINATORS}
    if (rule.topic is Topic.ADDED or Audience.JOINED in rule.to) and not (
        rule.topic is Topic.ADDED and told >= {*rule.to}
    ):
        section.error(
            "to", "joined are told of a meeting that was added: only added goes to them, channels, coordinators"
        )
    if rule.topic is Topic.PLAN and set(rule.to) != {Audience.OWNERS}:
        section.error("to", f"{rule.name} says what each reader has taken on: it only goes to owners")
    if (rule.topic is Topic.CHALLENGE or Audience.UNWRITTEN in rule.to) and not (
        rule.topic is Topic.CHALLENGE and set(rule.to) == {Audience.UNWRITTEN}
    ):
        section.error("to", "unwritten are asked for their challenge, and only they: challenge, challenge_again")
    if rule.topic is Topic.FEEDBACK and set(rule.to) != {Audience.PARTICIPANTS}:
        section.error("to", f"{rule.name} asks what those who were there think: it only goes to participants")
    if rule.topic is Topic.LINK and not {*rule.to} <= {Audience.PARTICIPANTS, Audience.COORDINATORS}:
        section.error("to", "the link is only shown to those who are registered: participants, coordinators")


def _lack(rule: Rule) -> str:
    """What the programme would need for the rule to be due."""
    match rule.anchor:
        case Anchor.MIDWAY:
            return "no occasion has homework and at least four weeks until the next one"
        case Anchor.DATE:
            return "the programme has no dates"
        case _ if rule.topic is Topic.CHALLENGE:
            return "the programme does not say asks_challenge: yes"
        case _ if rule.topic is Topic.FEEDBACK:
            return "the programme says feedback: no, or has no occasions"
        case _ if rule.topic is Topic.LINK:
            return "no occasion has a link"
        case _:
            return "the programme has no occasions"


def _uselessness(one: Planned, programme: Programme) -> str:
    """When it would come, and why that is of no use."""
    why = {
        Anchor.START: f"{one.about} has begun then",
        Anchor.END: f"{one.about} has not ended then",
        Anchor.DEADLINE: f"registration for {one.about} has closed then",
        Anchor.DATE: f"{one.about} is over then",
        Anchor.MIDWAY: f"{one.about} is too near then",
    }
    return f"it would be due {_wall(one.due_at, programme)}, and {why[one.rule.anchor]}"


def _once_each(planned: Iterable[Planned], useful: list[Planned]) -> Iterator[Planned]:
    """Those that are of no use, one for each thing that they are about, whoever they go to."""
    served = {one.about for one in useful}
    yield from {one.about: one for one in planned if one.about not in served}.values()


def _judge_hours(named: Named, first: Planned, programme: Programme) -> None:
    """Note a wall-clock time at which nobody is written to, and when it comes instead."""
    at = first.rule.at
    if named.settings and at is not None and not OPENS <= at < CLOSES:
        message = f"{at:%H:%M} lies outside working hours ({OPENS:%H}–{CLOSES:%H}): what is about {first.about} comes "
        named.settings.warn("at", message + _wall(first.due_at, programme))


def _wall(moment: datetime, programme: Programme) -> str:
    return f"{times.local(moment, programme.zone):%A %Y-%m-%d at %H:%M}"
