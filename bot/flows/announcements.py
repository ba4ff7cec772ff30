"""What people are told when a meeting has changed: one message each, and a correction on what they were sent before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.changes import Change, Kind, known_now
from bot.domain.prices import Quote
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.registrations import Seat, SeatState
from bot.domain.rules import Audience
from bot.domain.values import dataclass
from bot.domain.words import Listed, Text, Words, _, n_
from bot.flows import buttons, occasions, reasons
from bot.messages import Button, Card, Fact, Item, Tone


@dataclass(frozen=True, slots=True)
class Affected:
    """A changed occasion as it concerns one reader; without a seat they booked it for others, or are a channel."""

    change: Change
    seat: Seat | None = None
    calendar: str = ""  # address of the seat's calendar file

    @property
    def takes_part(self) -> bool:
        return self.seat is not None and self.seat.state is SeatState.CONFIRMED


@dataclass(frozen=True, slots=True)
class Price:
    """What an organisation pays from now on."""

    organisation: str
    total: Quote


def changed(programme: Programme, affected: tuple[Affected, ...], prices: tuple[Price, ...] = ()) -> Card:
    """To one person: everything that has changed of a programme, each with what was and what is."""
    why = reasons.why(Audience.PARTICIPANTS, programme.title)
    if all(one.seat is None for one in affected):
        why = _("You get this because you registered your organisation for {title}.", title=programme.title)
    elif not any(one.takes_part for one in affected):
        why = _("You get this because you have asked for a seat in {title}.", title=programme.title)
    card = _told(programme, affected, why)
    return replace(
        card,
        facts=(*card.facts, *_prices(prices), Fact(_("Contact"), occasions.contact(programme))),
        buttons=(*card.buttons, buttons.MY_REGISTRATIONS),
    )


def changed_for_channel(programme: Programme, changes: tuple[Change, ...]) -> Card:
    """To a channel that follows the programme."""
    why = reasons.why(Audience.CHANNELS, programme.title)
    card = _told(programme, tuple(Affected(change) for change in changes), why)
    return replace(card, buttons=(buttons.ALL_PROGRAMMES,))


def _told(programme: Programme, affected: tuple[Affected, ...], why: Text) -> Card:
    if len(affected) > 1:
        headline = n_("{n} meeting has changed: {title}", "{n} meetings have changed: {title}", len(affected),
                      title=programme.title)  # fmt: skip
        items = tuple(_item(programme, one) for one in affected)
        return Card(headline, items=items, tone=Tone.WARNING, footnote=why)
    (one,) = affected
    return Card(
        headline_of(programme, one.change),
        body=(programme.title, *_lines(programme, one)),
        facts=_facts(programme, one),
        buttons=_ways(one),
        tone=Tone.WARNING,
        footnote=why,
    )


def _item(programme: Programme, one: Affected) -> Item:
    lines = tuple(_lines(programme, one))
    return Item(headline_of(programme, one.change), lines, _facts(programme, one), _ways(one))


def _prices(prices: tuple[Price, ...]) -> Iterator[Fact]:
    """The new total; with its organisation's name where somebody has booked for several."""
    for price in prices:
        label: Words = price.organisation if len(prices) > 1 else _("New total for your organisation")
        yield Fact(label, price.total.in_words())


def _facts(programme: Programme, one: Affected) -> tuple[Fact, ...]:
    if one.change.after.cancelled:
        return ()
    before, after = one.change.before, one.change.after
    free = occasions.free_to_cancel(programme, after) if before.free_until != after.free_until else ""
    pays = one.takes_part or one.seat is None  # who booked it for somebody else
    more = (Fact(_("Free to cancel until"), free),) if free and pays else ()
    return (*occasions.facts(programme, after, member=one.takes_part), *more)


def _ways(one: Affected) -> tuple[Button, ...]:
    if one.seat is None or one.seat.state is SeatState.CANCELLED:
        return ()
    calendar = (Button(_("Update my calendar"), url=one.calendar),) if one.takes_part else ()
    if one.change.after.cancelled:
        return calendar
    return (*calendar, buttons.cannot_come(one.seat))


# --- In words ---------------------------------------------------------------------------------------------------------


def headline_of(programme: Programme, change: Change) -> Text:
    """The weightiest thing that has changed, as the first words that people read."""
    title, kinds = change.after.title, change.kinds
    match next(kind for kind in Kind if kind in kinds):
        case Kind.CANCELLED:
            return _("CANCELLED: {title}", title=title)
        case Kind.HELD_AFTER_ALL:
            return _("HELD AFTER ALL: {title}", title=title)
        case Kind.MOVED if _same_days(programme, change):
            return _("NEW TIME: {title}", title=title)
        case Kind.MOVED:
            return _("NEW DATE: {title}", title=title)
        case Kind.PLACE if _first_place(change):
            return _("More is known now: {title}", title=title)
        case Kind.PLACE:
            return _("NEW PLACE: {title}", title=title)
        case Kind.LINK:
            return _("NEW LINK: {title}", title=title)
        case Kind.ANNOUNCED:
            return _("More is known now: {title}", title=title)


def _same_days(programme: Programme, change: Change) -> bool:
    def days(occasion: Occasion) -> list[object]:
        return [local_day(span.starts_at, programme.zone) for span in occasion.days]

    return days(change.before) == days(change.after)


def _lines(programme: Programme, one: Affected) -> Iterator[Words]:
    yield from in_words(programme, one.change)
    yield from _new_agenda(one.change)
    if one.seat is not None and Kind.CANCELLED in one.change.kinds:
        yield _("This costs you nothing.")
    match one.seat.state if one.seat else None:
        case SeatState.CANCELLED:
            yield _("You have just given up your seat here. If you leave it at that, you need not do anything.")
        case SeatState.WAITING if not one.change.after.cancelled:
            yield _("You keep your place in the waiting list.")
        case SeatState.OFFERED if not one.change.after.cancelled:
            yield _("The seat that you were offered is still kept for you.")


def _new_agenda(change: Change) -> Iterator[Words]:
    """The agenda of a meeting that has moved, where it is another one now."""
    told_already = Kind.ANNOUNCED in change.kinds
    if Kind.MOVED in change.kinds and not told_already and change.after.agenda != change.before.agenda:
        yield from change.after.agenda_lines


def in_words(programme: Programme, change: Change) -> Iterator[Words]:
    """What was and what is, a sentence for each thing that has changed."""
    before, after, kinds = change.before, change.after, change.kinds
    if Kind.CANCELLED in kinds:
        yield _("The meeting on {time} is not held.", time=occasions.hours(programme, before))
    if Kind.HELD_AFTER_ALL in kinds:
        yield _("The meeting was cancelled and is held after all: {time}.", time=occasions.hours(programme, after))
    elif Kind.MOVED in kinds:
        was, now = occasions.hours(programme, before), occasions.hours(programme, after)
        yield _("Was {before}, is now {after}.", before=was, after=now)
    if Kind.PLACE in kinds and _first_place(change):
        yield _("The place is settled: {place}", place=_place(after))
    elif Kind.PLACE in kinds:
        yield _("The place was {before} and is now {after}.", before=_place(before), after=_place(after))
    if Kind.LINK in kinds:
        yield _("The link to the meeting is new.") if after.link else _("The link to the meeting no longer works.")
    if Kind.ANNOUNCED in kinds:
        yield from _announced(before, after)


def _first_place(change: Change) -> bool:
    """Whether there is a place now where none was known, which is good news and not a change of plans."""
    return not change.before.place and bool(change.after.place) and change.before.format is change.after.format


def _place(occasion: Occasion) -> Words:
    return occasions.where(occasion) or _("not decided")


def _announced(before: Occasion, after: Occasion) -> Iterator[Words]:
    settled = known_now(before, after)
    if settled:
        yield _("This is settled now: {facts}", facts=Listed(settled))
    if after.purpose and after.purpose != before.purpose:
        yield after.purpose
    if after.topics != before.topics:
        yield from (_("– {text}", text=topic) for topic in after.topics)
    if after.agenda != before.agenda:
        yield from after.agenda_lines


# --- What was sent before ---------------------------------------------------------------------------------------------

_OF_THE_MEETING = frozenset({"Time", "Day {number}", "Place", "Link to join", "To be announced", "In your time zone"})
"""The labels of what `occasions.facts` and the reminders say of a meeting."""


def corrected(card: Card, programme: Programme, change: Change, *, member: bool) -> Card:
    """An old message after the meeting it speaks of has changed: the correction first, and the facts as they are."""
    items = tuple(_corrected_item(one, programme, change, member) for one in card.items)
    card = replace(
        card,
        body=(headline_of(programme, change), *in_words(programme, change), *card.body),
        items=items,
        tone=Tone.WARNING,
    )
    if not _is_about(card.title, change):
        renewed = tuple(_renewed(fact, programme, change) for fact in card.facts)
        return replace(card, facts=tuple(fact for fact in renewed if not _costs_otherwise(fact, change)))
    return replace(
        card,
        title=_("This has changed: {title}", title=change.after.title),
        facts=_corrected_facts(card.facts, programme, change, member),
        buttons=_corrected_buttons(card.buttons, change, member),
    )


def _corrected_item(item: Item, programme: Programme, change: Change, member: bool) -> Item:
    if not _is_about(item.title, change):
        return item
    if change.after.cancelled:
        called_off, told = occasions.name(change.after), tuple(in_words(programme, change))
        return Item(called_off, told, buttons=(buttons.MY_REGISTRATIONS,))
    if change.before.cancelled:
        held, lines = occasions.facts(programme, change.after, member=member), change.after.agenda_lines
        return Item(change.after.title, (headline_of(programme, change), *lines), held, item.buttons)
    return replace(
        item,
        lines=(headline_of(programme, change), *item.lines),
        facts=_corrected_facts(item.facts, programme, change, member),
        buttons=_corrected_buttons(item.buttons, change, member),
    )


def _is_about(title: Words, change: Change) -> bool:
    names = (change.before.title, change.after.title)
    if not isinstance(title, Text):
        return title in names
    return any(not isinstance(one, int) and _is_about(one, change) for one in title.values.values())


def _corrected_facts(facts: tuple[Fact, ...], programme: Programme, change: Change, member: bool) -> tuple[Fact, ...]:
    rest = tuple(_renewed(fact, programme, change) for fact in facts if not _is_of_the_meeting(fact))
    if change.after.cancelled or len(rest) == len(facts):
        return rest
    return (*occasions.facts(programme, change.after, member=member), *rest)


def _renewed(fact: Fact, programme: Programme, change: Change) -> Fact:
    """A fact that names the meeting's time or its deadline beside other things, as it is now."""
    title, now = change.after.title, occasions.hours(programme, change.after)
    if fact.label in (change.before.title, title):
        return Fact(title, now)
    match fact.label.message if isinstance(fact.label, Text) else "":
        case "Next meeting" if _is_about(fact.value, change):
            return Fact(fact.label, occasions.titled(programme, change.after))
        case "Register by" if fact.value == occasions.deadline(programme, change.before):
            return Fact(fact.label, occasions.deadline(programme, change.after))
    return fact


def _costs_otherwise(fact: Fact, change: Change) -> bool:
    """Whether it is a sum that no longer holds: what it comes to now was told with the news."""
    called_off = change.after.cancelled or change.before.cancelled
    return called_off and isinstance(fact.label, Text) and fact.label.message == "Price for your organisation"


def _is_of_the_meeting(fact: Fact) -> bool:
    return isinstance(fact.label, Text) and fact.label.message in _OF_THE_MEETING


def _corrected_buttons(old: tuple[Button, ...], change: Change, member: bool) -> tuple[Button, ...]:
    """The same ways on, without the old link, and none into a meeting that is not held."""
    if change.after.cancelled:
        return (buttons.MY_REGISTRATIONS,)
    joined = any(button.url and button.url == change.before.link for button in old)
    kept = tuple(button for button in old if not button.url or button.url != change.before.link)
    return (*(buttons.join(change.after) if joined and member else ()), *kept)


# --- In the middle of registering -------------------------------------------------------------------------------------


def look_again() -> Text:
    """To somebody who answers a form about a programme that has changed since."""
    return _("The programme has changed since you opened this form. Please look through it again.")
