"""What a programme's file says of its meetings, and what coordinators have said of them in chat since.

Of what can be said in both places, chat wins until the file itself says something new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.domain.changes import with_occasion
from bot.domain.programmes import Occasion, Programme

_IN_CHAT = ("days", "deadline", "free_until", "agenda", "format", "place", "link", "cancelled")
_MOVES_WITH_THE_DAYS = frozenset({"deadline", "free_until"})


def as_amended(standing: Occasion, wanted: Occasion) -> Occasion:
    """The meeting with what can be said of it in chat taken from `wanted`."""
    return _with(standing, wanted, _IN_CHAT)


def amended(programme: Programme, wanted: Occasion) -> Programme:
    """The programme as a coordinator wants a meeting of it; what the file says of that meeting is remembered."""
    filed = {one.id: one for one in programme.filed}
    in_file = filed.get(wanted.id, programme.occasion(wanted.id))
    after = with_occasion(programme, wanted)
    return replace(after, filed=_remembered(filed | {wanted.id: in_file}, after.occasions))


def after_loading(before: Programme, file: Programme) -> Programme:
    """What the file says, with what was said in chat of whatever the file says as it did then."""
    filed = {one.id: one for one in before.filed}
    standing = {one.id: one for one in before.occasions}
    written = {one.id: one for one in file.occasions if one.id in filed}
    occasions = tuple(
        _as_in_chat(standing[one.id], filed[one.id], one) if one.id in written else one for one in file.occasions
    )
    return replace(file, occasions=occasions, filed=_remembered(written, occasions))


def _as_in_chat(standing: Occasion, filed: Occasion, written: Occasion) -> Occasion:
    same = {name for name in _IN_CHAT if getattr(written, name) == getattr(filed, name)}
    if "days" not in same:
        same -= _MOVES_WITH_THE_DAYS
    return _with(written, standing, same)


def _remembered(filed: dict[str, Occasion], occasions: tuple[Occasion, ...]) -> tuple[Occasion, ...]:
    """What the file says of those meetings of which chat says something else."""
    return tuple(filed[one.id] for one in occasions if one.id in filed and as_amended(one, filed[one.id]) != one)


def _with(occasion: Occasion, other: Occasion, names: Iterable[str]) -> Occasion:
    taken: dict[str, Any] = {name: getattr(other, name) for name in names}
    return replace(occasion, **taken)
