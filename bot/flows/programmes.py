"""The programmes and their coming meetings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.domain.programmes import Enrolment, Material, Occasion, Programme
from bot.domain.words import Words, _
from bot.flows import buttons, occasions
from bot.flows.registration import price_words
from bot.messages import Action, Button, Card, Fact, Item


def overview(programmes: Iterable[Programme], now: datetime) -> Card:
    """All programmes, each with its coming meetings and a way in."""
    items = tuple(_item(programme, now) for programme in programmes)
    if not items:
        return Card(_("Programmes"), body=(_("There are no programmes yet."),))
    return Card(_("Programmes"), items=items, buttons=(buttons.MY_REGISTRATIONS,))


def _item(programme: Programme, now: datetime) -> Item:
    read_more = Button(_("Read more"), Action(buttons.PROGRAMME, programme.id))
    ways = (buttons.register(programme), read_more) if programme.is_open(now) else (read_more,)
    return Item(programme.title, lines=tuple(_lines(programme, now)), buttons=ways)


def _lines(programme: Programme, now: datetime) -> Iterator[Words]:
    coming = [occasion for occasion in programme.occasions if occasion.ends_at > now and not occasion.cancelled]
    for occasion in coming:
        yield occasions.label(programme, occasion)
    if programme.enrolment is Enrolment.CLOSED:
        yield _("Material to use in your own time.")
    elif programme.is_open(now):
        first = programme.open_occasions(now)[0]
        yield _("Register by {deadline}.", deadline=occasions.deadline(programme, first))
    elif coming:
        yield _("Registration is closed.")


def details(programme: Programme, left: Mapping[str, int | None], now: datetime) -> Card:
    """One programme in full, without anything that only registered people may see."""
    return Card(
        programme.title,
        body=(programme.summary, *price_words(programme)),
        facts=tuple(_facts(programme)),
        items=tuple(_occasion(programme, occasion, left.get(occasion.id)) for occasion in programme.occasions),
        buttons=tuple(_ways(programme, now)),
    )


def _facts(programme: Programme) -> Iterator[Fact]:
    if programme.audience:
        yield Fact(_("For"), programme.audience)
    if programme.cancellation:
        yield Fact(_("Cancelling"), programme.cancellation)
    for contact in programme.contacts:
        yield Fact(_("Contact"), _("{about}: {contact}", about=contact.about, contact=occasions.written(contact)))


def _occasion(programme: Programme, occasion: Occasion, left: int | None) -> Item:
    room = occasions.seats_left(left)
    return Item(
        occasion.title,
        lines=(*((occasion.purpose,) if occasion.purpose else ()), *occasions.agenda(programme, occasion)),
        facts=(
            *occasions.facts(programme, occasion, member=False),
            Fact(_("Register by"), occasions.deadline(programme, occasion)),
            *((Fact(_("Seats left"), room),) if room else ()),
        ),
    )


def _ways(programme: Programme, now: datetime) -> Iterator[Button]:
    if programme.is_open(now):
        yield buttons.register(programme)
    yield buttons.ALL_PROGRAMMES


def choose_to_register(programmes: Iterable[Programme], now: datetime) -> Card:
    """The open programmes, with a button each: the answer to "register" when there are several."""
    open_ones = tuple(programme for programme in programmes if programme.is_open(now))
    if not open_ones:
        return Card(
            _("Registration"),
            body=(_("No programme is open for registration right now."),),
            buttons=(buttons.ALL_PROGRAMMES,),
        )
    return Card(
        _("What would you like to register for?"),
        items=tuple(_registrable(programme, now) for programme in open_ones),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def _registrable(programme: Programme, now: datetime) -> Item:
    lines = (*_lines(programme, now), *price_words(programme))
    return Item(programme.title, lines=lines, buttons=(buttons.register(programme),))


def invitation(programme: Programme, now: datetime) -> Card:
    """One programme with the button that opens its form, where no form can be opened at once."""
    card = _registrable(programme, now)
    return Card(programme.title, body=card.lines, buttons=card.buttons)


def materials(programmes: Iterable[Programme], members_of: frozenset[str]) -> Card:
    """Slides, recordings and guides, in learning order; members' links only for those who are registered."""
    items = tuple(
        _material(programme, material, programme.id in members_of)
        for programme in programmes
        for material in programme.materials
    )
    return Card(_("Materials"), items=items, buttons=(buttons.ALL_PROGRAMMES,))


def _material(programme: Programme, material: Material, member: bool) -> Item:
    lines: tuple[Words, ...] = tuple(words for words in (material.stage, programme.title, material.about) if words)
    if not material.url:
        return Item(material.title, lines=(*lines, _("To come.")))
    if material.members_only and not member:
        return Item(material.title, lines=(*lines, _("For those who are registered.")))
    return Item(material.title, lines=lines, buttons=(Button(_("Open"), url=material.url),))
