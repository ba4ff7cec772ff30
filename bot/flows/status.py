"""The coordinator's view: how each programme stands, and what did not arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from bot.domain.faq import COMMON
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import SeatState
from bot.domain.values import dataclass
from bot.domain.words import Listed, Words, _, n_
from bot.flows import (
    buttons,
    channels,
    feedback,
    misses,
    occasions,
    participants,
    plan_cards,
    prompts,
    truth,
    workshops,
)
from bot.messages import Action, Button, Card, Fact, Item

_LOOKED_BACK = timedelta(days=31)
"""A programme stays in view for a month after its last meeting."""


@dataclass(frozen=True, slots=True)
class State:
    """What the coordinator's view is made from. Numbers, never names."""

    counts: Mapping[tuple[str, str, SeatState], int]  # (programme, occasion, state) → seats
    unfinished: Mapping[str, int]  # programme → registrations begun and not confirmed
    undelivered: Sequence[tuple[str, str, int]]  # (platform, reason, number)
    maybe_twice: int
    missed: int
    matters: tuple[Item, ...] = ()  # what somebody has to look at
    posts: tuple[Button, ...] = ()  # ways to share the work
    rounds: tuple[Item, ...] = ()  # the questions that are out, or planned
    misses: Mapping[str, int] = field(default_factory=dict)  # programme → questions that no entry answers
    unanswered: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (programme, occasion) → offers
    feedback: Mapping[str, Words] = field(default_factory=dict)  # programme → how it stands with the latest meeting


def current(programmes: Iterable[Programme], now: datetime) -> tuple[Programme, ...]:
    """The programmes that are going on or lie ahead, the one with the next meeting first."""
    open_ones = (one for one in programmes if one.occasions and one.closed is None)
    going_on = (one for one in open_ones if _last(one) > now - _LOOKED_BACK)
    return tuple(sorted(going_on, key=lambda one: _next(one, now)))


def _last(programme: Programme) -> datetime:
    return max(one.ends_at for one in programme.occasions)


def _next(programme: Programme, now: datetime) -> datetime:
    """When its next meeting ends; for one that is over, long after all others."""
    return min((one.ends_at for one in programme.occasions if one.ends_at > now), default=now + timedelta(days=36500))


def card(programmes: Sequence[Programme], state: State) -> Card:
    return Card(
        _("Status"),
        facts=tuple(_deliveries(state)),
        items=(
            *state.matters,
            *state.rounds,
            *misses.in_status(state.misses.get(COMMON, 0)),
            *(_programme(one, occasions.programme_name(one, programmes), state) for one in programmes),
        ),
        buttons=(buttons.ALL_PROGRAMMES, *state.posts),
        refresh=buttons.STATUS_OF_ALL.action,
    )


def _deliveries(state: State) -> Iterator[Fact]:
    for platform, reason, number in state.undelivered:
        text = n_("{n} message: {reason}", "{n} messages: {reason}", number, reason=truth.reason(reason))
        yield Fact(_("Not delivered, {platform}", platform=platform.title()), text)
    if state.missed:
        yield Fact(_("Reminders that were not sent although they should have been"), str(state.missed))
    if state.maybe_twice:
        yield Fact(_("Messages that may have arrived twice"), str(state.maybe_twice))


def _programme(programme: Programme, name: Words, state: State) -> Item:
    drafts = state.unfinished.get(programme.id, 0)
    begun = (n_("{n} unfinished registration", "{n} unfinished registrations", drafts),) if drafts else ()
    waits = state.misses.get(programme.id, 0)
    thoughts = state.feedback.get(programme.id)
    return Item(
        _("Draft: {title}", title=name) if programme.draft else name,
        lines=(*begun, *((misses.how_many(waits),) if waits else ()), *((thoughts,) if thoughts else ())),
        facts=tuple(_occasion(programme, occasion, state) for occasion in programme.occasions),
        buttons=(
            participants.way_to(programme),
            Button(_("Messages"), Action(buttons.TIMELINE, programme.id)),
            Button(_("Channels"), Action(channels.CHANNELS, programme.id)),
            prompts.ask_button(programme.id),
            plan_cards.matrix_of(programme.id),
            Button(_("What people need"), Action(buttons.NEEDS, programme.id)),
            misses.way_to(programme.id),
            *workshops.way_to(programme),
            *((feedback.way_to(programme.id),) if thoughts else ()),
            Button(_("The programme"), Action(buttons.PROGRAMME, programme.id)),
        ),
    )


def _occasion(programme: Programme, occasion: Occasion, state: State) -> Fact:
    def count(*kinds: SeatState) -> int:
        return sum(state.counts.get((programme.id, occasion.id, kind), 0) for kind in kinds)

    waiting = count(SeatState.WAITING, SeatState.OFFERED)
    cancelled, unanswered = count(SeatState.CANCELLED), state.unanswered.get((programme.id, occasion.id), 0)
    standing: tuple[Words, ...] = (
        n_("{n} registered", "{n} registered", count(SeatState.CONFIRMED)),
        *((n_("{n} on the waiting list", "{n} on the waiting list", waiting),) if waiting else ()),
        *((n_("{n} did not answer an offer", "{n} did not answer an offer", unanswered),) if unanswered else ()),
        *((n_("{n} cancelled", "{n} cancelled", cancelled),) if cancelled else ()),
    )
    return Fact(occasions.label(programme, occasion), Listed(standing))
