"""What two results could tell when one is subtracted from the other, looked at before people answer alone once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.refusals import Refusal
from bot.domain.rounds import Box, Mode, Round, State
from bot.domain.values import dataclass
from bot.domain.words import _
from bot.domain.workshops import Workshop
from bot.handlers import urns
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.rounds import Rounds
from storage.tallies import Tallies
from storage.workshops import Workshops

_CLOSE = timedelta(days=7)
"""Of people who are asked again so soon, most answer the same: what has changed is whoever came or stayed away."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What of a sealed round can be asked now, and when more of it can."""

    boxes: tuple[Box, ...]
    more_at: datetime | None = None  # None: nothing is left out, or what stands in the way has not closed yet


def still_to_ask(visit: Visit, workshop: Workshop, about: Round) -> tuple[Box, ...]:
    """The boxes of a sealed round that tell of nobody, whatever is known already. Raises `Refusal` when none is left.

    A box of which something was shown lately is not asked again, nor one in which those who are only in one of two
    results are fewer than the threshold.
    """
    return _left(visit, about, tuple(_lately(visit, workshop, about)))


def outlook(visit: Visit, workshop: Workshop, about: Round) -> Outlook:
    """The same before anybody asks, so that the day can be chosen by it."""
    lately = tuple(_lately(visit, workshop, about))
    now = _left_if_any(visit, about, lately)
    for moment in sorted({_old_at(one) for one in lately if not one.is_open}) if now != about.boxes else ():
        later = tuple(one for one in lately if one.is_open or moment < _old_at(one))
        if len(_left_if_any(visit, about, later)) > len(now):
            return Outlook(now, moment)
    return Outlook(now)


def _left_if_any(visit: Visit, about: Round, lately: Sequence[Round]) -> tuple[Box, ...]:
    try:
        return _left(visit, about, lately)
    except Refusal:
        return ()


def _left(visit: Visit, about: Round, lately: Sequence[Round]) -> tuple[Box, ...]:
    """The boxes that can be asked when these rounds have been answered lately. Raises `Refusal` when none is left."""
    same = {role for one in lately if one.organisation == about.organisation for role in _shown(visit, one)}
    boxes = tuple(box for box in about.boxes if box.role not in same)
    if not boxes:
        raise Refusal(
            _("People have answered this alone less than a week ago, and the result is known. "
              "Two results so close to each other could show what single people answered. "
              "Ask again when a week has passed.")
        )  # fmt: skip
    for box in boxes:
        _check_rest(visit, about, lately, box)
    return boxes


def _check_rest(visit: Visit, about: Round, lately: Sequence[Round], box: Box) -> None:
    """The whole programme's result without those of its organisations is that of everybody else."""
    asked = {one.organisation for one in (*lately, about) if one is about or box.role in _shown(visit, one)}
    if "" not in asked or len(asked) == 1:
        return
    everybody = urns.answering(visit, replace(about, organisation=""), box)
    parts = (urns.answering(visit, replace(about, organisation=key), box) for key in asked if key)
    if 0 < len(everybody.difference(*parts)) < about.threshold:
        raise Refusal(
            _("Others have answered this alone less than a week ago. So few are in only one of the two results "
              "that these could show what single people answered. Ask when a week has passed.")
        )  # fmt: skip


def _lately(visit: Visit, workshop: Workshop, about: Round) -> Iterator[Round]:
    """Rounds of the same questions. Another step of this workshop asks them again on purpose, and asks everybody."""
    own = Workshops(visit.connection, visit.now).rounds(workshop.id)
    elsewhere = {id for step, id in own.items() if step != workshop.step.id}
    for one in Rounds(visit.connection, visit.now).of_programme(about.programme):
        is_same = (one.set, one.mode, one.occasion) == (about.set, Mode.SEALED, "")
        if is_same and one.id not in elsewhere and _is_recent(visit, one):
            yield one


def _is_recent(visit: Visit, one: Round) -> bool:
    return one.is_open or (one.state is State.CLOSED and visit.now < _old_at(one))


def _old_at(closed: Round) -> datetime:
    """From when on the result of a round that is over stands in nobody's way."""
    assert closed.closed_at is not None, "what is closed has been closed at some time"
    return closed.closed_at + _CLOSE


def _shown(visit: Visit, one: Round) -> frozenset[str]:
    """The boxes of which something is known, or will be when the round closes."""
    if one.is_open:
        return frozenset(box.role for box in one.boxes)
    rated = {box for box, _question in Tallies(visit.connection).of_round(one.id)}
    return frozenset(rated | {answer.box for answer in Answers(visit.connection, visit.now).of_round(one.id)})
