"""How a plan is shown: an organisation's own, all of them to coordinators, and what people are told about theirs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.plans import PlanRow, Progress, Tally, tally
from bot.domain.programmes import Programme, local_day
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Text, Words, _, n_
from bot.flows import buttons, occasions
from bot.messages import Action, Button, Card, Fact, Item, Tone

ADD = "plan_row"  # about the programme and the organisation
UPDATE = "plan_update"  # about a row
MATRIX = "plan_matrix"  # about the programme, and from which organisation on

MOST = 8
"""Rows in one message; the others follow with "Show more"."""

MOST_ORGANISATIONS = 12

PROGRESS: Mapping[Progress, Text] = {
    Progress.PLANNED: _("Planned"),
    Progress.TESTING: _("Being tested"),
    Progress.DONE: _("Done"),
    Progress.BLOCKED: _("Stuck"),
}
"""How far something has come, in a word or two."""


# --- Where it is found ------------------------------------------------------------------------------------------------


def about(programme: str, organisation_key: str = "", start: int = 0) -> str:
    """What the action of a plan is about."""
    return f"{programme} {start} {signed(organisation_key)}".rstrip()


def read_about(token: str) -> tuple[str, int, str]:
    """Programme, from which row on, and what `signed` made of the organisation key."""
    programme, _blank, rest = token.partition(" ")
    start, _blank, sign = rest.partition(" ")
    return programme, _number(start), sign


def signed(organisation_key: str) -> str:
    """An organisation key as a button carries it: one that people made up stays with us."""
    if _OFFICIAL.fullmatch(organisation_key) or not organisation_key:
        return organisation_key
    return hashlib.sha256(organisation_key.encode()).hexdigest()[:32]


_OFFICIAL = re.compile(r"[A-Z]{2}-[0-9]+")


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 0


def open_plan(programme: str, organisation_key: str = "") -> Button:
    return Button(_("Open the plan"), Action(buttons.PLAN, about(programme, organisation_key)))


def new_row(programme: str, organisation_key: str) -> Button:
    return Button(_("New row"), Action(ADD, about(programme, organisation_key)), tone=Tone.PRIMARY, opens_form=True)


def update(row: PlanRow) -> Button:
    return Button(_("Update"), Action(UPDATE, row.id), opens_form=True)


def matrix_of(programme: str) -> Button:
    return Button(_("All plans"), Action(MATRIX, programme))


# --- The plan of one organisation -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of an organisation in a programme, for one reader."""

    programme: Programme
    organisation_key: str
    organisation: str  # as people write it: untrusted
    rows: Sequence[PlanRow]
    mine: bool = True  # the reader takes part for this organisation, and may change it
    coordinator: bool = False


def card(plan: Plan, start: int = 0) -> Card:
    """The rows, from this one on: what is left to do first, in the order in which it should be done."""
    ordered = _in_order(plan)
    start = start if start < len(ordered) else 0
    shown = ordered[start : start + MOST]
    return Card(
        _("Plan of {organisation}", organisation=plan.organisation),
        body=(plan.programme.title, *_standing(plan), *_which(start, len(shown), len(ordered))),
        items=tuple(_row(plan, row) for row in shown),
        buttons=tuple(_ways(plan, start + MOST if start + MOST < len(ordered) else 0)),
        refresh=Action(buttons.PLAN, about(plan.programme.id, plan.organisation_key, start)),
    )


def _in_order(plan: Plan) -> list[PlanRow]:
    starts = {one.id: local_day(one.starts_at, plan.programme.zone) for one in plan.programme.occasions}

    def when(row: PlanRow) -> date:
        return row.due or starts.get(row.before, date.max)

    return sorted(plan.rows, key=lambda row: (not row.is_open, when(row)))


def _standing(plan: Plan) -> Iterator[Words]:
    if plan.rows:
        yield from in_two_lines(tally(plan.rows))
    elif plan.mine:
        yield _("There is nothing in the plan yet. What will you do first, and who sees to it?")
    else:
        yield _("There is nothing in the plan yet.")


def in_two_lines(numbers: Tally) -> tuple[Words, ...]:
    """How a plan stands."""
    done = n_("{done} of {n} row done.", "{done} of {n} rows done.", numbers.rows, done=numbers.done)
    states = tuple(_states(numbers))
    if not states:
        return (done,)
    if not numbers.without_owner:
        return done, Listed(states)
    unowned = _("{states}, of which nobody has taken on {n}", states=Listed(states), n=numbers.without_owner)
    return done, unowned


def _states(numbers: Tally) -> Iterator[Words]:
    counts = numbers.counts
    if planned := counts.get(Progress.PLANNED, 0):
        yield n_("{n} planned", "{n} planned", planned)
    if testing := counts.get(Progress.TESTING, 0):
        yield n_("{n} being tested", "{n} being tested", testing)
    if blocked := counts.get(Progress.BLOCKED, 0):
        yield n_("{n} stuck", "{n} stuck", blocked)


def _which(start: int, shown: int, all: int) -> tuple[Words, ...]:
    if shown == all:
        return ()
    return (_("{first}–{last} of {all}", first=start + 1, last=start + shown, all=all),)


def _row(plan: Plan, row: PlanRow) -> Item:
    return Item(
        row.what,
        lines=tuple(changed(plan.programme, row)),
        facts=facts_of(plan.programme, row),
        buttons=(update(row),) if plan.mine else (),
    )


def changed(programme: Programme, row: PlanRow) -> Iterator[Words]:
    """Who wrote a row, or changed it last, and on which day."""
    if not row.changer or row.changed_at is None:
        return
    day = Day(local_day(row.changed_at, programme.zone))
    if row.is_new:
        yield _("Written by {name}, {day}", name=row.changer, day=day)
    else:
        yield _("Changed by {name}, {day}", name=row.changer, day=day)


def facts_of(programme: Programme, row: PlanRow) -> tuple[Fact, ...]:
    """A row as its reader needs it, without what it is about."""
    return tuple(_facts(programme, row))


def _facts(programme: Programme, row: PlanRow) -> Iterator[Fact]:
    yield Fact(_("State"), PROGRESS[row.progress])
    if row.remark:
        yield Fact(_("Remark"), row.remark)
    if row.lacks_owner:
        yield Fact(_("Who"), _("Nobody has taken this on yet"))
    elif row.who:
        yield Fact(_("Who"), row.who)
    when = _when(programme, row)
    if when:
        yield Fact(_("Done by") if row.due is not None else _("Before"), when)
    if row.deputy:
        yield Fact(_("Deputy"), row.deputy)


def _when(programme: Programme, row: PlanRow) -> Words:
    """The meeting, wherever it has been moved to, or the day."""
    if row.due is not None:
        return Day(row.due)
    meeting = next((one for one in programme.occasions if one.id == row.before), None)
    return occasions.label(programme, meeting) if meeting is not None else ""


def _ways(plan: Plan, following: int) -> Iterator[Button]:
    if plan.mine:
        yield new_row(plan.programme.id, plan.organisation_key)
    if following:
        yield Button(_("Show more"), Action(buttons.PLAN, about(plan.programme.id, plan.organisation_key, following)))
    if plan.coordinator:
        yield matrix_of(plan.programme.id)


# --- Which plan? ------------------------------------------------------------------------------------------------------


def choose(found: Sequence[tuple[Programme, str, str]]) -> Card:
    """Several plans: each is (programme, organisation key, organisation's name)."""
    programmes = {programme.id: programme for programme, _key, _name in found}
    named = {id: occasions.programme_name(one, programmes.values()) for id, one in programmes.items()}
    ways = [
        Button(
            _("{organisation}: {programme}", organisation=name, programme=named[programme.id])
            if len(programmes) > 1
            else name,
            Action(buttons.PLAN, about(programme.id, key)),
        )
        for programme, key, name in found
    ]
    items, short = buttons.to_choose(ways)
    return Card(_("Which plan?"), items=items, buttons=short)


def choose_matrix(programmes: Sequence[Programme]) -> Card:
    """To a coordinator with no plan of their own."""
    items, short = buttons.to_choose(
        [Button(occasions.programme_name(one, programmes), Action(MATRIX, one.id)) for one in programmes]
    )
    return Card(_("Which programme’s plans?"), items=items, buttons=(*short, buttons.STATUS_OF_ALL))


def no_plan() -> Card:
    """To somebody who takes part in nothing."""
    return Card(
        _("You have no plan yet"),
        body=(_("A plan belongs to an organisation that takes part in a programme. Register first."),),
        buttons=(buttons.ALL_PROGRAMMES,),
    )


# --- All plans, for coordinators --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation in the matrix; without numbers it has no plan."""

    organisation_key: str
    organisation: str  # untrusted
    numbers: Tally | None


def matrix(programme: Programme, lines: Sequence[Line], start: int = 0) -> Card:
    """Every organisation with how far it has come; those without a plan first, since they may need help."""
    ordered = sorted(lines, key=lambda line: (line.numbers is not None, line.organisation.casefold()))
    start = start if start < len(ordered) else 0
    shown = ordered[start : start + MOST_ORGANISATIONS]
    missing = sum(line.numbers is None for line in lines)
    return Card(
        _("Plans: {title}", title=programme.title),
        body=(
            n_("{n} organisation takes part.", "{n} organisations take part.", len(lines)),
            *((n_("{n} has no plan yet.", "{n} have no plan yet.", missing),) if missing else ()),
            *_which(start, len(shown), len(ordered)),
        ),
        items=tuple(_line(programme, line) for line in shown),
        buttons=(*_more_lines(programme, start, len(ordered)), buttons.STATUS_OF_ALL),
        refresh=Action(MATRIX, f"{programme.id} {start}"),
    )


def _line(programme: Programme, line: Line) -> Item:
    if line.numbers is None:
        return Item(line.organisation, (_("No plan yet"),))
    return Item(
        line.organisation,
        in_two_lines(line.numbers),
        buttons=(open_plan(programme.id, line.organisation_key),),
    )


def _more_lines(programme: Programme, start: int, all: int) -> tuple[Button, ...]:
    following = start + MOST_ORGANISATIONS
    if following >= all:
        return ()
    return (Button(_("Show more"), Action(MATRIX, f"{programme.id} {following}")),)


# --- What people are told ---------------------------------------------------------------------------------------------


def you_own(programme: Programme, row: PlanRow, by: str) -> Card:
    """To the one whom a colleague has put down for a row."""
    return Card(
        _("{name} has put you down for something in the plan", name=by) if by else _("You are in the plan now"),
        body=(programme.title,),
        items=(Item(row.what, facts=facts_of(programme, row), buttons=(update(row),)),),
        buttons=(open_plan(programme.id, row.organisation_key),),
        footnote=_("If it is not yours, choose “Update” and say who sees to it instead."),
    )


def nobody_left(programme: Programme, rows: Sequence[PlanRow], name: str) -> Card:
    """To the organisation's contact: somebody who had taken things on takes part no more."""
    return Card(
        _("{name} no longer takes part. Who sees to this now?", name=name) if name else _("Who sees to this now?"),
        body=(_("Plan of {organisation}", organisation=rows[0].organisation), _("Nobody has taken this on:")),
        items=tuple(_orphan(programme, row) for row in rows[:MOST]),
        buttons=(open_plan(programme.id, rows[0].organisation_key),),
        tone=Tone.WARNING,
        footnote=_left_out(len(rows) - MOST),
    )


def _orphan(programme: Programme, row: PlanRow) -> Item:
    bare = replace(row, owner="", who="")
    return Item(row.what, facts=facts_of(programme, bare), buttons=(update(row),))


def nobody_left_for_coordinators(programme: Programme, organisation: str, count: int) -> Card:
    """A matter: nobody of the organisation can be asked."""
    return Card(
        n_(
            "{n} row in the plan of {organisation} has nobody who sees to it",
            "{n} rows in the plan of {organisation} have nobody who sees to them",
            count,
            organisation=organisation,
        ),
        body=(programme.title, _("Whoever had taken it on no longer takes part, and I know nobody else there to ask.")),
        buttons=(matrix_of(programme.id),),
    )


def before_meeting(programme: Programme, meeting: Words, rows: Sequence[PlanRow]) -> Card:
    """To an owner: what is left to do before a meeting."""
    return Card(
        _("In your plan before {meeting}", meeting=meeting),
        body=(_("This is what you have taken on. Is something in the way? Then write that: it helps the others too."),),
        items=owned(programme, rows),
        buttons=(open_plan(programme.id, rows[0].organisation_key if rows else ""),),
    )


def after_meeting(programme: Programme, meeting: Words, rows: Sequence[PlanRow]) -> Card:
    """To an owner, when the meeting is over: what was to be done before it and is not."""
    return Card(
        _("Still open in your plan: {meeting}", meeting=meeting),
        body=(
            _("The meeting has been held, and this is not marked as done."),
            _("Is it done? Then say so. Does it take longer? Choose another meeting or day for it."),
        ),
        items=owned(programme, rows),
        buttons=(open_plan(programme.id, rows[0].organisation_key if rows else ""),),
    )


def due_soon(programme: Programme, rows: Sequence[PlanRow]) -> Card:
    """To an owner: what has a day of its own that comes near."""
    return Card(
        n_("{n} row of the plan is due soon", "{n} rows of the plan are due soon", len(rows)),
        body=(programme.title,),
        items=owned(programme, rows),
        buttons=(open_plan(programme.id, rows[0].organisation_key), buttons.pause(programme.id)),
        footnote=_("You get this because the plan names you as the one who sees to it."),
    )


def overdue(programme: Programme, rows: Sequence[PlanRow]) -> Card:
    """To an owner: what should have been done by a day of its own, some time ago."""
    return replace(due_soon(programme, rows), title=_("Still open in your plan"))


def owned(programme: Programme, rows: Sequence[PlanRow]) -> tuple[Item, ...]:
    """What somebody has taken on, each with its way to be updated."""
    shown = tuple(Item(row.what, facts=facts_of(programme, row), buttons=(update(row),)) for row in rows[:MOST])
    rest = _left_out(len(rows) - MOST)
    return (*shown, Item(rest)) if rest else shown


def _left_out(more: int) -> Words:
    return n_("and {n} more in the plan", "and {n} more in the plan", more) if more > 0 else ""
