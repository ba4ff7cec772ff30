"""What can be handed out of a round: all of it, a group's part, an organisation's and the plans; and the link to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.documents.dossier import Dossier, Missing, Plan
from bot.domain.board import Answer, Board, Heading, Part, Standing
from bot.domain.organisations import Directory
from bot.domain.plans import PlanRow
from bot.domain.programmes import Programme
from bot.domain.rounds import Mode
from bot.domain.values import dataclass
from bot.domain.words import Words, _
from bot.flows import moderation
from bot.handlers import boards, leaders
from bot.handlers.group_names import name_of
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.groups import Group, Groups
from storage.links import Kind, Links
from storage.plans import Plans

# --- Reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that the documents of a round are made of, as it stood when it was read."""

    programme: Programme
    board: Board
    answers: tuple[Answer, ...]
    groups: tuple[Group, ...]
    plans: tuple[PlanRow, ...]
    called: Mapping[str, Words]  # group → name
    organisations: Mapping[str, str]  # key → name, of all that take part or have a plan
    read_at: datetime  # UTC

    @property
    def by_group(self) -> bool:
        """Whether a group's part can be told from the rest: never where everybody answered for themselves."""
        return self.board.round.mode is Mode.NOTES

    def own_groups(self) -> tuple[Group, ...]:
        """The groups that have a document of their own: those with a box in the round.

        Where people wrote in small groups, the others were out of use that day, but for those that wrote all the same.
        """
        there = tuple(group for group in self.groups if self.by_group and _has_box(self.board, group))
        wrote = {answer.group for answer in self.answers}
        is_divided = any(not one.role and not one.is_whole and one.id in wrote for one in there)
        return tuple(one for one in there if not is_divided or not one.role or one.id in wrote)

    def own_organisations(self) -> Mapping[str, str]:
        """Key → name of the organisations that have a document: with a plan, or with a group that has one."""
        keys = {row.organisation_key for row in self.plans} | {group.organisation_key for group in self.own_groups()}
        return {key: name for key, name in self.organisations.items() if key in keys}


def read(
    connection: Connection, now: datetime, programmes: Mapping[str, Programme], directory: Directory, id: str
) -> Shelf | None:
    """What the documents of a round are made of; None where there is no board.

    Of a round that one organisation alone is asked, nothing of the others is there.
    """
    whole = boards.read(connection, now, programmes, id)
    if whole is None:
        return None
    programme = programmes[whole.round.programme]
    only = whole.round.organisation
    groups = tuple(
        one for one in Groups(connection, now).of_programme(programme.id) if only in ("", one.organisation_key)
    )
    plans = () if whole.round.occasion else Plans(connection, now).of_programme(programme.id)
    plans = tuple(row for row in plans if only in ("", row.organisation_key))
    named = _named(Groups(connection, now).organisations(programme.id), groups, plans, directory)
    return Shelf(
        programme=programme,
        board=whole,
        answers=Answers(connection, now).of_round(id),
        groups=groups,
        called={one.id: name_of(programme, directory, one) for one in groups},
        plans=plans,
        organisations={key: name for key, name in named if only in ("", key)},
        read_at=now,
    )


def _named(
    seated: Mapping[str, str], groups: Iterable[Group], plans: Iterable[PlanRow], directory: Directory
) -> Iterator[tuple[str, str]]:
    """(key, name) in the order of the names: as the directory has it, else as people wrote it."""
    written = {row.organisation_key: row.organisation for row in plans} | dict(seated)
    keys = {*written, *(group.organisation_key for group in groups)} - {""}
    named = {key: known.name if (known := directory.get(key)) else written.get(key, key) for key in keys}
    yield from sorted(named.items(), key=lambda entry: (entry[1].casefold(), entry[0]))


def _has_box(whole: Board, group: Group) -> bool:
    return any(box.role in (group.role, "") for box in whole.round.boxes)


# --- Documents --------------------------------------------------------------------------------------------------------


def whole(shelf: Shelf) -> Dossier:
    """Everything, with who is missing: for coordinators and the organiser."""
    plans = tuple(_plans(shelf, shelf.plans))
    whose = shelf.organisations.get(shelf.board.round.organisation, "")
    return _dossier(shelf, shelf.board, about=whose, plans=plans, missing=missing(shelf))


def of_plans(shelf: Shelf) -> Dossier:
    """The plans of all organisations, without the board."""
    plans = tuple(_plans(shelf, shelf.plans))
    return _dossier(shelf, replace(shelf.board, parts=()), about=_("Plans"), plans=plans)


def of_group(shelf: Shelf, id: str) -> Dossier | None:
    """What a group has written; None for a group that has no document."""
    for group in shelf.own_groups():
        if group.id == id:
            about = _("The group {name}", name=shelf.called[group.id])
            return _dossier(shelf, _part_of(shelf, (group,)), about=about)
    return None


def of_organisation(shelf: Shelf, key: str) -> Dossier | None:
    """What the groups of an organisation have written, and its plan; None for one that has no document."""
    name = shelf.own_organisations().get(key)
    if name is None:
        return None
    groups = tuple(group for group in shelf.own_groups() if group.organisation_key == key)
    plans = tuple(_plans(shelf, (row for row in shelf.plans if row.organisation_key == key)))
    return _dossier(shelf, _part_of(shelf, groups), about=name, plans=plans)


def _dossier(shelf: Shelf, shown: Board, **rest: Any) -> Dossier:
    words = {reason: moderation.reason_words(reason) for reason in _reasons(shown)}
    return Dossier(shelf.programme, shown, shelf.read_at, reasons=words, **rest)


def _reasons(shown: Board) -> set[str]:
    return {reason for part in shown.parts for heading in part.headings for reason in heading.hidden if reason}


def _part_of(shelf: Shelf, groups: tuple[Group, ...]) -> Board:
    """The board as if nobody but these groups had written on it: their own boxes, and wherever they have posts."""
    roles, own = {group.role for group in groups}, _own(shelf, groups)
    parts = (_narrowed(part, own, signed=len(groups) > 1) for part in shelf.board.parts)
    kept = (part for part in parts if groups and (part.role in roles or _holds_anything(part)))
    return replace(shelf.board, parts=tuple(kept))


def _own(shelf: Shelf, groups: tuple[Group, ...]) -> tuple[Answer, ...]:
    ids = {group.id for group in groups}
    return tuple(answer for answer in shelf.answers if answer.group in ids)


def _narrowed(part: Part, own: tuple[Answer, ...], *, signed: bool) -> Part:
    return replace(part, headings=tuple(_only(part.role, heading, own, signed=signed) for heading in part.headings))


def _only(box: str, heading: Heading, own: tuple[Answer, ...], *, signed: bool) -> Heading:
    """A question with these answers alone, as far as the board shows them."""
    here = [answer for answer in own if (answer.box, answer.question) == (box, heading.id)]
    ids = {answer.id for answer in here}
    posts = tuple(post for post in heading.posts if post.id in ids)
    return replace(
        heading,
        posts=tuple(post if signed else replace(post, group="") for post in posts),
        rated=len(posts) if heading.is_rated else 0,
        held=sum(answer.standing is Standing.HELD for answer in here),
        hidden=tuple(answer.reason for answer in here if answer.standing is Standing.HIDDEN),
    )


def _holds_anything(part: Part) -> bool:
    return any(heading.posts or heading.held or heading.hidden for heading in part.headings)


def _plans(shelf: Shelf, rows: Iterable[PlanRow]) -> Iterator[Plan]:
    """The rows of each organisation together, in the order of the organisations."""
    kept: dict[str, list[PlanRow]] = {}
    for row in rows:
        kept.setdefault(row.organisation_key, []).append(row)
    for key, name in shelf.organisations.items():
        if key in kept:
            yield Plan(name, tuple(kept[key]))


def missing(shelf: Shelf) -> Missing:
    """The groups without a post and the organisations without a plan."""
    wrote, planned = {answer.group for answer in shelf.answers}, {row.organisation_key for row in shelf.plans}
    silent = (one for one in shelf.own_groups() if one.id not in wrote and _is_asked(shelf, one))
    unplanned = tuple(name for key, name in shelf.organisations.items() if key not in planned)
    named = tuple(shelf.called[one.id] for one in silent)
    with_plans = not shelf.board.round.occasion  # what is thought of a meeting has nothing to do with plans
    return Missing(named, unplanned if planned else (), nobody_plans=with_plans and bool(unplanned) and not planned)


def _is_asked(shelf: Shelf, group: Group) -> bool:
    """Whether there is a question for the group: some are for a few organisations only."""
    marks = shelf.programme.marks_of(group.organisation_key)
    return bool(shelf.board.round.box(group.role).asked_of(marks))


# --- The link ---------------------------------------------------------------------------------------------------------


def address(visit: Visit, about: str) -> str:
    """The address of the page with a round's documents: for coordinators by the round alone, or a contact's own."""
    id = Links(visit.connection, visit.now).give_out(Kind.DOCUMENTS, about)
    return visit.surroundings.link_address(Kind.DOCUMENTS, id)


def for_contact(round: str, person: str) -> str:
    """What the link of a contact is about, who looks after the only organisation that a workshop's round asks."""
    return f"{round} {person}"


def opened(visit: Visit, about: str) -> Shelf | None:
    """What a link opens now; a contact's opens nothing once they are that no more."""
    round, _blank, person = about.partition(" ")
    found = read(visit.connection, visit.now, visit.programmes, visit.surroundings.directory, round)
    if found is None or (person and not leaders.leads_for(visit, person, found.board.round)):
        return None
    return found
