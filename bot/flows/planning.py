"""Writing the rows of an organisation's plan: what, who, by when, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from bot.conversation import Flow
from bot.domain.dates import read_day
from bot.domain.plans import PlanRow, Progress
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.refusals import FieldRefused
from bot.domain.rounds import LONGEST_POST
from bot.domain.values import dataclass
from bot.domain.words import Text, _
from bot.flows import occasions
from bot.flows.plan_cards import ADD, PROGRESS, UPDATE, changed, facts_of, new_row, open_plan, update
from bot.messages import Card, ChoiceField, Field, Form, Item, Option, TextField, Tone

MOST_COLLEAGUES = 60
"""Choices in one list; whoever is not among them can be written."""

ME, SOMEBODY, NOBODY = "me", "somebody", "nobody"
OWN_DAY, NO_TIME = "day", "none"
REMOVE = "remove"
MINE, THEIRS = "mine", "theirs"  # each with the instant of their change

_NAME, _REMARK = 120, 500  # characters


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered about a row; `seen` is when the row had last been changed as the form was opened."""

    programme: str
    organisation_key: str
    what: str = ""
    owner: str = ""
    who: str = ""
    before: str = NO_TIME
    day: str = ""
    deputy: str = ""
    progress: str = Progress.PLANNED.value
    remark: str = ""
    seen: str = ""
    stands: str = ""  # what was chosen to stand where somebody else was faster


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at. `row` is the row as it stands now; None for a new one."""

    now: datetime
    programme: Programme
    organisation_key: str
    organisation: str
    person: tuple[str, str]  # id and name of the one who writes
    colleagues: tuple[tuple[str, str], ...] = ()  # (person id, name)
    row: PlanRow | None = None


class PlanDesk(Protocol):
    """What the flow acts through."""

    def keep_row(self, row: PlanRow) -> PlanRow:
        """Store a new row (without an id) or a changed one, and tell an owner who did not write it themself."""

    def remove_row(self, row: PlanRow) -> None:
        """Delete the row."""


def drafted(programme: Programme, organisation_key: str, now: datetime) -> Draft:
    """The form of a new row: most is done before the next meeting."""
    return Draft(programme.id, organisation_key, before=next_meeting(programme, now) or NO_TIME)


def reopened(row: PlanRow, person: str) -> Draft:
    """The form filled in with a row as it stands."""
    return Draft(
        row.programme,
        row.organisation_key,
        what=row.what,
        owner=_owner_choice(row, person),
        who="" if row.owner else row.who,
        before=OWN_DAY if row.due else row.before or NO_TIME,
        day=row.due.isoformat() if row.due else "",
        deputy=row.deputy,
        progress=row.progress.value,
        remark=row.remark,
        seen=_stamp(row),
    )


def _owner_choice(row: PlanRow, person: str) -> str:
    if row.owner:
        return ME if row.owner == person else row.owner
    return SOMEBODY if row.who else NOBODY


def _stamp(row: PlanRow) -> str:
    return row.changed_at.isoformat() if row.changed_at else ""


def next_meeting(programme: Programme, now: datetime) -> str:
    """The id of the meeting before which most is done; nothing where none is ahead."""
    ahead = _ahead(programme, now)
    return ahead[0].id if ahead else ""


def _ahead(programme: Programme, now: datetime) -> list[Occasion]:
    return [one for one in programme.occasions if one.starts_at > now and not one.cancelled]


add: Flow[Draft, Facts, PlanDesk] = Flow(ADD, Draft, version=1)
change: Flow[Draft, Facts, PlanDesk] = Flow(UPDATE, Draft, version=1)


@add.ask("row")
def ask_new(draft: Draft, facts: Facts) -> Form:
    return Form(
        _("New row in the plan"),
        tuple(_contents(facts)),
        submit=_("Save"),
        intro=(_("Plan of {organisation}", organisation=facts.organisation),),
    )


@change.ask("row")
def ask_change(draft: Draft, facts: Facts) -> Form:
    states = (*(Option(one.value, label) for one, label in PROGRESS.items()), Option(REMOVE, _("Remove the row")))
    remark = TextField(
        "remark", _("Remark"), _("How did it go, or what is in the way?"), required=False, long=True, max_chars=_REMARK
    )
    return Form(
        _("Update the plan"),
        (ChoiceField("progress", _("State"), states), remark, *_contents(facts)),
        submit=_("Save"),
        intro=(_("Plan of {organisation}", organisation=facts.organisation),),
    )


def _contents(facts: Facts) -> Iterator[Field]:
    yield TextField("what", _("What will you do?"), long=True, max_chars=LONGEST_POST)
    yield ChoiceField("owner", _("Who sees to it?"), tuple(_owners(facts)))
    hint = _("Only if you chose somebody else above.")
    yield TextField("who", _("Their name"), hint, required=False, max_chars=_NAME)
    yield ChoiceField("before", _("By when?"), tuple(_times(facts)))
    hint = _("Only if you chose a day of its own. For example 15 August")
    yield TextField("day", _("Day"), hint, required=False, max_chars=40)
    hint = _("Who takes over if that person cannot?")
    yield TextField("deputy", _("Deputy"), hint, required=False, max_chars=_NAME)


def _owners(facts: Facts) -> Iterator[Option]:
    yield Option(ME, _("I do"))
    yield from (Option(id, name) for id, name in _offered(facts))
    yield Option(SOMEBODY, _("Somebody else: I write the name below"))
    yield Option(NOBODY, _("Nobody yet"))


def _offered(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Colleagues, and whoever has the row now."""
    others = [one for one in facts.colleagues if one[0] != facts.person[0]]
    row = facts.row
    has_it = [(row.owner, row.who)] if row and row.owner and row.owner != facts.person[0] else []
    known = {id for id, _name in others[:MOST_COLLEAGUES]}
    return (*others[:MOST_COLLEAGUES], *(one for one in has_it if one[0] not in known))


def _times(facts: Facts) -> Iterator[Option]:
    offered = _ahead(facts.programme, facts.now)
    own = [one for one in facts.programme.occasions if facts.row and one.id == facts.row.before and one not in offered]
    for one in (*own, *offered):
        yield Option(one.id, _("Before {meeting}", meeting=occasions.label(facts.programme, one)))
    yield Option(OWN_DAY, _("By a day of its own"))
    yield Option(NO_TIME, _("No time set yet"))


@add.check("row")
def check_new(draft: Draft, facts: Facts) -> Draft:
    _written(draft, facts)
    return draft


@change.check("row")
def check_change(draft: Draft, facts: Facts) -> Draft:
    if draft.progress != REMOVE:
        _written(draft, facts)
    return draft


def _written(draft: Draft, facts: Facts) -> PlanRow:
    """The row as it was filled in. Raises `FieldRefused`."""
    owner, who = _who(draft, facts)
    own_day = _day(draft, facts) if draft.before == OWN_DAY else None
    bare = facts.row or PlanRow("", facts.programme.id, facts.organisation_key, facts.organisation, "", "")
    return replace(
        bare,
        what=draft.what,
        owner=owner,
        who=who,
        before="" if draft.before in (OWN_DAY, NO_TIME) else draft.before,
        due=own_day,
        deputy=draft.deputy,
        progress=Progress(draft.progress),
        remark=draft.remark,
    )


def _who(draft: Draft, facts: Facts) -> tuple[str, str]:
    """The owner's person id, if they are known, and how they are called."""
    if draft.owner == NOBODY:
        return "", ""
    if draft.owner == SOMEBODY:
        if not draft.who:
            raise FieldRefused("who", _("Please write who sees to it, or choose “Nobody yet” above."))
        return "", draft.who
    return facts.person if draft.owner == ME else (draft.owner, dict(_offered(facts))[draft.owner])


def _day(draft: Draft, facts: Facts) -> date:
    if facts.row is not None and facts.row.due is not None and draft.day == facts.row.due.isoformat():
        return facts.row.due  # it may have passed
    day = read_day(draft.day, local_day(facts.now, facts.programme.zone))
    if day is None:
        raise FieldRefused("day", _("Please write a day in the future, for example 15 August or 2027-08-15."))
    return day


# --- Somebody was faster ----------------------------------------------------------------------------------------------


@change.ask("overtaken")
def ask_overtaken(draft: Draft, facts: Facts) -> Form | None:
    """Which of two changes stands, for whoever is the later one."""
    row = facts.row
    if row is None or _stamp(row) == draft.seen:
        return None
    return Form(
        _("Somebody else changed this row while you wrote"),
        (ChoiceField("stands", _("What do you want to keep?"), tuple(_either(draft, row))),),
        submit=_("Save"),
        intro=(
            _("Nothing of yours is saved yet. This is what the row says now:"),
            row.what,
            *changed(facts.programme, row),
        ),
        facts=facts_of(facts.programme, row),
    )


def _either(draft: Draft, row: PlanRow) -> Iterator[Option]:
    """The options name the change that is shown: should there be another one meanwhile, it is asked again."""
    mine = _("Mine: remove the row") if draft.progress == REMOVE else _("What I have written")
    yield Option(f"{MINE} {_stamp(row)}", mine)
    yield Option(f"{THEIRS} {_stamp(row)}", _("What it says now"))


@add.on_done
def done_adding(draft: Draft, facts: Facts, desk: PlanDesk) -> Card:
    return _saved(facts, desk.keep_row(_written(draft, facts)), _("It is in the plan"))


@change.on_done
def done_changing(draft: Draft, facts: Facts, desk: PlanDesk) -> Card:
    before = facts.row
    assert before is not None, "the facts refuse what is not there"
    overtaken = before if _stamp(before) != draft.seen else None
    if draft.stands.startswith(THEIRS):
        return _left(draft, facts, before)
    if draft.progress == REMOVE:
        desk.remove_row(before)
        return _removed(facts, before)
    return _saved(facts, desk.keep_row(_written(draft, facts)), _("The plan is up to date"), overtaken)


def _saved(facts: Facts, row: PlanRow, title: Text, overtaken: PlanRow | None = None) -> Card:
    there = (Item(row.what, facts=facts_of(facts.programme, row), buttons=(update(row),)),)
    return Card(
        title,
        body=(_overtook(),) if overtaken else (),
        items=(*there, *((_as_it_was(facts, overtaken),) if overtaken else ())),
        buttons=(open_plan(row.programme, row.organisation_key), new_row(row.programme, row.organisation_key)),
        tone=Tone.WARNING if overtaken else Tone.GOOD,
    )


def _overtook() -> Text:
    return _("What you wrote stands. Below is what it said before, in case you want to put something back.")


def _left(draft: Draft, facts: Facts, row: PlanRow) -> Card:
    """The other change stands; what was written is shown once more."""
    mine = () if draft.progress == REMOVE else (_written(draft, facts),)
    return Card(
        _("The row stays as it was"),
        items=(
            Item(row.what, facts=facts_of(facts.programme, row), buttons=(update(row),)),
            *(Item(_("You wrote: {what}", what=one.what), facts=facts_of(facts.programme, one)) for one in mine),
        ),
        buttons=(open_plan(row.programme, row.organisation_key),),
    )


def _as_it_was(facts: Facts, row: PlanRow) -> Item:
    return Item(_("Before: {what}", what=row.what), facts=facts_of(facts.programme, row))


def _removed(facts: Facts, row: PlanRow) -> Card:
    """What is gone is shown once more, so that it can be written again."""
    return Card(
        _("Removed from the plan"),
        items=(Item(row.what, facts=facts_of(facts.programme, row)),),
        buttons=(open_plan(row.programme, row.organisation_key), new_row(row.programme, row.organisation_key)),
    )
