"""What it costs to give up a seat, by the programme's own rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.prices import quote
from bot.domain.programmes import Programme
from bot.domain.registrations import Seat, SeatState


def fee(programme: Programme, seats: tuple[Seat, ...], now: datetime) -> int:
    """Whole kronor excluding VAT for cancelling these seats now; 0 while it is free."""
    counts: dict[str, int] = {}
    for seat in _late(programme, seats, now):
        counts[seat.occasion] = counts.get(seat.occasion, 0) + 1
    return quote(programme, counts, {}).total * programme.prices.late_cancellation // 100


def shares(programme: Programme, seats: tuple[Seat, ...], now: datetime) -> Mapping[str, int]:
    """Seat id → what it bears of the fee for these seats: some of them may be taken back without the others."""
    late = _late(programme, seats, now)
    each, over = divmod(fee(programme, seats, now), len(late) or 1)
    return {seat.id: each + (over if number == 0 else 0) for number, seat in enumerate(late)}


def _late(programme: Programme, seats: tuple[Seat, ...], now: datetime) -> list[Seat]:
    return [seat for seat in seats if seat.state is SeatState.CONFIRMED and _is_late(programme, seat, now)]


def _is_late(programme: Programme, seat: Seat, now: datetime) -> bool:
    free_until = programme.occasion(seat.occasion).free_until
    return free_until is not None and now >= free_until
