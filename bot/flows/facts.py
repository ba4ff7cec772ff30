"""What is answered from the programme itself, never from copied text: dates, prices, places, links, contacts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum

from bot.domain.programmes import Enrolment, Format, Occasion
from bot.domain.words import Day, Text, _
from bot.flows import buttons, meetings_told, occasions, own_details, own_seats
from bot.flows.my_data import MY_DATA
from bot.flows.subscriptions import SUBSCRIBE
from bot.flows.telling import Known, Told, alone, of_several
from bot.messages import Action, Button, Fact, Item


class Asked(StrEnum):
    """What can be answered without anybody having written an answer."""

    NEXT = "next"
    DATES = "dates"
    PREVIOUS = "previous"
    LENGTH = "length"
    PRICE = "price"
    PLACE = "place"
    LINK = "link"
    LATE = "late"
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
    OWN_DETAILS = "own_details"
    MINE = "mine"
    OTHERS = "others"


WHEN = _("When is it?")
"""Above the days of a meeting that was named."""

TITLES: Mapping[Asked, Text] = {
    Asked.NEXT: _("When is the next meeting?"),
    Asked.DATES: _("Which days do we meet?"),
    Asked.PREVIOUS: _("When did we meet last?"),
    Asked.LENGTH: _("How long is it?"),
    Asked.PRICE: _("What does it cost?"),
    Asked.PLACE: _("Where do we meet?"),
    Asked.LINK: _("Where is the link to the meeting?"),
    Asked.LATE: _("What if I come late or have to leave early?"),
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
    Asked.OWN_DETAILS: _("How do I change my name or e-mail?"),
    Asked.MINE: _("Am I registered?"),
    Asked.OTHERS: _("Who else is coming?"),
}


def tell(asked: Asked, known: Known, now: datetime) -> Told:
    """The answer as the programme has it at this instant."""
    return _ANYWHERE[asked] if asked in _ANYWHERE else _TOLD[asked](known, now)


def is_any_programmes(asked: Asked) -> bool:
    """Whether the answer is about us and no programme in particular."""
    return asked in _ANYWHERE


def tell_all(asked: Asked, known: Sequence[Known], now: datetime) -> Told:
    """The answer about one programme, or about each of several; of what is about a day, the soonest first."""
    if asked in _ANYWHERE:
        return _ANYWHERE[asked]
    if not known:
        return Told((_("There are no programmes yet."),))
    if asked is Asked.MINE:
        return own_seats.standing(known, now)
    if asked in _OF_THE_NEXT and (attended := _attended_next(asked, known, now)) is not None:
        return alone(attended, tell(asked, attended, now), among=known)
    if len(known) == 1:
        return tell(asked, known[0], now)
    if asked in _OF_A_DAY:
        known = sorted(known, key=lambda one: _begins(one, now))
    return of_several([(one, tell(asked, one, now)) for one in known])


def is_of_a_meeting(asked: Asked) -> bool:
    """Whether it is asked of one meeting, which a day may name: “where is it tomorrow?”."""
    return asked in _OF_ONE


def tell_of_a_day(asked: Asked, known: Sequence[Known], day: date, now: datetime) -> Told:
    """The answer about those of the named meetings of a day that are the reader's, or else all; or about the next."""
    then = [one for one in known if one.named]
    if not then:
        told = _of_the_next(asked, known, now)
        return replace(told, lines=(_("There is no meeting on {day}.", day=Day(day)), *told.lines))
    own = [replace(one, named=one.named & one.mine) for one in then if one.named & one.mine]
    told = _told_of(asked, own or then, known, now)
    theirs = own or asked is Asked.MINE or any(one.aloud for one in known)
    return told if theirs else replace(told, lines=(_("You are not registered there."), *told.lines))


def _of_the_next(asked: Asked, known: Sequence[Known], now: datetime) -> Told:
    """The same about the meeting that comes next: of the reader's own programmes, where they attend one."""
    if asked is Asked.MINE or not known or any(one.mine for one in known):
        return tell_all(asked, known, now)
    soonest = min(known, key=lambda one: _begins(one, now))
    meeting = frozenset(one.id for one in meetings_told.coming(soonest, now)[:1])
    return _told_of(asked, [replace(soonest, named=meeting)], known, now)


def _told_of(asked: Asked, some: Sequence[Known], among: Sequence[Known], now: datetime) -> Told:
    """What is told of some programmes of those that could have been meant."""
    told = tell_all(asked, some, now)
    return alone(some[0], told, among=among) if len(some) == 1 and asked is not Asked.MINE else told


def _attended_next(asked: Asked, known: Sequence[Known], now: datetime) -> Known | None:
    """The programme whose meeting the reader attends next, as if they had named it; a link is of a meeting online."""
    if any(one.named for one in known):
        return None
    own = [(meeting, one) for one in known for meeting in meetings_told.attended(one, now)]
    online = [one for one in own if one[0].format is not Format.ON_SITE]
    meant = (online or own) if asked is Asked.LINK else own
    if not meant:
        return None
    meeting, programme = min(meant, key=lambda one: one[0].starts_at)
    return replace(programme, named=frozenset({meeting.id}))


def _begins(known: Known, now: datetime) -> datetime:
    return min((one.starts_at for one in meetings_told.coming(known, now)), default=datetime.max.replace(tzinfo=UTC))


# --- Registering ------------------------------------------------------------------------------------------------------


def _price(known: Known, now: datetime) -> Told:
    return Told(occasions.price_words(known.programme), buttons=meetings_told.way_in(known, now))


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
    return Told(facts=tuple(_by(known, one) for one in about), buttons=meetings_told.way_in(known, now))


def _by(known: Known, occasion: Occasion) -> Fact:
    chance = occasions.chance(known.programme, occasion, known.left.get(occasion.id))
    return Fact(occasions.label(known.programme, occasion), chance)


def _register(known: Known, now: datetime) -> Told:
    told = _deadline(known, now)
    if not known.programme.is_open(now):
        return told
    how = _("Press “Register”, or write “register”. You see dates and prices, and confirm at the end.")
    return Told((how, _("You can register colleagues, too.")), told.facts, buttons=told.buttons)


def _mine(known: Known, now: datetime) -> Told:
    return own_seats.standing((known,), now)


def _cancel(known: Known, now: datetime) -> Told:
    how = _("Write “my registrations”. There you change meetings, hand over your seat to somebody else, or cancel.")
    rule = (known.programme.cancellation,) if known.programme.cancellation else ()
    return Told((how, *rule), buttons=(buttons.MY_REGISTRATIONS,))


# --- People and materials ---------------------------------------------------------------------------------------------


def _contact(known: Known, now: datetime) -> Told:
    return Told(facts=_contacts(known) or (Fact(_("Contact"), known.programme.organiser),))


def _contacts(known: Known) -> tuple[Fact, ...]:
    return tuple(Fact(one.about or one.role, occasions.written(one)) for one in known.programme.contacts)


def _late(known: Known, now: datetime) -> Told:
    """How to get in when one comes, and whom to tell: it is of no use to anybody in two days."""
    there = meetings_told.link(known, now)
    alone = _("Come when you can, and leave when you have to. I tell nobody: if they wait for you, tell them yourself.")
    return replace(there, lines=(alone, *there.lines), facts=(*there.facts, *_contacts(known)))


def _materials(known: Known, now: datetime) -> Told:
    if not known.programme.materials:
        return Told((_("There are no materials yet."),))
    there = _("You find everything under “materials”. What is still missing is marked “coming” there.")
    return Told((there,), buttons=(buttons.ALL_MATERIALS,))


_TOLD: Mapping[Asked, Callable[[Known, datetime], Told]] = {
    Asked.NEXT: meetings_told.next_meeting,
    Asked.PREVIOUS: meetings_told.previous,
    Asked.DATES: meetings_told.dates,
    Asked.LENGTH: meetings_told.length,
    Asked.PRICE: _price,
    Asked.PLACE: meetings_told.place,
    Asked.LINK: meetings_told.link,
    Asked.LATE: _late,
    Asked.CONTACT: _contact,
    Asked.DEADLINE: _deadline,
    Asked.AGENDA: meetings_told.agenda,
    Asked.PREPARATION: meetings_told.preparation,
    Asked.MATERIALS: _materials,
    Asked.REGISTER: _register,
    Asked.CANCEL: _cancel,
    Asked.MINE: _mine,
}

_OF_THE_NEXT = {Asked.NEXT, Asked.LENGTH, Asked.PLACE, Asked.LINK, Asked.LATE, Asked.AGENDA, Asked.PREPARATION}
"""What is asked of the next meeting: for whoever attends any, the next of those, and no other."""
_OF_A_DAY = {*_OF_THE_NEXT, Asked.DATES, Asked.DEADLINE}
_OF_ONE = {*_OF_THE_NEXT, Asked.DATES, Asked.MINE}


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
        (_("That depends on what you write."),),
        items=(
            Item(
                _("Without your name"),
                (
                    _("What you answer for yourself in a round of questions, also ratings and votes."),
                    _("What your group notes: there it says which group it was."),
                ),
            ),
            Item(
                _("With your name"),
                (
                    _("Your challenge, for those you choose. To begin with it is only you."),
                    _("The rows of your organisation’s plan: they show who wrote or changed them."),
                ),
            ),
            Item(
                _("What you ask me"),
                (
                    _("I pass it on without your name, unless you choose to let them see who asks."),
                    _("Who asked is kept for 30 days, or for as long as the question waits for an answer."),
                ),
            ),
        ),
        buttons=(Button(_("What is stored"), Action(buttons.STORED)), Button(_("My data"), Action(MY_DATA))),
    ),
    Asked.MY_DATA: Told(
        (_("See, download or erase what I know about you."),), buttons=(Button(_("My data"), Action(MY_DATA)),)
    ),
    Asked.OWN_DETAILS: Told(
        (_("You can change what you are called here, and your e-mail."),), buttons=(own_details.BUTTON,)
    ),
    Asked.OTHERS: Told(
        (_("I do not say who is coming. Those you have registered yourself are under “my registrations”."),),
        buttons=(buttons.MY_REGISTRATIONS,),
    ),
}
