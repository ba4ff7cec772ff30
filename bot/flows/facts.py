"""What is answered from the programme itself, never from copied text: dates, prices, places, links, contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.programmes import Enrolment, Occasion, OwnDate, Programme, local_day
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, Words, _
from bot.flows import buttons, occasions, timetable
from bot.flows.my_data import MY_DATA
from bot.flows.subscriptions import SUBSCRIBE
from bot.flows.timetable import Parts
from bot.messages import Action, Button, Fact, Item


class Asked(StrEnum):
    """What can be answered without anybody having written an answer."""

    NEXT = "next"
    DATES = "dates"
    LENGTH = "length"
    PRICE = "price"
    PLACE = "place"
    LINK = "link"
    CONTACT = "contact"
    DEADLINE = "deadline"
    AGENDA = "agenda"
    PREPARATION = "preparation"
    MATERIALS = "materials"
    REGISTER = "register"
    CANCEL = "cancel"
    LANGUAGE = "language"
    REMINDERS = "reminders"
    CALENDAR = "calendar"
    ANONYMITY = "anonymity"
    MY_DATA = "my_data"
    MINE = "mine"
    OTHERS = "others"


WHEN = _("When is it?")
"""Above the days of a meeting that was named."""

TITLES: Mapping[Asked, Text] = {
    Asked.NEXT: _("When is the next meeting?"),
    Asked.DATES: _("Which days do we meet?"),
    Asked.LENGTH: _("How long is it?"),
    Asked.PRICE: _("What does it cost?"),
    Asked.PLACE: _("Where do we meet?"),
    Asked.LINK: _("Where is the link to the meeting?"),
    Asked.CONTACT: _("Who do I contact?"),
    Asked.DEADLINE: _("When do I have to register?"),
    Asked.AGENDA: _("What happens at the next meeting?"),
    Asked.PREPARATION: _("What should I prepare?"),
    Asked.MATERIALS: _("Where are slides and recordings?"),
    Asked.REGISTER: _("How do I register?"),
    Asked.CANCEL: _("How do I change or cancel?"),
    Asked.LANGUAGE: _("How do I change the language?"),
    Asked.REMINDERS: _("How do I get fewer reminders?"),
    Asked.CALENDAR: _("How do I get the meetings into my calendar?"),
    Asked.ANONYMITY: _("Can anybody see who wrote what?"),
    Asked.MY_DATA: _("What do you know about me, and how do I erase it?"),
    Asked.MINE: _("Am I registered?"),
    Asked.OTHERS: _("Who else is coming?"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A programme, and what the reader has to do with it. Where everybody can read, nothing is theirs."""

    programme: Programme
    mine: frozenset[str] = frozenset()  # occasions at which the reader has a confirmed seat
    left: Mapping[str, int | None] = field(default_factory=dict)
    named: frozenset[str] = frozenset()  # occasions that the question is about; none where it may be any of them
    aloud: bool = False  # everybody can read it
    days: frozenset[str] = frozenset()  # that it is about, and that are no meetings
    parts: Mapping[str, Parts] = field(default_factory=dict)  # of the named occasions that it is about


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about one programme."""

    lines: tuple[Words, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    buttons: tuple[Button, ...] = ()


def tell(asked: Asked, known: Known, now: datetime) -> Told:
    """The answer as the programme has it at this instant."""
    return _ANYWHERE[asked] if asked in _ANYWHERE else _TOLD[asked](known, now)


def differs(asked: Asked) -> bool:
    """Whether each programme has an answer of its own."""
    return asked in _TOLD and asked is not Asked.MINE


def is_any_programmes(asked: Asked) -> bool:
    """Whether the answer is about us and no programme in particular."""
    return asked in _ANYWHERE


def tell_all(asked: Asked, known: Sequence[Known], now: datetime) -> Told:
    """The answer about one programme, or about each of several."""
    if asked in _ANYWHERE:
        return _ANYWHERE[asked]
    if asked is Asked.MINE:
        known = [one for one in known if _own(one, now)] or known[:1]
    if not known:
        return Told((_("There are no programmes yet."),))
    if len(known) == 1:
        return tell(asked, known[0], now)
    return Told(items=tuple(item for one in known for item in _of_one(one, tell(asked, one, now))))


def _of_one(known: Known, told: Told) -> Iterator[Item]:
    """What is told of one programme among several, under its title."""
    title = known.programme.title
    if told.lines or told.facts or not told.items:
        yield Item(title, told.lines, told.facts, told.buttons)
    for item in told.items:
        yield replace(item, title=_("{title}: {meeting}", title=title, meeting=item.title))


# --- Meetings ---------------------------------------------------------------------------------------------------------


def coming(known: Known, now: datetime) -> tuple[Occasion, ...]:
    """The meetings that are not over: the reader's own ones, or all of them when there are none."""
    ahead = tuple(one for one in known.programme.occasions if not one.cancelled and one.ends_at > now)
    if named := tuple(one for one in ahead if one.id in known.named):
        return named
    return tuple(one for one in ahead if one.id in known.mine) or ahead


def _next(known: Known, now: datetime) -> Told:
    return _meetings(known, coming(known, now)[:1])


def _dates(known: Known, now: datetime) -> Told:
    """All meetings, and the days that are none, such as the last one to send something in."""
    if known.days:
        asked = tuple(one for one in known.programme.dates if one.id in known.days)
        return Told(tuple(one.about for one in asked if one.about), _days(known, asked))
    told = _meetings(known, coming(known, now))
    if known.named:
        return told
    return replace(told, facts=_days(known, (one for one in known.programme.dates if one.at >= now)))


def _days(known: Known, days: Iterable[OwnDate]) -> tuple[Fact, ...]:
    return tuple(Fact(one.title, Day(local_day(one.at, known.programme.zone))) for one in days)


def _meetings(known: Known, meetings: Sequence[Occasion]) -> Told:
    if not meetings:
        return Told((_("No more meetings are planned."),))
    items = tuple(_meeting(known, one) for one in meetings)
    return Told(items=items, buttons=_ways(known))


def _meeting(known: Known, occasion: Occasion) -> Item:
    mine = occasion.id in known.mine
    about = timetable.said(occasion, known.parts.get(occasion.id, Parts()))
    lines = (*about, *((_("You are registered."),) if mine else ()))
    join = buttons.join(occasion) if mine else ()
    return Item(occasion.title, lines, occasions.facts(known.programme, occasion, member=False), join)


def _length(known: Known, now: datetime) -> Told:
    meetings = coming(known, now) if known.named else coming(known, now)[:1]
    if not meetings:
        return Told((_("No more meetings are planned."),))
    told = (Item(one.title, facts=tuple(_lasting(known, one))) for one in meetings)
    return Told(items=tuple(told), buttons=_ways(known))


def _lasting(known: Known, occasion: Occasion) -> Iterator[Fact]:
    return timetable.lasting(known.programme, occasion, known.parts.get(occasion.id, Parts()))


def _ways(known: Known) -> tuple[Button, ...]:
    return (buttons.MY_REGISTRATIONS,) if known.mine else (_read_more(known.programme),)


def _read_more(programme: Programme) -> Button:
    return Button(_("Read more"), Action(buttons.PROGRAMME, programme.id))


def _place(known: Known, now: datetime) -> Told:
    meetings = coming(known, now)
    if not meetings:
        return Told((_("No more meetings are planned."),))
    told = tuple(Fact(occasions.label(known.programme, one), occasions.where(one)) for one in meetings)
    return Told(facts=told, buttons=_ways(known))


def _link(known: Known, now: datetime) -> Told:
    """Only whoever has a seat gets the link, and only for that seat."""
    mine = tuple(one for one in coming(known, now) if one.id in known.mine)
    if not mine:
        return Told(
            (_("The link is shown to those who are registered, and comes in the reminders."),), buttons=_in(known, now)
        )
    there = tuple(one for one in mine if one.link)
    if not there:
        return Told((_("The link is not there yet. You get it in the reminder before the meeting."),))
    guide = known.programme.joining_guide
    how = (Button(guide.title, url=guide.url),) if guide is not None else ()
    return Told(items=tuple(_meeting(known, one) for one in there[:3]), buttons=how)


def _in(known: Known, now: datetime) -> tuple[Button, ...]:
    """The way to register, while there is one."""
    return (buttons.register(known.programme),) if known.programme.is_open(now) else (_read_more(known.programme),)


def _agenda(known: Known, now: datetime) -> Told:
    meetings = coming(known, now)[:1]
    if not meetings:
        return Told((_("No more meetings are planned."),))
    occasion = meetings[0]
    purpose = (occasion.purpose,) if occasion.purpose else ()
    lines = (*purpose, *occasion.topics, *occasion.agenda_lines) or (_("The agenda is not there yet."),)
    return Told(items=(Item(occasion.title, lines, occasions.facts(known.programme, occasion, member=False)),))


def _preparation(known: Known, now: datetime) -> Told:
    meetings = coming(known, now)[:1]
    if not meetings:
        return Told((_("No more meetings are planned."),))
    occasion = meetings[0]
    lines = occasion.preparation or (_("You do not need to prepare anything."),)
    day = (Fact(_("Time"), occasions.hours(known.programme, occasion)),)
    return Told(items=(Item(occasion.title, lines, day),), buttons=(buttons.ALL_MATERIALS,))


# --- Registering ------------------------------------------------------------------------------------------------------


def _price(known: Known, now: datetime) -> Told:
    return Told(occasions.price_words(known.programme), buttons=_in(known, now))


def _deadline(known: Known, now: datetime) -> Told:
    programme = known.programme
    if programme.enrolment is Enrolment.CLOSED or not programme.occasions:
        return Told((_("You do not need to register for {title}.", title=programme.title),))
    open_ones = programme.open_occasions(now) if programme.is_open(now) else ()
    if not open_ones:
        return Told(
            (_("Registration is closed. Ask the organiser whether a late seat is possible."),), _contacts(known)
        )
    about = tuple(one for one in open_ones if one.id in known.named) or open_ones
    return Told(facts=tuple(_by(known, one) for one in about), buttons=_in(known, now))


def _by(known: Known, occasion: Occasion) -> Fact:
    chance = occasions.chance(known.programme, occasion, known.left.get(occasion.id))
    return Fact(occasions.label(known.programme, occasion), chance)


def _register(known: Known, now: datetime) -> Told:
    told = _deadline(known, now)
    if not known.programme.is_open(now):
        return told
    how = _("Press “Register”, or write “register”. You see dates and prices, and confirm at the end.")
    return Told((how, _("You can register colleagues, too.")), told.facts, buttons=told.buttons)


def _own(known: Known, now: datetime) -> tuple[Occasion, ...]:
    return tuple(one for one in coming(known, now) if one.id in known.mine)


def _mine(known: Known, now: datetime) -> Told:
    """Whether the reader has a seat; nothing of that where everybody can read."""
    if known.aloud:
        return Told((_("I tell you that, and nobody else: write to me directly."),))
    own = _own(known, now)
    if own:
        yes = _("Yes. Under “my registrations” you see everything that you have filled in.")
        return replace(_meetings(known, own), lines=(yes,))
    no = _("No, you have no seat there.") if known.named else _("No, you have no seat at any meeting that is coming.")
    where = _("If you are waiting for a seat, or have registered others, you see it under “my registrations”.")
    return Told((no, where), buttons=(buttons.MY_REGISTRATIONS, buttons.ALL_PROGRAMMES))


def _cancel(known: Known, now: datetime) -> Told:
    how = _("Write “my registrations”. There you change meetings, hand over your seat to somebody else, or cancel.")
    rule = (known.programme.cancellation,) if known.programme.cancellation else ()
    return Told((how, *rule), buttons=(buttons.MY_REGISTRATIONS,))


# --- People and materials ---------------------------------------------------------------------------------------------


def _contact(known: Known, now: datetime) -> Told:
    return Told(facts=_contacts(known) or (Fact(_("Contact"), known.programme.organiser),))


def _contacts(known: Known) -> tuple[Fact, ...]:
    return tuple(Fact(one.about or one.role, occasions.written(one)) for one in known.programme.contacts)


def _materials(known: Known, now: datetime) -> Told:
    if not known.programme.materials:
        return Told((_("There are no materials yet."),))
    there = _("You find everything under “materials”. What is still missing is marked “coming” there.")
    return Told((there,), buttons=(buttons.ALL_MATERIALS,))


_TOLD: Mapping[Asked, Callable[[Known, datetime], Told]] = {
    Asked.NEXT: _next,
    Asked.DATES: _dates,
    Asked.LENGTH: _length,
    Asked.PRICE: _price,
    Asked.PLACE: _place,
    Asked.LINK: _link,
    Asked.CONTACT: _contact,
    Asked.DEADLINE: _deadline,
    Asked.AGENDA: _agenda,
    Asked.PREPARATION: _preparation,
    Asked.MATERIALS: _materials,
    Asked.REGISTER: _register,
    Asked.CANCEL: _cancel,
    Asked.MINE: _mine,
}


# --- What I can do, whatever the programme ----------------------------------------------------------------------------

_ANYWHERE: Mapping[Asked, Told] = {
    Asked.LANGUAGE: Told(
        (_("Choose Swedish, bokmål, nynorsk or English."),), buttons=(Button(_("Language"), Action(buttons.LANGUAGE)),)
    ),
    Asked.REMINDERS: Told(
        (_("Have fewer reminders, or pause them until a day you choose: pause until 15 August."),),
        buttons=(buttons.pause(), buttons.MY_REMINDERS),
    ),
    Asked.CALENDAR: Told(
        (_("Have all your meetings in your own calendar."),),
        buttons=(Button(_("Calendar"), Action(SUBSCRIBE)),),
    ),
    Asked.ANONYMITY: Told(
        (_("No. Nobody can see who has written an answer, neither the organiser nor I."),),
        buttons=(Button(_("What is stored"), Action(buttons.STORED)),),
    ),
    Asked.MY_DATA: Told(
        (_("See, download or erase what I know about you."),), buttons=(Button(_("My data"), Action(MY_DATA)),)
    ),
    Asked.OTHERS: Told(
        (_("I do not say who is coming. Those you have registered yourself are under “my registrations”."),),
        buttons=(buttons.MY_REGISTRATIONS,),
    ),
}
