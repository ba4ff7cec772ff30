"""What coordinators are told when a programme's file has been loaded that changes something for those who take part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.changes import Change
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.values import dataclass
from bot.domain.words import Day, Moment, Words, _, n_
from bot.flows import amending, announcements, buttons
from bot.messages import Action, Button, Card, Item, Tone


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a programme since its file was loaded."""

    programme: Programme
    changes: tuple[Change, ...] = ()  # that people are told of
    added: tuple[Occasion, ...] = ()
    told: int = 0  # people
    told_at: datetime | None = None  # UTC; None when nobody is told of a change


def card(news: News) -> Card:
    """Each change with the way to take it back, as long as nobody has been told."""
    programme = news.programme
    return Card(
        _("The programme's file has been loaded: {title}", title=programme.title),
        body=(_("What it changes for those who take part:"), *_when(news)),
        items=(*(_changed(programme, one) for one in news.changes), *(_added(programme, one) for one in news.added)),
        buttons=(
            *((Button(_("Tell them now"), Action(amending.TELL_NOW, programme.id)),) if news.told else ()),
            Button(_("See all messages"), Action(buttons.TIMELINE, programme.id)),
        ),
        tone=Tone.WARNING,
    )


def _when(news: News) -> Iterator[Words]:
    if news.told and news.told_at is not None:
        at = Moment(news.told_at, news.programme.zone)
        yield n_("{n} person is told on {time}.", "{n} people are told on {time}.", news.told, time=at)
    if keeping := len(news.programme.agreed):
        yield n_(
            "The prices are new. {n} organisation that is registered keeps those from before.",
            "The prices are new. {n} organisations that are registered keep those from before.",
            keeping,
        )


def _changed(programme: Programme, change: Change) -> Item:
    lines = tuple(announcements.in_words(programme, change))
    return Item(announcements.headline_of(programme, change), lines, buttons=(amending.undo(programme, change.after),))


def _added(programme: Programme, occasion: Occasion) -> Item:
    day = Day(local_day(occasion.starts_at, programme.zone))
    told = _("Those who take part hear of it on the next working day.")
    return Item(_("New meeting: {title}, {day}", title=occasion.title, day=day), (told,))
