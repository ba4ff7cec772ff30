"""A programme's next edition: copied from the last one, looked through as a draft, and published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from bot.conversation import Flow
from bot.domain.calendar_shift import YEAR
from bot.domain.nudges import schedule
from bot.domain.programmes import Enrolment, Format, Occasion, Programme, local_day
from bot.domain.refusals import FieldRefused
from bot.domain.values import dataclass
from bot.domain.words import Listed, Text, Words, _, n_
from bot.flows import amending, buttons, occasions, own_reminders, prompts, rulebook
from bot.flows.effects import doubts
from bot.messages import Action, Button, Card, Fact, Form, Item, TextField, Tone

COPY, PUBLISH = "copy", "publish"
_MOST_CHARS = 75  # of an edition's name, as in programme files


@dataclass(frozen=True, slots=True)
class Facts:
    """The programme that is copied or published."""

    programme: Programme
    now: datetime


class EditionDesk(Protocol):
    """What the flows act through."""

    def copy(self, programme: str, edition: str, days: int) -> Programme:
        """Make a draft of a new edition, with all dates so many days later."""

    def publish(self, programme: str) -> Programme:
        """Let everybody see the draft, and its messages go."""


# --- Copy -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copy:
    """What has been answered about a new edition."""

    programme: str
    edition: str = ""
    first: str = ""  # day of the first meeting


copy: Flow[Copy, Facts, EditionDesk] = Flow(COPY, Copy, version=1)


@copy.ask("edition")
def ask_edition(draft: Copy, facts: Facts) -> Form:
    return Form(
        _("Copy to a new edition"),
        (
            TextField("edition", _("Edition"), _("For example spring 2028"), max_chars=_MOST_CHARS),
            TextField("first", _("First meeting"), _("For example 20 May or 2027-05-20"), max_chars=20),
        ),
        intro=(
            facts.programme.title,
            _("All dates move by the same number of days. It is a draft, and nothing is sent before you publish it."),
        ),
        values={} if draft.first else {"first": _a_year_later(facts).isoformat()},
        submit=_("Copy"),
    )


def _first_day(facts: Facts) -> date:
    return local_day(facts.programme.occasions[0].starts_at, facts.programme.zone)


def _a_year_later(facts: Facts) -> date:
    """The same weekday a year later, or as many years as it takes to lie ahead."""
    day = _first_day(facts) + YEAR
    while day <= local_day(facts.now, facts.programme.zone):
        day += YEAR
    return day


def _wanted_first_day(draft: Copy, facts: Facts) -> date:
    return amending.day_of(draft.first, "first", local_day(facts.now, facts.programme.zone))


@copy.check("edition")
def check_edition(draft: Copy, facts: Facts) -> Copy:
    if _wanted_first_day(draft, facts) <= _first_day(facts):
        raise FieldRefused("first", _("The new edition has to begin later than this one."))
    return draft


@copy.on_done
def do_copy(draft: Copy, facts: Facts, desk: EditionDesk) -> Card:
    days = (_wanted_first_day(draft, facts) - _first_day(facts)).days
    made = desk.copy(facts.programme.id, draft.edition, days)
    return draft_card(made, facts.now)


# --- Publish ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Publish:
    """Nothing is asked but whether it is right."""

    programme: str


publish: Flow[Publish, Facts, EditionDesk] = Flow(PUBLISH, Publish, version=1)


@publish.ask("confirm")
def ask_publish(draft: Publish, facts: Facts) -> Form:
    programme = facts.programme
    messages = schedule(replace(programme, draft=False))
    coming = tuple(one for one in messages if one.due_at > facts.now)
    return Form(
        _("Publish"),
        intro=(
            programme.title,
            _("Everybody sees the programme then, and its reminders are sent."),
            *(doubt for one in programme.occasions for doubt in doubts(one, programme, facts.now)),
        ),
        facts=(
            *_dates(programme),
            *_missing_facts(programme),
            Fact(_("Reminders"), n_("{n} reminder is planned", "{n} reminders are planned", len(coming))),
        ),
        submit=_("Publish"),
    )


def _dates(programme: Programme) -> Iterator[Fact]:
    for occasion in programme.occasions:
        yield Fact(occasion.title, occasions.hours(programme, occasion))


def _missing_facts(programme: Programme) -> Iterator[Fact]:
    for what, where in missing(programme):
        yield Fact(_("Still missing"), _("{what}: {where}", what=what, where=where))


def missing(programme: Programme) -> tuple[tuple[Words, Words], ...]:
    """What is not known yet, and of which meeting; all of it can be filled in after publishing."""
    return tuple(_missing(programme))


def _missing(programme: Programme) -> Iterator[tuple[Words, Words]]:
    for occasion in programme.occasions:
        lacking = tuple(_lacking(occasion))
        if lacking:
            yield Listed(lacking), occasion.title
    if not programme.contacts:
        yield _("somebody to contact"), programme.title
    if programme.enrolment is not Enrolment.CLOSED and not programme.occasions:
        yield _("meetings"), programme.title


_AGENDA = {"dagordning", "agenda", "dagsorden", "saksliste", "program"}


def _names_agenda(occasion: Occasion) -> bool:
    """Whether what is to be announced already says that the agenda is."""
    return any(text.casefold() in _AGENDA for one in occasion.to_come for text in one.wordings.values())


def _lacking(occasion: Occasion) -> Iterator[Words]:
    if not occasions.where(occasion):
        yield _("place")
    if occasion.format is not Format.ON_SITE and not occasion.link:
        yield _("joining link")
    if not occasion.agenda and not _names_agenda(occasion):
        yield _("agenda")
    yield from occasion.still_to_come


@publish.on_done
def do_publish(draft: Publish, facts: Facts, desk: EditionDesk) -> Card:
    made = desk.publish(facts.programme.id)
    return Card(
        _("Published: {title}", title=made.title),
        buttons=(*ways(made), Button(_("Programme"), Action(buttons.PROGRAMME, made.id))),
        tone=Tone.GOOD,
    )


# --- The coordinator's own card ---------------------------------------------------------------------------------------


def ways(programme: Programme, *, is_over: bool = False) -> tuple[Button, ...]:
    """What a coordinator can do with a programme; when it is over, no meeting can be changed any more."""
    return tuple(_ways(programme, is_over))


def _ways(programme: Programme, is_over: bool) -> Iterator[Button]:
    if programme.draft:
        yield Button(_("Publish"), Action(PUBLISH, programme.id), tone=Tone.PRIMARY, opens_form=True)
    if programme.occasions and not is_over:
        yield Button(_("Change meeting"), Action(amending.AMEND, programme.id), opens_form=True)
        yield Button(_("Cancel meeting"), Action(amending.CALL_OFF, programme.id), opens_form=True)
    if not programme.draft and programme.closed is None:
        yield prompts.ask_button(programme.id)
    yield Button(_("Reminders of the programme"), Action(rulebook.RULES, programme.id), opens_form=True)
    yield own_reminders.all_of(programme)
    yield Button(_("See all messages"), Action(buttons.TIMELINE, programme.id))
    if programme.occasions:
        yield Button(_("Copy to a new edition"), Action(COPY, programme.id), opens_form=True)


def card(programme: Programme, now: datetime) -> Card:
    """A programme as its coordinators look after it."""
    if programme.draft:
        return draft_card(programme, now)
    return Card(programme.title, (_edition(programme),), tuple(_dates(programme)), buttons=ways(programme))


def _edition(programme: Programme) -> Text:
    return _("Edition: {edition}", edition=programme.edition)


def draft_card(programme: Programme, now: datetime) -> Card:
    """A draft: its dates as a proposal, what to look at twice, and what is still missing."""
    items = tuple(
        Item(what, lines=lines)
        for what, lines in (
            (_("Please look twice"), tuple(w for one in programme.occasions for w in doubts(one, programme, now))),
            (_("Still missing"), tuple(_("{what}: {where}", what=w, where=m) for w, m in missing(programme))),
        )
        if lines
    )
    return Card(
        _("Draft: {title}", title=programme.title),
        body=(_edition(programme), _("Only coordinators see it, and nothing is sent before you publish it.")),
        facts=tuple(_dates(programme)),
        items=items,
        buttons=ways(programme),
    )
