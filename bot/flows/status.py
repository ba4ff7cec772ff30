"""The coordinator's view: how each programme stands, and what did not arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import SeatState
from bot.domain.words import Words, _, n_
from bot.flows import buttons, channels, occasions
from bot.messages import Action, Button, Card, Fact, Item


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


def card(programmes: Iterable[Programme], state: State) -> Card:
    return Card(
        _("Status"),
        facts=tuple(_deliveries(state)),
        items=(
            *state.matters,
            *(_programme(programme, state) for programme in programmes if programme.occasions),
        ),
        buttons=(buttons.ALL_PROGRAMMES, *state.posts),
        refresh=buttons.STATUS_OF_ALL.action,
    )


def _deliveries(state: State) -> Iterator[Fact]:
    for platform, reason, number in state.undelivered:
        text = n_("{n} message: {reason}", "{n} messages: {reason}", number, reason=reason)
        yield Fact(_("Not delivered, {platform}", platform=platform), text)
    if state.missed:
        yield Fact(_("Reminders that were not sent although they should have been"), str(state.missed))
    if state.maybe_twice:
        yield Fact(_("Messages that may have arrived twice"), str(state.maybe_twice))


def _programme(programme: Programme, state: State) -> Item:
    drafts = state.unfinished.get(programme.id, 0)
    begun = (n_("{n} unfinished registration", "{n} unfinished registrations", drafts),) if drafts else ()
    return Item(
        programme.title,
        lines=(*(_occasion(programme, occasion, state) for occasion in programme.occasions), *begun),
        buttons=(
            Button(_("Messages"), Action(buttons.TIMELINE, programme.id)),
            Button(_("Channels"), Action(channels.CHANNELS, programme.id)),
        ),
    )


def _occasion(programme: Programme, occasion: Occasion, state: State) -> Words:
    def count(kind: SeatState) -> int:
        return state.counts.get((programme.id, occasion.id, kind), 0)

    return _(
        "{occasion}: {registered} registered, {waiting} waiting, {cancelled} cancelled",
        occasion=occasions.label(programme, occasion),
        registered=count(SeatState.CONFIRMED),
        waiting=count(SeatState.WAITING) + count(SeatState.OFFERED),
        cancelled=count(SeatState.CANCELLED) + count(SeatState.RELEASED),
    )
