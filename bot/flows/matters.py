"""What a coordinator must look at: the message about new matters, the list of open ones, and what is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.values import dataclass
from bot.domain.words import Moment, Text, Words, _, n_
from bot.flows import buttons
from bot.messages import Action, Button, Card, Item, Notice, Tone

DONE = "done"
DONE_IN_STATUS = "done_status"

MOST = 10
"""In one message; with a button each that is about half of what the tightest platform takes."""

MOST_IN_STATUS = 15


@dataclass(frozen=True, slots=True)
class Entry:
    """A matter as a line of a list."""

    id: str
    view: Card
    open: bool = True
    waited: bool = False  # two working days, and nobody has taken care of it


def told(entries: Sequence[Entry]) -> Card:
    """The message about new matters, and the same message after some of them have been closed."""
    open_ones = [entry for entry in entries if entry.open]
    shown = [*open_ones, *(entry for entry in entries if not entry.open)][:MOST]
    if not open_ones:
        return Card(_("Everything here is taken care of"), items=_items(shown), tone=Tone.GOOD)
    return Card(
        n_("{n} thing for a coordinator to look at", "{n} things for a coordinator to look at", len(open_ones)),
        body=_rest(open_ones),
        items=_items(shown),
        buttons=(buttons.STATUS_OF_ALL,),
    )


def _rest(open_ones: Sequence[Entry]) -> tuple[Words, ...]:
    """That more are open than fit in."""
    more = len(open_ones) - MOST
    return (n_("and {n} more: write “status”", "and {n} more: write “status”", more),) if more > 0 else ()


def _items(entries: Sequence[Entry], done: str = DONE) -> tuple[Item, ...]:
    return tuple(_item(entry, done) for entry in entries)


def _item(entry: Entry, do: str) -> Item:
    """A matter with what can be done about it."""
    waited = (_("This has waited for more than two working days."),) if entry.waited and entry.open else ()
    done = (Button(_("Done"), Action(do, entry.id)),) if entry.open else ()
    view = entry.view
    return Item(view.title, (*view.body, *waited), view.facts, (*view.buttons, *done))


def in_status(entries: Sequence[Entry]) -> tuple[Item, ...]:
    """The open matters for the coordinator's view, the oldest first. Their buttons bring that view up to date."""
    more = len(entries) - MOST_IN_STATUS
    rest = n_("and {n} more, shown as these are done", "and {n} more, shown as these are done", more)
    return (*_items(entries[:MOST_IN_STATUS], DONE_IN_STATUS), *((Item(rest),) if more > 0 else ()))


def closed(view: Card, by: str, moment: datetime, zone: str) -> Card:
    """The matter's card once somebody has taken care of it: who and when, and nothing more to press."""
    when = Moment(moment, zone)
    line = _("Taken care of by {name}, {when}.", name=by, when=when) if by else _("Taken care of, {when}.", when=when)
    return replace(view, body=(*view.body, line), buttons=(), tone=Tone.GOOD)


def is_done(view: Card) -> Notice:
    """To whoever presses Done outside the message about it."""
    return Notice(_("Done: {title}", title=view.title), Tone.GOOD)


def gone() -> Notice:
    return Notice(_("This is no longer on the list. Write “status” to see what is."))


def welcome_back(name: str, open_ones: Sequence[Entry], settled: Sequence[Entry]) -> Card:
    """To a coordinator who has been away: what is open now, and what others have taken care of meanwhile."""
    shown = (*open_ones, *settled)[:MOST]
    return Card(
        _("Welcome back, {name}", name=name) if name else _("Welcome back"),
        body=(_("What comes up is sent to you again."), *_meanwhile(len(open_ones), len(settled)), *_rest(open_ones)),
        items=_items(shown),
        buttons=(buttons.STATUS_OF_ALL,),
    )


def _meanwhile(open_ones: int, settled: int) -> tuple[Text, ...]:
    if not open_ones and not settled:
        return (_("Nothing happened while you were away that needs you."),)
    done = n_(
        "{n} thing was taken care of while you were away.",
        "{n} things were taken care of while you were away.",
        settled,
    )
    waits = n_("{n} thing waits to be looked at.", "{n} things wait to be looked at.", open_ones)
    return ((done,) if settled else ()) + ((waits,) if open_ones else ())
