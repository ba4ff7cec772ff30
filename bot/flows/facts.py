"""What is answered from the programme itself, never from copied text: dates, prices, places, links, contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from enum import StrEnum

from bot.domain.programmes import Enrolment, Format, Occasion, OwnDate, Programme, local_day
from bot.domain.registrations import Seat
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Moment, Text, Words, _
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


MOST_TOLD = 4
"""Different answers that are given at once, where it cannot be known which programme is meant."""
_MORE = _("There are more programmes. Name the one you mean, and I will tell you about it.")

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
    queued: tuple[Seat, ...] = ()  # that the reader waits for or is offered


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
        return _standing(known, now)
    if asked in _OF_THE_NEXT and (attended := _attended_next(asked, known, now)) is not None:
        return _alone(attended, tell(asked, attended, now), among=known)
    if len(known) == 1:
        return tell(asked, known[0], now)
    if asked in _OF_A_DAY:
        known = sorted(known, key=lambda one: _begins(one, now))
    return _of_several([(one, tell(asked, one, now)) for one in known])


def _attended_next(asked: Asked, known: Sequence[Known], now: datetime) -> Known | None:
    """The programme whose meeting the reader attends next, as if they had named it; a link is of a meeting online."""
    if any(one.named for one in known):
        return None
    own = [(meeting, one) for one in known for meeting in _own(one, now)]
    online = [one for one in own if one[0].format is not Format.ON_SITE]
    meant = (online or own) if asked is Asked.LINK else own
    if not meant:
        return None
    meeting, programme = min(meant, key=lambda one: one[0].starts_at)
    return replace(programme, named=frozenset({meeting.id}))


def _alone(one: Known, told: Told, *, among: Sequence[Known]) -> Told:
    """What is told of one programme, under its title where others could have been meant."""
    return told if len(among) == 1 else Told(items=tuple(_under([_called(one, among)], told)), buttons=told.buttons)


def _called(one: Known, among: Sequence[Known]) -> Words:
    return occasions.programme_name(one.programme, [other.programme for other in among])


def _begins(known: Known, now: datetime) -> datetime:
    return min((one.starts_at for one in coming(known, now)), default=datetime.max.replace(tzinfo=UTC))


def _of_several(answers: Sequence[tuple[Known, Told]]) -> Told:
    """What holds for all, then what else holds for some, and the names of those that there is no room for."""
    shared = _shared([told for _known, told in answers])
    further = [(known, _beyond(shared, told)) for known, told in answers]
    among = [known for known, _told in answers]
    alike = _alike([(_called(known, among), told) for known, told in further if _bare(told) != Told()])
    shown = [item for titles, same in alike[:MOST_TOLD] for item in _together(titles, same)]
    left_out = tuple(title for titles, _same in alike[MOST_TOLD:] for title in titles)
    return replace(shared, items=(*shown, *((Item(Listed(left_out), (_MORE,)),) if left_out else ())))


def _shared(answers: Sequence[Told]) -> Told:
    """How all begin and go on alike; nothing where they are the same altogether, which is said with all their names."""
    first = answers[0]
    alike = [all(told.lines[:n] == first.lines[:n] for told in answers) for n in range(1, len(first.lines) + 1)]
    lines = first.lines[: sum(alike)]
    if not lines or all(_bare(told) == Told(lines) for told in answers):
        return Told()
    return Told(lines, buttons=first.buttons if all(told.buttons == first.buttons for told in answers) else ())


def _beyond(shared: Told, told: Told) -> Told:
    return replace(told, lines=told.lines[len(shared.lines) :], buttons=() if shared.buttons else told.buttons)


def _alike(answers: Sequence[tuple[Words, Told]]) -> list[tuple[list[Words], list[Told]]]:
    """The titles of those that have the same answer, with their answers."""
    found: list[tuple[list[Words], list[Told]]] = []
    for title, told in answers:
        titles, same = next((one for one in found if _bare(one[1][0]) == _bare(told)), ([], []))
        if not same:
            found.append((titles, same))
        titles.append(title)
        same.append(told)
    return found


def _bare(told: Told) -> Told:
    """The answer itself, without the ways on from it."""
    return replace(told, buttons=())


def _together(titles: Sequence[Words], same: Sequence[Told]) -> Iterator[Item]:
    """One answer for several programmes; where each has a way on of its own, the list of all has them."""
    ways = same[0].buttons if all(told.buttons == same[0].buttons for told in same) else (buttons.ALL_PROGRAMMES,)
    told = replace(same[0], buttons=ways)
    yield from _under(titles, told, told.buttons)


def _under(titles: Sequence[Words], told: Told, ways: tuple[Button, ...] = ()) -> Iterator[Item]:
    """What is told of one programme, or alike of several, under the titles."""
    title = titles[0] if len(titles) == 1 else Listed(tuple(titles))
    if told.lines or told.facts or not told.items:
        yield Item(title, told.lines, told.facts, ways)
    yield from (_titled(item, title) for item in told.items)


def _titled(item: Item, title: Words) -> Item:
    """A meeting with the title of its programme, or of several, before its own."""
    return replace(item, title=_("{title}: {meeting}", title=title, meeting=item.title))


# --- Meetings ---------------------------------------------------------------------------------------------------------


def coming(known: Known, now: datetime) -> tuple[Occasion, ...]:
    """The meetings that are not over: the reader's own ones, or all of them when there are none."""
    ahead = _ahead(known, now)
    if any(one.id in known.named for one in ahead):
        return ahead
    return tuple(one for one in ahead if one.id in known.mine) or ahead


def _ahead(known: Known, now: datetime) -> tuple[Occasion, ...]:
    """The meetings that are not over: those that were named, or all of them."""
    ahead = tuple(one for one in known.programme.occasions if not one.cancelled and one.ends_at > now)
    return tuple(one for one in ahead if one.id in known.named) or ahead


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
    meetings = coming(known, now)
    if not meetings:
        return Told((_("No more meetings are planned."),))
    mine = tuple(one for one in meetings if one.id in known.mine)
    if not mine:
        return Told(
            (_("The link is shown to those who are registered, and comes in the reminders."),), buttons=_in(known, now)
        )
    guide = known.programme.joining_guide if any(one.link for one in mine) else None
    how = (Button(guide.title, url=guide.url),) if guide is not None else ()
    return Told(items=tuple(_with_link(known, one) for one in mine[:3]), buttons=(*how, buttons.MY_REGISTRATIONS))


def _with_link(known: Known, occasion: Occasion) -> Item:
    """A meeting with its link, or with why there is none."""
    told = _meeting(known, occasion)
    if occasion.link or occasion.format is Format.ON_SITE:
        return told
    return replace(
        told, lines=(*told.lines, _("The link is not there yet. You get it in the reminder before the meeting."))
    )


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
    return _standing((known,), now)


def _standing(known: Sequence[Known], now: datetime) -> Told:
    """Where the reader has a seat, is offered one or waits; nothing of that where everybody can read."""
    if any(one.aloud for one in known):
        return Told((_("I tell you that, and nobody else: write to me directly."),))
    there = [(meeting, one) for one in known for meeting in _ahead(one, now)]
    held = [_Held(one, meeting, _seat_at(one, meeting, now)) for meeting, one in there]
    found = sorted((one for one in held if one.stands), key=lambda one: one.meeting.starts_at)
    if not found:
        return _nowhere(known)
    several = len({one.known.programme.id for one in found}) > 1
    items = tuple(_titled(one.item(), _called(one.known, known)) if several else one.item() for one in found)
    return Told((_as_a_whole(found),), items=items, buttons=(buttons.MY_REGISTRATIONS,))


@dataclass(frozen=True, slots=True)
class _Held:
    """How the reader stands at a meeting."""

    known: Known
    meeting: Occasion
    queued: Seat | None  # that they wait for or are offered there

    @property
    def stands(self) -> bool:
        return self.queued is not None or self.meeting.id in self.known.mine

    def item(self) -> Item:
        told = _meeting(self.known, self.meeting)
        return replace(told, lines=(*told.lines, *self._lines()))

    def _lines(self) -> Iterator[Words]:
        if self.queued is None:
            return
        if self.queued.offered_until is None:
            yield _("You are number {position} on the waiting list.", position=self.queued.position)
        else:
            until = Moment(self.queued.offered_until, self.known.programme.zone)
            yield _("It is yours if you confirm by {until}. After that the next in line is asked.", until=until)
            yield _("You confirm in my message about the seat, or under “my registrations”.")


def _seat_at(known: Known, meeting: Occasion, now: datetime) -> Seat | None:
    """What the reader waits for or is offered at a meeting; an offer that has run out is none."""
    there = (one for one in known.queued if one.occasion == meeting.id)
    return next((one for one in there if one.offered_until is None or one.offered_until > now), None)


def _as_a_whole(found: Sequence[_Held]) -> Words:
    if any(one.queued is None for one in found):
        return _("Yes. Under “my registrations” you see everything that you have filled in.")
    if any(one.queued.offered_until is not None for one in found if one.queued is not None):
        return _("Not yet: a seat is kept for you, and you have to confirm it.")
    return _("Not yet: you are on the waiting list. I write to you when there is a seat for you.")


def _nowhere(known: Sequence[Known]) -> Told:
    no = (
        _("No, you have no seat there, and are not on the waiting list.")
        if len(known) == 1 or any(one.named for one in known)
        else _("No, you have no seat at any meeting that is coming, and are on no waiting list.")
    )
    where = _("If you have registered others, you see it under “my registrations”.")
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

_OF_THE_NEXT = {Asked.NEXT, Asked.LENGTH, Asked.PLACE, Asked.LINK, Asked.AGENDA, Asked.PREPARATION}
"""What is asked of the next meeting: for whoever attends any, the next of those, and no other."""
_OF_A_DAY = {*_OF_THE_NEXT, Asked.DATES, Asked.DEADLINE}


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
    Asked.OTHERS: Told(
        (_("I do not say who is coming. Those you have registered yourself are under “my registrations”."),),
        buttons=(buttons.MY_REGISTRATIONS,),
    ),
}
