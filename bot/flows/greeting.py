"""The answers to courtesies; to “hello” it is the few things that matter to this person, and the way to all else."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.programmes import Occasion, Programme
from bot.domain.values import dataclass
from bot.domain.words import Words, _, n_
from bot.flows import buttons, faq, mine, note_taking, occasions
from bot.flows.mine import Unfinished
from bot.flows.note_taking import OpenRound
from bot.messages import Action, Button, Card, Item, Notice, Tone

GREET, GOODBYE, THANKS = "greet", "goodbye", "thanks"
ASK_AWAY, SAME_TO_YOU, WELL, NEVER_MIND = "ask_away", "same_to_you", "well", "never_mind"

_MOST = 2  # of a kind: a greeting is no list


@dataclass(frozen=True, slots=True)
class Concerns:
    """What matters to somebody right now."""

    name: str = ""
    next: tuple[Programme, Occasion] | None = None  # the next meeting at which they have a seat
    unfinished: tuple[Unfinished, ...] = ()
    rounds: tuple[OpenRound, ...] = ()  # questions that are open to them
    waiting: int = 0  # questions of their own that wait for an answer
    coordinates: bool = False
    matters: int = 0  # that wait to be looked at by coordinators
    open: tuple[Programme, ...] = ()  # for registration


def hello(of: Concerns) -> Card:
    items = tuple(_items(of))
    return Card(
        _("Hello {name}!", name=of.name) if of.name else _("Hello!"),
        body=(_("This is what matters right now."),) if items else tuple(_introduction(of)),
        items=items,
        buttons=(*_ways(of), Button(_("Show everything I can do"), Action(buttons.HELP))),
        footnote=_("Ask me whatever you wonder about, in your own words."),
    )


def _items(of: Concerns) -> Iterator[Item]:
    if of.matters:
        waits = n_("{n} thing waits to be looked at.", "{n} things wait to be looked at.", of.matters)
        yield Item(waits, buttons=(buttons.STATUS_OF_ALL,))
    if of.next is not None:
        yield _meeting(*of.next)
    yield from map(mine.unfinished_item, of.unfinished[:_MOST])
    yield from note_taking.in_short(of.rounds)
    if of.waiting:
        asked = n_("{n} of your questions waits for an answer", "{n} of your questions wait for an answer", of.waiting)
        yield Item(asked, buttons=(Button(_("My questions"), Action(faq.MY_QUESTIONS)),))


def _meeting(programme: Programme, occasion: Occasion) -> Item:
    return Item(
        _("Your next meeting: {title}", title=occasion.title),
        (programme.title,),
        occasions.facts(programme, occasion, member=True),
        (buttons.MY_REGISTRATIONS,),
    )


def _introduction(of: Concerns) -> Iterator[Words]:
    yield _("I help you through your learning programme: you register here, and I remind you before each meeting.")
    if of.open:
        yield n_("{n} programme is open for registration.", "{n} programmes are open for registration.", len(of.open))


def _ways(of: Concerns) -> Iterator[Button]:
    if of.open and of.next is None and not of.unfinished:
        yield Button(_("Register"), Action(buttons.REGISTER), tone=Tone.PRIMARY)
    if of.coordinates and not of.matters:
        yield buttons.STATUS_OF_ALL


def goodbye() -> Notice:
    return Notice(_("Goodbye! I am here whenever you need me."), Tone.GOOD)


def you_are_welcome() -> Notice:
    return Notice(_("You are welcome!"), Tone.GOOD)


def same_to_you() -> Notice:
    """To whoever wishes me something."""
    return Notice(_("The same to you! I am here whenever you need me."), Tone.GOOD)


def well() -> Notice:
    """To whoever is content."""
    return Notice(_("Good! Write whenever you wonder about something."), Tone.GOOD)


def never_mind() -> Notice:
    """To whoever is sorry, or did not mean it."""
    return Notice(_("No harm done. Write whenever you wonder about something."))


def ask_away() -> Notice:
    """To whoever asks whether they may ask."""
    return Notice(_("Ask me, in your own words! What I cannot answer goes to somebody who can."))
