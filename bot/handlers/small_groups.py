"""In which group somebody talks in a workshop: asked once, whoever holds the pen there, and remembered to its end."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.rounds import Round
from bot.domain.workshops import Workshop
from bot.handlers import groups, joining
from bot.handlers.resting import resting
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage.groups import Group
from storage.workshops import Workshops


def workshop_of(visit: Visit, found: Round) -> Workshop | None:
    """The workshop that a round was opened for."""
    return Workshops(visit.connection, visit.now).of_round(found.id)


def divided(visit: Visit, found: Round) -> frozenset[str]:
    """The small groups that an organisation's people were divided into, where everybody writes into one box."""
    if not found.organisation or found.is_by_role:
        return frozenset()
    small = frozenset(group.id for group in joining.of_role(visit, found.programme, "", found.organisation))
    return small - resting(visit, found.programme)


def chosen(visit: Visit, found: Round, person: str, meant: list[Group]) -> list[Group]:
    """Of several groups the one that somebody chose in the same workshop, if they have."""
    since = _chosen_since(visit, found, person) if len(meant) > 1 else ()
    return next(([group] for id in since for group in meant if group.id == id), meant)


def _chosen_since(visit: Visit, found: Round, person: str) -> Sequence[str]:
    """The groups that somebody has joined or chosen since the workshop began, the last one first."""
    workshop = workshop_of(visit, found)
    if workshop is None:
        return ()
    return joining.of(visit).joined(found.programme, person, since=workshop.begun_at)


def remember(scene: Scene, found: Round, group: Group) -> None:
    """Let it be the person's choice until the workshop ends."""
    if workshop_of(scene.visit, found) is not None:
        joining.of(scene.visit).prefer(group.id, scene.person.id)


def offered(scene: Scene, found: Round, own: Sequence[Group]) -> tuple[Group, ...]:
    """As `offered_to`; where somebody writes from a group's channel, that is the group that they talk in."""
    if groups.talking_here(scene, found.programme):
        return ()
    return offered_to(scene.visit, found, scene.person.id, own)


def offered_to(visit: Visit, found: Round, person: str, own: Sequence[Group]) -> tuple[Group, ...]:
    """The small groups of a workshop of the whole programme, to somebody who is in a group of their role alone.

    Whoever has said in this workshop that they talk in that one is not asked again.
    """
    if found.organisation or found.is_by_role:
        return ()
    if any(group.is_whole or not group.role for group in own) or workshop_of(visit, found) is None:
        return ()
    if set(_chosen_since(visit, found, person)) & {group.id for group in own}:
        return ()
    out_of_use = resting(visit, found.programme)
    small = (group for group in joining.of_role(visit, found.programme, "") if group.id not in out_of_use)
    return tuple(group for group in small if joining.may_join(visit, group, person))
