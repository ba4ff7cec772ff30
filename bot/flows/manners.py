"""How somebody wants to be reminded: all of it, less, nothing for a while, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Protocol

from bot.conversation import Flow
from bot.domain import times
from bot.domain.dates import read_day
from bot.domain.nudges import Level, Wishes
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.refusals import FieldRefused
from bot.domain.values import dataclass
from bot.domain.words import Day, Moment, Text, Words, _
from bot.flows import buttons, occasions
from bot.messages import Action, Button, Card, ChoiceField, Fact, Field, Form, Notice, Option, TextField, Tone

EVERY = "all"
NOT_NOW, A_WEEK, A_MONTH, UNTIL = "no", "week", "month", "until"
_LONGEST_PAUSE = timedelta(days=370)
_PAUSES = {A_WEEK: 7, A_MONTH: 30}


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered."""

    programme: str = EVERY
    level: str = Level.ALL.value
    pause: str = NOT_NOW
    until: str = ""


Meetings = tuple[tuple[Programme, Occasion], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    now: datetime
    zone: str  # the person's own
    programmes: tuple[Programme, ...]  # that the person takes part in
    said: Callable[[str], Wishes]  # programme id, or nothing for all → what holds today
    meetings: Callable[[], Meetings]  # that the person has a seat at, and that lie ahead


class WishDesk(Protocol):
    """What the flow acts through."""

    def wish(self, programme: str, wanted: Wishes) -> None:
        """Keep the wishes about one programme, or about all when `programme` is empty."""


flow: Flow[Draft, Facts, WishDesk] = Flow("manners", Draft, version=1)


def draft(programme: str, said: Wishes, *, today: date, zone: str) -> Draft:
    """The form as it stands today for one programme, or for all when `programme` is empty.

    A pause stands in it: whoever saves the form for the sake of something else does not end the pause by that.
    """
    back = local_day(said.paused_until, zone) if said.paused_until is not None else today
    held = (UNTIL, back.isoformat()) if back > today else (NOT_NOW, "")
    return Draft(programme or EVERY, said.level.value, *held)


@flow.ask("wishes")
def ask(state: Draft, facts: Facts) -> Form:
    return Form(
        _("Your reminders"),
        tuple(_fields(facts)),
        submit=_("Save"),
        intro=(_("Changes of time, receipts and answers to your questions still come."),),
    )


def _fields(facts: Facts) -> Iterator[Field]:
    if facts.programmes:
        own = (Option(one.id, one.title) for one in facts.programmes)
        yield ChoiceField("programme", _("Which reminders?"), (Option(EVERY, _("All of them")), *own))
    yield ChoiceField(
        "level",
        _("How many?"),
        (
            Option(Level.ALL.value, _("All reminders")),
            Option(Level.FEW.value, _("Fewer: the day before, and the link")),
            Option(Level.NONE.value, _("None")),
        ),
    )
    yield ChoiceField(
        "pause",
        _("Pause"),
        (
            Option(NOT_NOW, _("No pause")),
            Option(A_WEEK, _("One week")),
            Option(A_MONTH, _("One month")),
            Option(UNTIL, _("Until the day I write below")),
        ),
    )
    yield TextField("until", _("Pause until"), hint=_("For example 15 August"), required=False, max_chars=40)


@flow.check("wishes")
def check(state: Draft, facts: Facts) -> Draft:
    if state.pause == UNTIL:
        _until(state, facts)
    return state


def _until(state: Draft, facts: Facts) -> datetime | None:
    """From when on reminders come again; raises `FieldRefused` for a day that is none."""
    today = local_day(facts.now, facts.zone)
    if state.pause in _PAUSES:
        return _morning(facts, today + timedelta(days=_PAUSES[state.pause]))
    if state.pause != UNTIL:
        return None
    day = read_day(state.until, today)
    if day is None:
        raise FieldRefused("until", _("Please write a day, for example 15 August or 2027-08-15."))
    if not today < day <= today + _LONGEST_PAUSE:
        raise FieldRefused("until", _("Please choose a day within a year from now."))
    return _morning(facts, day)


def _morning(facts: Facts, day: date) -> datetime:
    return times.instant(day, time(0), facts.zone)


@flow.on_done
def done(state: Draft, facts: Facts, desk: WishDesk) -> Card:
    programme = "" if state.programme == EVERY else state.programme
    wanted = Wishes(Level(state.level), _until(state, facts))
    desk.wish(programme, wanted)
    return saved(wanted, facts.zone, meanwhile(facts.meetings(), programme, wanted))


def meanwhile(meetings: Meetings, programme: str, wanted: Wishes) -> Meetings:
    """Those of which a pause leaves out the reminders, of one programme or of all; also on the day when it is over."""
    if wanted.paused_until is None:
        return ()
    over = wanted.paused_until + timedelta(days=1)
    return tuple((one, meeting) for one, meeting in meetings if programme in ("", one.id) and meeting.starts_at < over)


def saved(wanted: Wishes, zone: str, missed: Meetings = ()) -> Card:
    """What holds from now on, which meetings come without a reminder, and the way back."""
    back = _back(wanted)
    seats = (_("You have a seat at these meetings meanwhile, and I do not remind you of them."),) if missed else ()
    return Card(
        _("Your reminders"),
        body=(
            *_in_words(wanted, zone),
            *seats,
            _("Changes of time, receipts and answers to your questions still come."),
        ),
        facts=tuple(Fact(meeting.title, occasions.hours(programme, meeting)) for programme, meeting in missed),
        buttons=(*back, Button(_("See what is coming"), Action(buttons.TIMELINE))),
        tone=Tone.GOOD,
    )


def invitation(said: Wishes, zone: str, programme: str, apart: Iterable[tuple[Words, Wishes]] = ()) -> Card:
    """How things stand, with quick ways to change them where no form can be opened at once.

    `apart` are the programmes' titles with what was said of each alone: it is told where it asks for less.
    """
    quick = (
        Button(_("Pause one week"), Action(buttons.PAUSE, "1 vecka")),
        Button(_("Pause one month"), Action(buttons.PAUSE, "30 dagar")),
    )
    alone = [(title, own) for title, own in apart if own != Wishes()]
    back = _back(said, *(own for _title, own in alone))
    return Card(
        _("Your reminders"),
        body=(
            *_in_words(said, zone),
            *(_apart(title, own, zone) for title, own in alone),
            _("Under Pause you choose a day, fewer reminders or none."),
            _("You can also write the day, for example: pause until 15 August"),
        ),
        buttons=(*back, *quick, buttons.pause(programme), Button(_("See what is coming"), Action(buttons.TIMELINE))),
    )


def _back(*said: Wishes) -> tuple[Button, ...]:
    """The way back to all reminders, for whoever gets fewer now."""
    return (Button(_("All reminders again"), Action(buttons.WAKE)),) if any(one != Wishes() for one in said) else ()


def _apart(title: Words, own: Wishes, zone: str) -> Words:
    if own.level is Level.NONE:
        return _("{title}: no reminders", title=title)
    if own.paused_until is not None:
        return _("{title}: paused until {day}", title=title, day=Day(local_day(own.paused_until, zone)))
    return _("{title}: fewer reminders", title=title)


def _in_words(wanted: Wishes, zone: str) -> Iterator[Words]:
    if wanted.paused_until is not None:
        yield _(
            "I pause until {day}. Then I send what is still of use, and go on.",
            day=Day(local_day(wanted.paused_until, zone)),
        )
    if wanted.paused_until is None or wanted.level is not Level.ALL:  # "all reminders" is not said of a pause
        yield _LEVELS[wanted.level]


_LEVELS: dict[Level, Text] = {
    Level.ALL: _("You get all reminders."),
    Level.FEW: _("You get fewer reminders: the day before, and the link."),
    Level.NONE: _("You get no reminders."),
}


def day_not_understood() -> Notice:
    """The day is not repeated: it comes without its accents, and with words that are no part of it."""
    return Notice(_("I do not know which coming day you mean. Write for example: pause until 15 August"), Tone.WARNING)


def snoozed(until: datetime, zone: str) -> Notice:
    return Notice(_("I will remind you again {moment}.", moment=Moment(until, zone)), Tone.GOOD)


def cannot_wait() -> Notice:
    return Notice(_("This cannot wait any longer: it would come too late."), Tone.WARNING)


def nothing_more() -> Notice:
    return Notice(_("This reminder is no longer needed."))
