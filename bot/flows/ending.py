"""Closing an edition that is over: what is erased at once, what stays, and what has to be fetched or ended first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.programmes import Programme, local_day
from bot.domain.rounds import Mode, Round, State
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, Words, _, n_
from bot.domain.workshops import State as Under
from bot.domain.workshops import Workshop
from bot.flows import buttons, challenges, plan_cards
from bot.flows import rounds as round_words
from bot.messages import Action, Button, Card, Fact, Item, Notice, Tone

CLOSE = "close_edition"  # about a programme; so are those that follow
SURE = "close_edition_sure"
NOW = "close_edition_now"
TELL = "tell_before_closing"


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of people in an edition, in numbers."""

    names: int = 0  # seats with a name
    members: int = 0  # of groups
    plan_rows: int = 0
    challenges: int = 0
    workshops: int = 0
    guests: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as it stands, for whoever thinks of closing it."""

    programme: Programme
    now: datetime
    held: Held
    rounds: tuple[Round, ...]  # all of them, however they stand
    workshops: tuple[Workshop, ...]  # that go on
    message_days: int  # for so long messages are kept
    coming: int = 0  # reminders that were still to be sent

    @property
    def unfinished(self) -> tuple[Round, ...]:
        return tuple(one for one in self.rounds if one.state in (State.PLANNED, State.OPEN))

    @property
    def can_close(self) -> bool:
        return self.programme.is_over(self.now) and not self.unfinished and not self.workshops


def way(programme: Programme, now: datetime) -> tuple[Button, ...]:
    """For coordinators, once every meeting lies behind."""
    if programme.closed is not None or programme.draft or not programme.is_over(now):
        return ()
    return (Button(_("Close the edition"), Action(CLOSE, programme.id)),)


def _whose(programme: Programme) -> Text:
    return _("{title} · {edition}", title=programme.title, edition=programme.edition)


def _to_programme(label: Text, programme: Programme) -> Button:
    return Button(label, Action(buttons.PROGRAMME, programme.id))


# --- First: what it means ---------------------------------------------------------------------------------------------


def ask(edition: Edition) -> Card:
    """What is erased and what stays, with the ways to what should be fetched before."""
    programme = edition.programme
    return Card(
        _("Close the edition?"),
        body=(_whose(programme), *_what_goes(edition), *_what_stays(edition)),
        facts=tuple(_numbers(edition.held)),
        items=tuple(_to_fetch(edition)),
        buttons=(
            Button(_("I have what I need"), Action(SURE, programme.id), tone=Tone.DANGER),
            _to_programme(_("Not now"), programme),
        ),
    )


def _what_goes(edition: Edition) -> Iterator[Words]:
    yield n_(
        "What names people is erased at once, and not {n} day after the meetings: who took part, who booked for "
        "others, who was in which group or post, the plans, the workshops and people’s own challenges.",
        "What names people is erased at once, and not {n} days after the meetings: who took part, who booked for "
        "others, who was in which group or post, the plans, the workshops and people’s own challenges.",
        edition.programme.keep_names,
    )
    yield _("Guests who take part in nothing else are erased altogether. Links to workshops open nothing any more.")
    if edition.coming:
        yield n_(
            "{n} reminder that was still to come is not sent.",
            "{n} reminders that were still to come are not sent.",
            edition.coming,
        )


def _what_stays(edition: Edition) -> Iterator[Words]:
    yield n_(
        "What stays: how many took part from each organisation, references for invoices, and until {n} day after each "
        "round what the groups have written, without saying who held the pen.",
        "What stays: how many took part from each organisation, references for invoices, and until {n} days after each "
        "round what the groups have written, without saying who held the pen.",
        edition.programme.keep_answers,
    )
    yield _("Links to boards and documents still open what is there. People keep their accounts.")
    yield n_(
        "Messages that were sent are kept for {n} day, as always.",
        "Messages that were sent are kept for {n} days, as always.",
        edition.message_days,
    )


def _numbers(held: Held) -> Iterator[Fact]:
    counted = (
        (_("Seats with a name"), held.names),
        (_("Places in groups"), held.members),
        (_("Rows in plans"), held.plan_rows),
        (_("Own challenges"), held.challenges),
        (_("Workshops"), held.workshops),
        (_("Guests"), held.guests),
    )
    return (Fact(label, str(number)) for label, number in counted if number)


def _to_fetch(edition: Edition) -> Iterator[Item]:
    """Where to get what one may want to keep."""
    if edition.held.plan_rows:
        yield Item(_("The plans"), buttons=(plan_cards.matrix_of(edition.programme.id),))
    if edition.held.challenges:
        can = _(
            "Whoever has written one can still have all of it on one page. I can tell them that before it is erased."
        )
        yield Item(_("Own challenges"), (can,), buttons=(Button(_("Tell them"), Action(TELL, edition.programme.id)),))
    for one in edition.rounds:
        if one.state is State.CLOSED:
            day = Day(local_day(one.closed_at or edition.now, edition.programme.zone))
            word = Button(_("Download Word"), Action(buttons.DOCUMENTS, one.id))
            yield Item(one.title, lines=(_("Closed {day}", day=day),), buttons=(word,))


def erased_soon(programme: Programme) -> Card:
    """To whoever has written a challenge: the last time to have it."""
    return Card(
        _("Soon this edition is closed"),
        body=(
            _whose(programme),
            _("What you have written about your own challenge is erased then. Fetch it now if you want to keep it."),
        ),
        buttons=(challenges.thread(programme.id),),
    )


def told(programme: Programme, writers: int) -> Card:
    """To the coordinator who lets them be told."""
    return Card(
        n_("{n} person is told", "{n} people are told", writers),
        body=(_whose(programme), _("Give them a few days before you close the edition.")),
        buttons=(_to_programme(_("The programme"), programme),),
        tone=Tone.GOOD,
    )


# --- Then: once more --------------------------------------------------------------------------------------------------


def ask_again(edition: Edition) -> Card:
    """The second time that it is asked."""
    programme = edition.programme
    return Card(
        _("Is everything fetched?"),
        body=(
            _whose(programme),
            _("This cannot be undone. If a backup is put back, it is all erased again."),
        ),
        facts=tuple(_numbers(edition.held)),
        buttons=(
            Button(_("Close the edition"), Action(NOW, programme.id), tone=Tone.DANGER),
            _to_programme(_("No, keep everything"), programme),
        ),
        tone=Tone.WARNING,
    )


def done(programme: Programme) -> Card:
    return Card(
        _("The edition is closed"),
        body=(
            _whose(programme),
            _("What identified people has been erased. The numbers and what the groups wrote are there."),
        ),
        buttons=(_to_programme(_("The programme"), programme),),
        tone=Tone.GOOD,
    )


def is_erased() -> Text:
    """To whoever presses something about a registration that was made for an edition which is closed."""
    return _("This edition is closed. What identified people has been erased, so nothing can be changed here any more.")


def already(programme: Programme, closed: datetime) -> Notice:
    return Notice(_("This edition was closed on {day}.", day=Day(local_day(closed, programme.zone))))


# --- What stands in the way -------------------------------------------------------------------------------------------


def not_yet(edition: Edition) -> Card:
    """What has to be over before."""
    programme = edition.programme
    ahead = () if programme.is_over(edition.now) else (_("There are meetings that have not been held yet."),)
    first = (_("First close what is open:"),) if edition.unfinished or edition.workshops else ()
    return Card(
        _("The edition cannot be closed yet"),
        body=(_whose(programme), *ahead, *first),
        items=tuple(_open(edition)),
        buttons=(_to_programme(_("The programme"), programme),),
        tone=Tone.WARNING,
    )


def _open(edition: Edition) -> Iterator[Item]:
    for workshop in edition.workshops:
        paused = (_("It is paused. Go on with it, or end it."),) if workshop.state is Under.PAUSED else ()
        yield Item(workshop.script.title, paused, buttons=(round_words.to_workshop(workshop.id),))
    for one in edition.unfinished:
        still = (_("Its sealed answers are opened when it closes, or destroyed if they are too few."),)
        lines = still if one.is_open and one.mode is Mode.SEALED else ()
        yield Item(one.title, lines, buttons=(Button(_("How it stands"), Action(buttons.ROUND, one.id)),))
