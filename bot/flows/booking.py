"""What somebody is registering: the draft, what the steps look at, and what follows from both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from functools import cached_property, lru_cache

from bot.domain.organisations import Directory
from bot.domain.people import Person
from bot.domain.prices import Quote, quote
from bot.domain.programmes import Enrolment, Occasion, Prices, Programme
from bot.domain.registrations import Participant, Seat, is_same_person, spare_seats
from bot.domain.values import dataclass
from bot.domain.words import Clock, Money, Words, _
from bot.flows.occasions import label, seats_left
from bot.messages import Answer, Option

ALL = "all"
MOST_SEATS = 20
"""Seats one booking may hold at each occasion; a larger party is a conversation with the organiser."""

MOST_IN_ALL = 96
"""Seats one booking may hold together: to hand one over it is chosen from a list, and Slack's lists end at 100."""

MOST_NAMED = 8
"""With more seats than this the form would be unwieldy: names are filled in afterwards, from My registrations."""

MYSELF = "me"
OTHERS = "others"
YES = "yes"
NO = "no"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered so far."""

    programme: str
    occasions: tuple[str, ...] = ()
    prerequisite: str = ""
    name: str = ""
    email: str = ""
    organisation: str = ""  # as typed
    chosen: str = ""  # directory key, or `other` for the words as typed
    role: str = ""  # role group of the one who registers
    takes_part: str = MYSELF
    spare: tuple[str, ...] = ()  # occasion ids where the organisation has a seat without a name
    takes_spare: str = ""  # whether such seats are taken instead of new ones
    places: int = 1  # seats at each occasion when others take part
    same: str = ""  # whether the same people come to all of several occasions
    colleague: Mapping[str, str] = field(default_factory=dict)  # "occasion|number", or "|number" for all → name
    colleague_email: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""
    lodging: tuple[str, ...] | None = None  # occasion ids; None until it has been asked
    guide: str = ""
    invoice: str = ""
    gln: str = ""
    refused: Mapping[str, Answer] = field(default_factory=dict)  # field → what was typed and has not been accepted


@dataclass(frozen=True)
class Facts:
    """What the steps look at, several times for one answer: what takes time is put together once."""

    programme: Programme
    now: datetime
    person: Person
    directory: Directory
    left: Mapping[str, int | None]  # occasion id → free seats; None is no limit
    mine: frozenset[str]  # occasion ids where the person already has a seat
    busy: Mapping[str, Words]  # occasion id → what else the person is registered for at that time
    held: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]  # organisation key → seats, lodging
    unnamed: Mapping[str, tuple[Seat, ...]]  # organisation key → its seats that are nobody's yet

    @cached_property
    def open(self) -> tuple[Occasion, ...]:
        return self.programme.open_occasions(self.now)

    @property
    def cohort(self) -> bool:
        return self.programme.enrolment is Enrolment.COHORT

    @cached_property
    def choices(self) -> tuple[Option, ...]:
        """The open occasions with what there is to know of each, after all of them together where that makes sense."""
        return tuple(_choices(self))


def _choices(facts: Facts) -> Iterator[Option]:
    programme, open_now = facts.programme, facts.open
    if len(open_now) > 1 and len(open_now) == len(programme.occasions) and not facts.mine:
        yield Option(ALL, _("All meetings"), _package_note(programme.prices))
    for occasion in open_now:
        yield Option(occasion.id, label(programme, occasion), _option_note(facts, occasion))


@lru_cache
def _package_note(prices: Prices) -> Words:
    if not prices.package:
        return ""
    price = Money(prices.package, prices.currency)
    return _("package price {price} excluding VAT", price=price)


def _option_note(facts: Facts, occasion: Occasion) -> Words:
    if occasion.id in facts.mine:
        return _("you are already registered")
    return _start_and_room(occasion.starts_at, facts.programme.zone, facts.left[occasion.id])


@lru_cache(maxsize=1000)
def _start_and_room(starts_at: datetime, zone: str, left: int | None) -> Words:
    """Everybody who looks before the next seat is taken is told the same."""
    start, room = Clock(starts_at, zone), seats_left(left)
    return _("at {time}, {room}", time=start, room=room) if room else _("at {time}", time=start)


def booked(draft: Draft, facts: Facts) -> tuple[Occasion, ...]:
    """The occasions this registration is for; also one whose deadline has passed since, which the desk refuses."""
    every, chosen = facts.cohort, draft.occasions
    return tuple([one for one in facts.programme.occasions if not one.cancelled and (every or one.id in chosen)])


def places(draft: Draft) -> int:
    """Seats at each occasion."""
    return draft.places if draft.takes_part == OTHERS else 1


def organisation_of(draft: Draft, facts: Facts) -> tuple[str, str]:
    """The key and the name of the organisation that registers."""
    exact = facts.directory.search(draft.organisation).exact
    known = exact or facts.directory.get(draft.chosen)
    if known is not None:
        return known.key, known.name
    return f"{OTHER}:{draft.organisation.casefold()}", draft.organisation


def quotes(draft: Draft, facts: Facts, organisation_key: str) -> tuple[Quote, Quote]:
    """What the organisation pays without this registration, and with it if there is room everywhere."""
    seats, lodging = facts.held.get(organisation_key, ({}, {}))
    more_seats, more_lodging, spare = Counter(seats), Counter(lodging), _spare_of(draft, facts)
    for one in booked(draft, facts):
        taken = spare.get(one.id)
        more_seats[one.id] += places(draft) if taken is None else 0
        more_lodging[one.id] += places(draft) * (one.id in (draft.lodging or ()))
        more_lodging[one.id] -= taken is not None and taken.lodging
    programme = facts.programme.priced_for(organisation_key)
    return quote(programme, seats, lodging), quote(programme, more_seats, more_lodging)


def takes_spare(draft: Draft) -> frozenset[str]:
    """Ids of the occasions at which a seat is taken that the organisation has booked already."""
    wanted = draft.takes_part == MYSELF and draft.takes_spare == YES
    return frozenset(draft.spare if wanted else ())


def _spare_of(draft: Draft, facts: Facts) -> Mapping[str, Seat]:
    return spare_for(draft, facts) if takes_spare(draft) else {}


def spare_for(draft: Draft, facts: Facts) -> Mapping[str, Seat]:
    """Occasion id → a seat that the organisation has there without a name, at what is booked."""
    unnamed = facts.unnamed.get(organisation_of(draft, facts)[0], ())
    return spare_seats(unnamed, [one.id for one in booked(draft, facts)], together=facts.cohort)


def seats_of(draft: Draft, facts: Facts) -> tuple[tuple[str, Participant], ...]:
    """Each seat with who sits on it."""
    occasions = [occasion.id for occasion in booked(draft, facts)]
    me = Participant(draft.name, draft.email, facts.person.id)
    if draft.takes_part == MYSELF:
        return tuple((occasion, me) for occasion in occasions)
    own = {occasion: own_place(draft, occasion) for occasion in occasions}
    return tuple(
        (occasion, me if number == own[occasion] else _colleague(draft, seat_key(draft, occasion, number)))
        for occasion in occasions
        for number in range(1, draft.places + 1)
    )


def seat_key(draft: Draft, occasion: str, number: int) -> str:
    """Under which the name of who sits on a seat is kept; it is one for all occasions where the same people come."""
    return f"|{number}" if draft.same == YES else f"{occasion}|{number}"


def own_place(draft: Draft, occasion: str) -> int:
    """Which of the seats for several of us has the booker's own name, counted from 1; 0 when none has.

    Only the first one: two people may have one name, and nobody has two seats at one meeting.
    """
    me = Participant(draft.name, draft.email)
    places = range(1, draft.places + 1)
    return next((n for n in places if is_same_person(_colleague(draft, seat_key(draft, occasion, n)), me)), 0)


def _colleague(draft: Draft, key: str) -> Participant:
    return Participant(draft.colleague.get(key, ""), draft.colleague_email.get(key, ""))


def own_occasions(draft: Draft, facts: Facts) -> frozenset[str]:
    """Ids of the occasions at which whoever registers takes part themself."""
    return frozenset(id for id, participant in seats_of(draft, facts) if participant.person == facts.person.id)
