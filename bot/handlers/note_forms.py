"""What a group is asked in a round of notes, and what the form of its notes begins with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain import notes
from bot.domain.board import Answer
from bot.domain.programmes import Programme
from bot.domain.refusals import NotAllowed
from bot.domain.rounds import Asked, Round
from bot.domain.words import _
from bot.flows import noting, rating
from bot.handlers import groups
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.groups import Group
from storage.rounds import Rounds


def asked_of(scene: Scene, found: Round, group: Group) -> tuple[Asked, ...]:
    """What a group is asked. Raises `NotAllowed` when that is nothing."""
    asked = asked_in(scene.programme(found.programme), found, group, scene.person.organisation or "")
    if not asked:
        raise NotAllowed(_("This round does not ask your group. Write “answer” to see what is open to you."))
    return asked


def asked_in(programme: Programme, found: Round, group: Group, organisation: str = "") -> tuple[Asked, ...]:
    """What a group is asked, when its notes are written by somebody from this organisation (its key, if any)."""
    if groups.box_of(found, group) is None:
        return ()
    marks = programme.marks_of(group.organisation_key) | programme.marks_of(organisation)
    return found.box(group.role).asked_of(marks)


def begun(scene: Scene, found: Round, group: Group, page: int | None = None) -> noting.Notes:
    """What the form begins with: the group's draft, as much of it as there is room for, and its ratings.

    Parameters
    ----------
    page
        Which of the forms; None for the first in which the group has nothing yet.
    """
    draft = Rounds(scene.visit.connection, scene.visit.now).draft(found.id, group.id)
    rated = ratings_of(scene.visit, found, group)
    pages = rating.pages(asked_of(scene, found, group))
    chosen = rating.begin_at(pages, {*draft, *_answered(scene.visit, found, group)}) if page is None else page
    number = min(chosen, len(pages) - 1)
    texts = _texts(pages[number], draft)
    room = {question: notes.beginning(text, noting.ROOM) for question, text in texts.items()}
    ids = [asked.id for asked in pages[number] if asked.scale is not None]
    ratings = {id: draft.get(id) or rated.get(id, "") for id in ids}
    before = {id: rated[id] for id in ids if id in rated}
    return noting.Notes(
        found.id, group.id, room, room, more=room != texts, ratings=ratings, rated=before, page=number
    )  # fmt: skip


def _texts(questions: Sequence[Asked], draft: notes.Texts) -> dict[str, str]:
    return {asked.id: draft[asked.id] for asked in questions if asked.scale is None and asked.id in draft}


def ratings_of(visit: Visit, found: Round, group: Group) -> notes.Texts:
    """Question → the value that the group has agreed on."""
    return {one.question: one.text for one in _of_group(visit, found, group) if found.is_rated(one.box, one.question)}


def _answered(visit: Visit, found: Round, group: Group) -> Collection[str]:
    return {one.question for one in _of_group(visit, found, group)}


def _of_group(visit: Visit, found: Round, group: Group) -> tuple[Answer, ...]:
    return Answers(visit.connection, visit.now).of_group(found.id, group.id)
