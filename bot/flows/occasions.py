"""How an occasion is put into words, the same way everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import pairwise

from bot.domain.prices import Quote
from bot.domain.programmes import Contact, Enrolment, Format, Occasion, Prices, Programme, local_day
from bot.domain.refusals import DeadlinePassed, FieldRefused
from bot.domain.registrations import gln_is_valid
from bot.domain.words import Day, Listed, Moment, Money, Period, Text, Words, _, n_
from bot.messages import Fact, TextField

_A_MOMENT = timedelta(microseconds=1)


def programme_name(programme: Programme, among: Iterable[Programme]) -> Words:
    """The programme's title, with its edition where another one is called the same."""
    if any(other.title == programme.title for other in among if other.id != programme.id):
        return _("{title}, {edition}", title=programme.title, edition=programme.edition)
    return programme.title


def name(occasion: Occasion) -> Words:
    """The occasion's title, and that it is called off when it is."""
    return _("Called off: {title}", title=occasion.title) if occasion.cancelled else occasion.title


def on_day(title: Words, day: int) -> Text:
    """What is about one day of a meeting that has several."""
    return _("{title}, day {day}", title=title, day=day)


def label(programme: Programme, occasion: Occasion) -> Words:
    """The occasion as one choice of many: short day and title."""
    return _("{day}: {title}", day=short_day(occasion.starts_at, programme.zone), title=name(occasion))


@lru_cache(maxsize=1000)
def short_day(moment: datetime, zone: str) -> Day:
    """The day of an instant, for labels: the meetings are always the same few."""
    return Day(local_day(moment, zone), short=True)


def hours(programme: Programme, occasion: Occasion) -> Words:
    """When the occasion is, with start and end; each day by itself where other days lie between them."""
    if len(occasion.days) == 1 or _is_in_one(programme, occasion):
        return Period(occasion.starts_at, occasion.ends_at, programme.zone)
    return Listed(tuple(Period(day.starts_at, day.ends_at, programme.zone) for day in occasion.days))


def _is_in_one(programme: Programme, occasion: Occasion) -> bool:
    days = [local_day(day.starts_at, programme.zone) for day in occasion.days]
    return all(after - before <= timedelta(days=1) for before, after in pairwise(days))


def titled(programme: Programme, occasion: Occasion) -> Words:
    """The occasion with when it is, on one line."""
    return _("{title}, {time}", title=occasion.title, time=hours(programme, occasion))


def deadline(programme: Programme, occasion: Occasion) -> Words:
    """The last minute in which one can register for the occasion."""
    return deadline_words(programme, programme.deadline_of(occasion))


def deadline_words(programme: Programme, too_late_from: datetime) -> Words:
    """A deadline as people understand it: the last minute that is still in time."""
    return Moment(too_late_from - _A_MOMENT, programme.zone)


def free_to_cancel(programme: Programme, occasion: Occasion) -> Words:
    """Until when giving up a seat costs nothing; nothing where it never costs anything, or always the same."""
    charged = programme.prices.late_cancellation and not programme.prices.free
    return deadline_words(programme, occasion.free_until) if charged and occasion.free_until else ""


def seats_left(left: int | None) -> Words:
    """How much room there is; nothing when there is no limit."""
    if left is None:
        return ""
    return n_("{n} seat left", "{n} seats left", left) if left > 0 else _("full, waiting list")


def waiting_there(programme: Programme, full: Sequence[Words]) -> Iterator[Words]:
    """What confirming means where there is no room (titles of meetings), and what it costs."""
    if full and programme.enrolment is Enrolment.COHORT:
        yield _("The programme is full. If you confirm, you are put on the waiting list.")
    elif full:
        yield _("Full: {titles}. If you confirm, you are put on the waiting list there.", titles=Listed(tuple(full)))
    if full and not programme.prices.free:
        yield _("Waiting costs nothing. The price below holds if you get a seat.")


def chance(programme: Programme, occasion: Occasion, left: int | None) -> Words:
    """How much room there still is, and until when one can register."""
    room, last = seats_left(left), deadline(programme, occasion)
    if not room:
        return _("register by {deadline}", deadline=last)
    return _("{room}, register by {deadline}", room=room, deadline=last)


def where(occasion: Occasion) -> Words:
    """The place, or that it is online."""
    match occasion.format:
        case Format.ONLINE:
            return occasion.place or _("Online")
        case Format.HYBRID:
            return _("{place}, or online", place=occasion.place) if occasion.place else _("In person or online")
        case Format.ON_SITE:
            return occasion.place


def facts(programme: Programme, occasion: Occasion, *, member: bool) -> tuple[Fact, ...]:
    """Date, place and what is still to come; the joining link only for a `member`, who is registered."""
    return tuple(_facts(programme, occasion, member))


def _facts(programme: Programme, occasion: Occasion, member: bool) -> Iterator[Fact]:
    if len(occasion.days) == 1:
        yield Fact(_("Time"), hours(programme, occasion))
    for number, span in enumerate(occasion.days, 1):
        if len(occasion.days) > 1:
            yield Fact(_("Day {number}", number=number), Period(span.starts_at, span.ends_at, programme.zone))
    yield Fact(_("Place"), where(occasion))
    if member and occasion.link:
        yield Fact(_("Link to join"), occasion.link)
    if occasion.still_to_come:
        yield Fact(_("To be announced"), Listed(occasion.still_to_come))


def to_prepare(occasion: Occasion) -> tuple[Words, ...]:
    """What is to be done before the meeting."""
    points = tuple(_("• {what}", what=one) for one in occasion.preparation)
    return (_("Before we meet:"), *points) if points else ()


def contact(programme: Programme) -> Words:
    """Whom to ask about the registration: the first contact of the programme."""
    if not programme.contacts:
        return programme.organiser
    return written(programme.contacts[0])


def written(contact: Contact) -> Words:
    """A contact on one line."""
    reach = " · ".join(part for part in (contact.email, contact.phone) if part)
    if not contact.role:
        return _("{name} ({reach})", name=contact.name, reach=reach) if reach else contact.name
    if not reach:
        return _("{name}, {role}", name=contact.name, role=contact.role)
    return _("{name}, {role} ({reach})", name=contact.name, role=contact.role, reach=reach)


@cache
def gln_field() -> TextField:
    """Asked when registering and when changing."""
    hint = _("13 digits, if you receive e-invoices by GLN")
    return TextField("gln", _("GLN"), hint=hint, required=False, max_chars=20)


def read_gln(typed: str) -> str:
    """The digits of what was typed; raises `FieldRefused` when they are no GLN."""
    if typed and not gln_is_valid(typed):
        raise FieldRefused("gln", _("A GLN has 13 digits, and the last one is a check digit. Please look at it again."))
    return "".join(c for c in typed if c.isdigit())


def lodging(nights: Sequence[Occasion]) -> Fact:
    """The meetings at which lodging and meals are booked: they cost, so one sees them before and after."""
    return Fact(_("Lodging and meals"), Listed(tuple(one.title for one in nights)) if nights else _("Not booked"))


def price_facts(before: Quote, after: Quote, *, of_this: Text, besides: int = 0) -> Iterator[Fact]:
    """What an organisation pays; what it paid so far, and what this adds or spares, where it pays something already.

    `besides` is what this costs beside the seats, in whole kronor.
    """
    if not before.total:
        yield Fact(_("Price"), after.in_words())
        return
    difference = Money(after.total - before.total + besides, after.currency)
    yield Fact(_("Price so far"), before.in_words())
    yield Fact(_("New total for your organisation"), after.in_words())
    yield Fact(of_this, _("{price} excluding VAT", price=difference))


def price_words(programme: Programme) -> tuple[Words, ...]:
    """The price of taking part, in a sentence or two; nothing when it costs nothing."""
    return _price_words(programme.prices)


@lru_cache
def _price_words(prices: Prices) -> tuple[Words, ...]:
    return tuple(_priced(prices))


def _priced(prices: Prices) -> Iterator[Words]:
    if prices.free:
        yield _("Free of charge.")
    if prices.programme:
        yield _("The programme costs {price} excluding VAT per seat.", price=Money(prices.programme, prices.currency))
    if prices.occasion:
        yield _("Each meeting costs {price} excluding VAT per seat.", price=Money(prices.occasion, prices.currency))
    if prices.package:
        price = Money(prices.package, prices.currency)
        yield _("All meetings together: {price} excluding VAT per seat.", price=price)
    if prices.lodging:
        price = Money(prices.lodging, prices.currency)
        yield _("Lodging and meals: {price} excluding VAT per seat and meeting.", price=price)


def too_late(programme: Programme, occasion: Occasion | None = None) -> DeadlinePassed:
    """The refusal of someone who comes after the last minute of an occasion, or of the whole programme."""
    ask = contact(programme)
    if not programme.occasions:
        reason = _(
            "You do not need to register for {title}. If you have a question, ask {contact}.",
            title=programme.title,
            contact=ask,
        )
        return DeadlinePassed(reason)
    late = occasion or max(programme.occasions, key=programme.deadline_of)
    return DeadlinePassed(
        _(
            "Registration for {title} closed {deadline}. Nothing has been booked. "
            "Ask {contact} whether a late seat is possible.",
            title=occasion.title if occasion else programme.title,
            deadline=deadline(programme, late),
            contact=ask,
        )
    )
