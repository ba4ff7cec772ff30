"""What two results could tell when one is subtracted from the other, looked at before people answer alone once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.refusals import Refusal
from bot.domain.rounds import Box, Mode, Round, State
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


def still_to_ask(visit: Visit, workshop: Workshop, about: Round) -> tuple[Box, ...]:
    """The boxes of a sealed round that tell of nobody, whatever is known already. Raises `Refusal` when none is left.

    A box of which something was shown lately is not asked again, nor one in which those who are only in one of two
    results are fewer than the threshold.
    """
    lately = tuple(_lately(visit, workshop, about))
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


def _check_rest(visit: Visit, about: Round, lately: tuple[Round, ...], box: Box) -> None:
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
    closed_at = one.closed_at if one.state is State.CLOSED else None
    return one.is_open or (closed_at is not None and visit.now < closed_at + _CLOSE)


def _shown(visit: Visit, one: Round) -> frozenset[str]:
    """The boxes of which something is known, or will be when the round closes."""
    if one.is_open:
        return frozenset(box.role for box in one.boxes)
    rated = {box for box, _question in Tallies(visit.connection).of_round(one.id)}
    return frozenset(rated | {answer.box for answer in Answers(visit.connection, visit.now).of_round(one.id)})
