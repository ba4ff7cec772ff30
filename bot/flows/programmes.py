"""The programmes and their coming meetings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

from bot.domain.programmes import Enrolment, Occasion, Programme
from bot.domain.words import Words, _
from bot.flows import buttons, occasions
from bot.flows.occasions import price_words
from bot.flows.subscriptions import subscribe_to
from bot.messages import Action, Button, Card, Fact, Item

Left = Callable[[Programme], Mapping[str, int | None]]
"""Free seats by occasion id, looked up for the programmes that are shown."""


def overview(programmes: Iterable[Programme], left: Left, now: datetime) -> Card:
    """All programmes, each with its coming meetings and a way in."""
    shown = tuple(programmes)
    items = tuple(_item(one, occasions.programme_name(one, shown), left, now) for one in shown)
    if not items:
        return Card(_("Programmes"), body=(_("There are no programmes yet."),))
    return Card(
        _("Programmes"), items=items, buttons=(buttons.MY_REGISTRATIONS,), refresh=buttons.ALL_PROGRAMMES.action
    )


def _item(programme: Programme, name: Words, left: Left, now: datetime) -> Item:
    read_more = Button(_("Read more"), Action(buttons.PROGRAMME, programme.id))
    ways = (buttons.register(programme), read_more) if programme.is_open(now) else (read_more,)
    own_time = (_("Material to use in your own time."),) if programme.enrolment is Enrolment.CLOSED else ()
    return Item(name, lines=own_time, facts=tuple(_meetings(programme, left, now)), buttons=ways)


def _meetings(programme: Programme, left: Left, now: datetime) -> Iterator[Fact]:
    """A line for each coming meeting: how much room there is, and until when one can register."""
    open_ids = {occasion.id for occasion in programme.open_occasions(now)} if programme.is_open(now) else set()
    room = left(programme) if open_ids else {}
    for occasion in programme.occasions:
        if occasion.ends_at > now and not occasion.cancelled:
            is_open = occasion.id in open_ids
            yield Fact(
                occasions.label(programme, occasion),
                occasions.chance(programme, occasion, room.get(occasion.id))
                if is_open
                else _("registration is closed"),
            )


def details(
    programme: Programme, left: Mapping[str, int | None], now: datetime, *, ways: tuple[Button, ...] = ()
) -> Card:
    """One programme in full, without anything that only registered people may see; `ways` are the coordinator's."""
    return Card(
        programme.title,
        body=(programme.summary, *price_words(programme)),
        facts=tuple(_facts(programme)),
        items=tuple(_occasion(programme, occasion, left, now) for occasion in programme.occasions),
        buttons=(*_ways(programme, now), *_materials(programme), subscribe_to(programme), *ways),
        refresh=Action(buttons.PROGRAMME, programme.id),
    )


def _facts(programme: Programme) -> Iterator[Fact]:
    if programme.audience:
        yield Fact(_("For"), programme.audience)
    if programme.cancellation:
        yield Fact(_("Cancelling"), programme.cancellation)
    for contact in programme.contacts:
        yield Fact(_("Contact"), _("{about}: {contact}", about=contact.about, contact=occasions.written(contact)))


def _occasion(programme: Programme, occasion: Occasion, left: Mapping[str, int | None], now: datetime) -> Item:
    is_open = programme.is_open(now) and occasion in programme.open_occasions(now)
    if occasion.cancelled:
        return Item(occasions.name(occasion), facts=occasions.facts(programme, occasion, member=False))
    return Item(
        occasion.title,
        lines=(*((occasion.purpose,) if occasion.purpose else ()), *occasion.agenda_lines),
        facts=(
            *occasions.facts(programme, occasion, member=False),
            *(_chance(programme, occasion, left.get(occasion.id)) if is_open else _over(occasion, now)),
        ),
    )


def _chance(programme: Programme, occasion: Occasion, left: int | None) -> Iterator[Fact]:
    room = occasions.seats_left(left)
    yield Fact(_("Register by"), occasions.deadline(programme, occasion))
    if room:
        yield Fact(_("Seats left"), room)


def _over(occasion: Occasion, now: datetime) -> Iterator[Fact]:
    """Of a meeting that one can no longer register for."""
    ended = occasion.ends_at <= now
    yield Fact(_("Registration"), _("the meeting has been held") if ended else _("registration is closed"))


def _ways(programme: Programme, now: datetime) -> Iterator[Button]:
    if programme.is_open(now):
        yield buttons.register(programme)
    yield buttons.ALL_PROGRAMMES


def _materials(programme: Programme) -> Iterator[Button]:
    if programme.materials:
        yield Button(_("Materials"), Action(buttons.MATERIALS, programme.id))


def choose_to_register(
    programmes: Iterable[Programme], left: Left, now: datetime, *, begun: Collection[str] = ()
) -> Card:
    """The open programmes, with a button each: the answer to "register" when there are several.

    `begun` are the ids of those that the reader has begun to register for: the button goes on where they were.
    """
    open_ones = tuple(programme for programme in programmes if programme.is_open(now))
    if not open_ones:
        return Card(
            _("Registration"),
            body=(_("No programme is open for registration right now."),),
            buttons=(buttons.ALL_PROGRAMMES,),
        )
    return Card(
        _("What would you like to register for?"),
        items=tuple(
            _registrable(one, occasions.programme_name(one, open_ones), left, now, begun=one.id in begun)
            for one in open_ones
        ),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def _registrable(programme: Programme, name: Words, left: Left, now: datetime, *, begun: bool = False) -> Item:
    so_far = (_("You have begun to register. What you wrote is kept."),) if begun else ()
    return Item(
        name,
        lines=(*so_far, *price_words(programme)),
        facts=tuple(_meetings(programme, left, now)),
        buttons=(buttons.register(programme),),
    )


def invitation(programme: Programme, left: Left, now: datetime) -> Card:
    """One programme with the button that opens its form, where no form can be opened at once."""
    item = _registrable(programme, programme.title, left, now)
    return Card(programme.title, body=item.lines, facts=item.facts, buttons=item.buttons)
