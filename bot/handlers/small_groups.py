"""In which group somebody talks in a workshop: asked once, whoever holds the pen there, and remembered to its end."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.rounds import Round
from bot.domain.workshops import Workshop
from bot.handlers import groups, joining
from bot.handlers.scene import Scene
from storage.groups import Group
from storage.workshops import Workshops


def workshop_of(scene: Scene, found: Round) -> Workshop | None:
    """The workshop that a round was opened for."""
    return Workshops(scene.visit.connection, scene.visit.now).of_round(found.id)


def divided(scene: Scene, found: Round) -> frozenset[str]:
    """The small groups that an organisation's people were divided into, where everybody writes into one box."""
    if not found.organisation or not _is_for_everybody(found):
        return frozenset()
    return frozenset(group.id for group in joining.of_role(scene.visit, found.programme, "", found.organisation))


def _is_for_everybody(found: Round) -> bool:
    return not any(box.role for box in found.boxes)


def chosen(scene: Scene, found: Round, meant: list[Group]) -> list[Group]:
    """Of several groups the one that the person chose in the same workshop, if they have."""
    since = _chosen_since(scene, found) if len(meant) > 1 else ()
    return next(([group] for id in since for group in meant if group.id == id), meant)


def _chosen_since(scene: Scene, found: Round) -> Sequence[str]:
    """The groups that the person has joined or chosen since the workshop began, the last one first."""
    workshop = workshop_of(scene, found)
    if workshop is None:
        return ()
    return joining.of(scene.visit).joined(found.programme, scene.person.id, since=workshop.begun_at)


def remember(scene: Scene, found: Round, group: Group) -> None:
    """Let it be the person's choice until the workshop ends."""
    if workshop_of(scene, found) is not None:
        joining.of(scene.visit).prefer(group.id, scene.person.id)


def offered(scene: Scene, found: Round, own: Sequence[Group]) -> tuple[Group, ...]:
    """The small groups of a workshop of the whole programme, to somebody who is in a group of their role alone.

    Whoever has said in this workshop that they talk in that one is not asked again.
    """
    if found.organisation or not _is_for_everybody(found) or groups.talking_here(scene, found.programme):
        return ()
    if any(group.is_whole or not group.role for group in own) or workshop_of(scene, found) is None:
        return ()
    if set(_chosen_since(scene, found)) & {group.id for group in own}:
        return ()
    small = joining.of_role(scene.visit, found.programme, "")
    return tuple(group for group in small if groups.may_join(scene, group))
