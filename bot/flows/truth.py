"""What will be sent and what was: a person's own timeline, a programme's, and what nobody got."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from bot.domain.nudges import Planned, Reason
from bot.domain.programmes import Occasion, Programme
from bot.domain.rules import WRITTEN, Audience, Rule, Topic, in_force
from bot.domain.values import dataclass
from bot.domain.words import Clock, Listed, Moment, Text, Words, _, n_
from bot.flows import buttons, occasions
from bot.flows.round_truth import OfRound
from bot.messages import Action, Button, Card, Fact, Item, Tone
from bot.ports import Trouble

MOST = 12
"""Lines in one list: what fits on a telephone without tiring anyone."""

_DIGITS = 7  # of a line's number: no timeline is longer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Coming:
    """A message that will go to somebody, or to so many; `reason` says why it will not."""

    at: datetime  # UTC
    programme: Programme
    planned: Planned
    count: int = 1
    reason: Reason | None = None
    held: int = 0  # so many more it is for, who have paused, or want fewer or none


@dataclass(frozen=True, slots=True)
class Past:
    """A message that went to somebody, or to so many, or the reason why it did not."""

    at: datetime  # UTC
    programme: Programme
    rule: str
    about: str
    audience: Audience
    count: int = 1
    reason: str = ""  # a `Reason`, or a platform's own code
    platform: str = ""  # where it went
    fallback: str = ""  # where it went instead
    anchor: datetime | None = None  # UTC, what it counted from: of several days, the one that it was about


@dataclass(frozen=True, slots=True)
class News:
    """A message that is no reminder, and that everybody whom it concerned was to get: questions, results, changes."""

    at: datetime  # UTC
    zone: str  # of the reader
    title: Words
    reason: str = ""  # a platform's own code
    platform: str = ""  # where it went
    fallback: str = ""  # where it went instead


@dataclass(frozen=True, slots=True)
class Unreached:
    """A participant whom no message reaches, as their coordinator has to know."""

    name: str
    meeting: Words
    reason: Reason


# --- One person -------------------------------------------------------------------------------------------------------


def own(coming: Sequence[Coming], past: Sequence[Past | News], start: int = 0) -> Card:
    """A person's own timeline, from so many lines on: what I will send you, and what I have sent."""
    return Card(
        _("Your reminders"),
        body=() if coming or past else (_("Nothing is planned for you, and nothing has been sent yet."),),
        items=_both(coming, past, start),
        buttons=(*_further(buttons.TIMELINE, "", start, coming, past), buttons.pause(), buttons.MY_REGISTRATIONS),
    )


def of_person(id: str, name: str, coming: Sequence[Coming], past: Sequence[Past | News], start: int = 0) -> Card:
    """A participant's timeline, for a coordinator who has been asked why something did not come."""
    further = _further(buttons.STATUS, id, start, coming, past)
    return Card(
        _("Reminders to {name}", name=name),
        body=() if coming or past else (_("Nothing is planned, and nothing has been sent yet."),),
        items=_both(coming, past, start),
        buttons=(*further, buttons.STATUS_OF_ALL),
    )


def which_person(typed: str, found: Sequence[tuple[str, str]]) -> Card:
    """Several participants, or none, whose names have what was typed; each is (person id, name)."""
    if not found:
        return Card(_("No participant is called “{typed}”", typed=typed), buttons=(buttons.STATUS_OF_ALL,))
    return Card(
        _("Who do you mean?"),
        body=_which(found, 0),
        buttons=tuple(Button(name or id, Action(buttons.STATUS, id)) for id, name in found[:MOST]),
    )


def _both(coming: Sequence[Coming], past: Sequence[Past | News], start: int = 0) -> tuple[Item, ...]:
    items = (_list(_("Coming"), coming, start, _coming_fact), _list(_("Sent"), past, start, _past_fact))
    return tuple(item for item in items if item.facts)


def _list(title: Text, entries: Sequence[T], start: int, written: Callable[[T], Fact]) -> Item:
    """So many entries of a list as fit into one message, and which of them these are."""
    return Item(title, _which(entries, start), tuple(map(written, entries[start : start + MOST])))


def _which(entries: Sequence[object], start: int) -> tuple[Words, ...]:
    if len(entries) <= MOST:
        return ()
    last = min(start + MOST, len(entries))
    return (_("{first}–{last} of {all}", first=start + 1, last=last, all=len(entries)),)


def _further(do: str, whose: str, start: int, *lists: Sequence[object]) -> tuple[Button, ...]:
    """The way to the next lines; `page_of` reads where they begin."""
    if all(len(entries) <= start + MOST for entries in lists):
        return ()
    return (Button(_("Show more"), Action(do, f"{whose}:{start + MOST}")),)


def page_of(about: str) -> tuple[str, int]:
    """The programme or the person, or nothing for one's own timeline, and from which line on."""
    whose, _colon, start = about.partition(":")
    return whose, int(start) if start.isascii() and start.isdecimal() and len(start) < _DIGITS else 0


def _coming_fact(one: Coming) -> Fact:
    what = _what(one.programme, one.planned.rule.name, one.planned.about, one.planned.anchor)
    if one.reason is None:
        return Fact(Moment(one.at, one.programme.zone), what)
    will_not = _("{what}. Will not be sent: {reason}", what=what, reason=reason(one.reason))
    return Fact(Moment(one.at, one.programme.zone), will_not)


def _past_fact(one: Past | News) -> Fact:
    if isinstance(one, News):
        return Fact(Moment(one.at, one.zone), _outcome(one.title, one))
    what = _what(one.programme, one.rule, one.about, one.anchor)
    return Fact(Moment(one.at, one.programme.zone), _outcome(what, one))


def _outcome(what: Words, one: Past | News) -> Words:
    if one.fallback:
        return _("{what}. Did not arrive here, sent to {place} instead", what=what, place=one.fallback.title())
    if one.reason:
        return _("{what}. Not sent: {reason}", what=what, reason=reason(one.reason))
    return _("{what}, in {place}", what=what, place=one.platform.title()) if one.platform else what


# --- A programme, for its coordinator ---------------------------------------------------------------------------------


def of_programme(
    programme: Programme,
    coming: Sequence[Coming | OfRound],
    past: Sequence[Past | OfRound],
    unreached: Sequence[Unreached],
    now: datetime,
    *,
    start: int = 0,
) -> Card:
    """Every message that will go, and what became of those that went: the coordinator's dry run and its record."""
    items = (
        _list(_("Will be sent"), coming, start, _dry_run),
        _list(_("Was sent"), past, start, _record),
        _list(_("No message reaches them"), unreached, start, _unreached),
    )
    return Card(
        _("Messages: {title}", title=programme.title),
        body=tuple(_state_of(programme, coming, now)),
        items=tuple(item for item in items if item.facts),
        buttons=(*_further(buttons.TIMELINE, programme.id, start, coming, past, unreached), buttons.STATUS_OF_ALL),
    )


def _state_of(programme: Programme, coming: Sequence[object], now: datetime) -> Iterator[Words]:
    if programme.draft:
        yield _("This is a draft: nothing is sent until it is published. Then this is what will be sent:")
    elif not coming:
        yield _("Nothing more is planned.")
    yield _("Now it is {local}, {utc} UTC.", local=Moment(now, programme.zone), utc=Clock(now, "UTC"))


def _dry_run(one: Coming | OfRound) -> Fact:
    """With local time and UTC, so that a wrong zone shows."""
    zone = one.zone if isinstance(one, OfRound) else one.programme.zone
    when = _("{local} ({utc} UTC)", local=Moment(one.at, zone), utc=Clock(one.at.astimezone(UTC), "UTC"))
    return Fact(when, _foretold(one))


def _foretold(one: Coming | OfRound) -> Words:
    if isinstance(one, OfRound):
        return _("{what}, to {whom}", what=one.what, whom=one.whom)
    what = _what(one.programme, one.planned.rule.name, one.planned.about, one.planned.anchor)
    told = _("{what}, to {whom}", what=what, whom=to_whom(one.planned.audience, one.count, one.held))
    return _("{what}. Will not be sent: {reason}", what=told, reason=reason(one.reason)) if one.reason else told


def to_whom(audience: Audience, count: int, held: int) -> Text:
    """How many get it, and how many do not because they have asked not to."""
    whom = _whom(audience, count)
    if not held:
        return whom
    return n_("{whom}; {n} has paused or opted out", "{whom}; {n} have paused or opted out", held, whom=whom)


def _record(one: Past | OfRound) -> Fact:
    if isinstance(one, OfRound):
        what, zone = _("{what}, to {whom}", what=one.what, whom=one.whom), one.zone
    else:
        kind, zone = _what(one.programme, one.rule, one.about, one.anchor), one.programme.zone
        what = _("{what}, to {whom}", what=kind, whom=_whom(one.audience, one.count))
    when = Moment(one.at, zone)
    return Fact(when, _("{what}. Not sent: {reason}", what=what, reason=reason(one.reason)) if one.reason else what)


def _unreached(one: Unreached) -> Fact:
    return Fact(one.name, _("{meeting}: {reason}", meeting=one.meeting, reason=reason(one.reason)))


_WHOM: Mapping[Audience, Callable[[int], Text]] = {
    Audience.PARTICIPANTS: lambda count: n_("{n} participant", "{n} participants", count),
    Audience.UNFINISHED: lambda count: n_(
        "{n} who has not finished registering", "{n} who have not finished registering", count
    ),
    Audience.CONTACTS: lambda count: n_(
        "{n} who registered an organisation", "{n} who registered organisations", count
    ),
    Audience.COORDINATORS: lambda count: n_("{n} coordinator", "{n} coordinators", count),
    Audience.OWNERS: lambda count: n_("{n} with something in the plan", "{n} with something in the plan", count),
    Audience.JOINED: lambda count: n_("{n} who took part before", "{n} who took part before", count),
    Audience.UNWRITTEN: lambda count: n_("{n} without a challenge", "{n} without a challenge", count),
    Audience.ABSENT: lambda count: n_("{n} who was not there", "{n} who were not there", count),
    Audience.NOTE_TAKERS: lambda count: n_("{n} who takes notes", "{n} who take notes", count),
    Audience.ROLES: lambda count: n_("{n} in the chosen roles", "{n} in the chosen roles", count),
    Audience.CHANNELS: lambda count: n_("{n} channel", "{n} channels", count),
}


def _whom(audience: Audience, count: int) -> Text:
    return _WHOM[audience](count)


def missed(
    programme: Programme, rule: str, about: str, why: Reason, *, whom: Mapping[Audience, int], anchor: datetime
) -> Card:
    """To the coordinators: people who should have got a reminder and did not."""
    return Card(
        n_("{n} reminder was not sent", "{n} reminders were not sent", sum(whom.values())),
        body=(_("Write to them yourself if it matters."),),
        facts=(
            Fact(_("Programme"), programme.title),
            Fact(_("Reminder"), _what(programme, rule, about, anchor)),
            Fact(_("Meant for"), Listed(tuple(_whom(audience, count) for audience, count in whom.items()))),
            Fact(_("Reason"), reason(why)),
        ),
        buttons=(Button(_("See all messages"), Action(buttons.TIMELINE, programme.id)),),
        tone=Tone.WARNING,
    )


# --- Words ------------------------------------------------------------------------------------------------------------


def _what(programme: Programme, rule: str, about: str, anchor: datetime | None = None) -> Words:
    """A nudge in a few words: which kind, about what."""
    label = _kind(programme, rule)
    titles: dict[str, Words] = {occasion.id: _title(occasion, anchor) for occasion in programme.occasions}
    titles |= {date.id: date.title for date in programme.dates}
    title = titles.get(about)
    return _("{kind}: {title}", kind=label, title=title) if title is not None else label


def _title(occasion: Occasion, anchor: datetime | None) -> Words:
    day = occasion.day_from(anchor) if anchor is not None else 1
    return occasion.title if day == 1 else occasions.on_day(occasion.title, day)


def _kind(programme: Programme, rule: str) -> Words:
    """What a rule gives; of one that was written in chat and removed again, only that it was one."""
    known = next((one for one in in_force(programme.rules) if one.name == rule), None)
    if known is not None:
        return known.title or topic(known)
    return _TOPICS[Topic.MESSAGE] if rule.startswith(WRITTEN) else rule


def topic(rule: Rule) -> Words:
    """What kind of nudge a rule gives."""
    return _TOPICS[rule.topic]


_TOPICS: Mapping[Topic, Text] = {
    Topic.AGENDA: _("Agenda"),
    Topic.PREPARATION: _("Preparation"),
    Topic.DAY_BEFORE: _("The day before"),
    Topic.LINK: _("The link, just before"),
    Topic.AFTERWARDS: _("The day after"),
    Topic.CATCH_UP: _("Catching up, the day after"),
    Topic.LAST_CALL: _("Last days to register"),
    Topic.BETWEEN: _("Between two meetings"),
    Topic.DATE: _("Date to remember"),
    Topic.PLAN: _("What they have taken on"),
    Topic.FEEDBACK: _("Feedback on the meeting"),
    Topic.CHALLENGE: _("Their own challenge"),
    Topic.ADDED: _("A meeting that was added"),
    Topic.MESSAGE: _("The programme’s own reminder"),
}


def reason(why: str) -> Words:
    """Why something was not sent, as people understand it; a platform's own code stays behind it, for those who ask."""
    trouble, _colon, code = why.partition(": ")
    if code and trouble in _TROUBLES:
        return _("{reason} ({code})", reason=_TROUBLES[trouble], code=code)
    return _REASONS.get(why, why)


_TROUBLES: Mapping[str, Text] = {
    Trouble.LATER: _("the platform could not be reached for too long"),
    Trouble.UNKNOWN: _("the platform did not say whether it arrived"),
    Trouble.GONE: _("the person or the channel is no longer there"),
    Trouble.FORBIDDEN: _("Lärträff is blocked or removed there"),
    Trouble.FAULT: _("a fault of ours, which is in the log"),
}
"""What the outbox writes before the platform's code."""


_REASONS: Mapping[str, Text] = {
    Reason.MOVED: _("the time has changed"),
    Reason.CANCELLED: _("the meeting is called off"),
    Reason.NOT_REGISTERED: _("no longer registered"),
    Reason.REGISTERED: _("registered in the meantime"),
    Reason.TOO_LATE: _("it would have come too late"),
    Reason.PAUSED: _("reminders are paused"),
    Reason.FEWER: _("fewer reminders were asked for"),
    Reason.STOPPED: _("reminders are turned off"),
    Reason.OVERTAKEN: _("a later reminder says the same"),
    Reason.LEFT: _("has left the workplace, or the channel no longer follows the programme"),
    Reason.UNREACHABLE: _("cannot be reached in Slack or Teams"),
    Reason.UNPREPARED: _("the meeting has no agenda and nothing to prepare yet"),
    Reason.EMPTY: _("there was nothing to say"),
    Reason.FEW: _("too few take part"),
    Reason.FAULT: _("a fault of ours, which is in the log"),
}
