"""How a round stands, for coordinators: by group and never by person, with all that they can do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Protocol

from bot.conversation import Flow
from bot.domain.assessment import has_scales
from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Purpose, Round, State
from bot.domain.values import dataclass
from bot.domain.words import Listed, Moment, Text, Words, _, n_
from bot.flows import buttons, guests, moments, prompts, proposals, results
from bot.flows.groups import called_after
from bot.flows.moments import Written
from bot.messages import Action, Button, Card, Fact, Form, Item, Notice, Tone

CONFIRM_CLOSE = "confirm_close_round"
CLOSING_TIME = "closing_time"
NUDGE_GROUPS = "nudge_groups"


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """How far a discussion group has come."""

    name: Words  # untrusted
    role: str  # role group; empty for the box of everybody
    members: int  # guests included
    has_note_taker: bool
    posts: int
    guests: int = 0  # have neither Slack nor Teams
    has_draft: bool = False  # something is written and not put up


@dataclass(frozen=True, slots=True)
class Standing:
    """How a round stands. Numbers, never names of people."""

    round: Round
    programme: Programme
    groups: tuple[GroupStanding, ...] = ()
    ungrouped: int = 0  # take part and have not chosen a group
    held: int = 0  # posts that wait for a coordinator
    mailed: Words = ""  # what has become of the mail with the documents
    steps: Mapping[str, Words] = field(default_factory=dict)  # box → how many have answered for themselves, in steps
    short: frozenset[str] = frozenset()  # boxes that somebody has answered, and too few for it to be shown
    voted: Words = ""  # how many have voted, in steps, while there is a vote
    few_voted: bool = False  # while there is a vote, fewer than half have given theirs
    undoable: bool = False  # it can still be taken back
    workshop: str = ""  # id of the one that it was opened for
    written: bool = False  # there are posts, shown or not

    @property
    def idle(self) -> tuple[GroupStanding, ...]:
        """The groups that have written nothing."""
        return tuple(group for group in self.groups if not group.posts)

    @property
    def without_note_taker(self) -> int:
        return sum(not group.has_note_taker for group in self.groups)


# --- The card ---------------------------------------------------------------------------------------------------------

_STATES: Mapping[State, Text] = {
    State.PLANNED: _("Planned, not open yet"),
    State.OPEN: _("Open now"),
    State.CLOSED: _("Closed"),
    State.WITHDRAWN: _("Taken back"),
}


def card(standing: Standing) -> Card:
    """Everything about one round."""
    about = standing.round
    return Card(
        about.title,
        body=(standing.programme.title,),
        facts=tuple(_facts(standing)),
        items=tuple(_boxes(standing)) if about.state in (State.OPEN, State.CLOSED) else (),
        buttons=tuple(_buttons(standing)),
        refresh=Action(buttons.ROUND, about.id),
    )


def _facts(standing: Standing) -> Iterator[Fact]:
    about, zone = standing.round, standing.programme.zone
    yield Fact(_("State"), _STATES[about.state])
    yield Fact(_("Opens") if about.state is State.PLANNED else _("Opened"), Moment(about.opens_at, zone))
    if about.closed_at is not None:
        yield Fact(_("Closed"), Moment(about.closed_at, zone))
    elif about.state in prompts.RUNNING:
        yield Fact(_("Closes"), Moment(about.closes_at, zone) if about.closes_at else _("When you close it"))
    if standing.ungrouped and about.is_open:
        yield Fact(_("Have not chosen a group"), n_("{n} person", "{n} people", standing.ungrouped))
    if standing.voted:
        yield Fact(_("Votes"), standing.voted)
    if standing.mailed:
        yield Fact(_("Documents"), standing.mailed)
    yield from prompts.held(standing.held)


def _boxes(standing: Standing) -> Iterator[Item]:
    for box in standing.round.boxes:
        steps = (standing.steps[box.role],) if box.role in standing.steps else ()
        groups = [group for group in standing.groups if box.role in (group.role, "")]
        if len(groups) == 1 and called_after(groups[0].name, box.name):  # once is enough
            yield Item(prompts.box_name(box), lines=(*steps, _in_words(groups[0], standing.round)))
        else:
            facts = tuple(Fact(group.name, _in_words(group, standing.round)) for group in groups)
            yield Item(prompts.box_name(box), lines=steps, facts=facts)


def _in_words(group: GroupStanding, about: Round) -> Words:
    """How far a discussion group has come; in a sealed round only how many people it has."""
    return Listed(tuple(_numbers(group, about)))


def _numbers(group: GroupStanding, about: Round) -> Iterator[Words]:
    yield from guests.kinds(group.members, group.guests)
    if about.mode is Mode.NOTES:
        yield from written(group, about)


def written(group: GroupStanding, about: Round) -> Iterator[Words]:
    """What a group has on the board, and what it still needs for more."""
    yield n_("{n} post", "{n} posts", group.posts)
    if group.has_draft and about.is_open:
        yield _("a draft that is not put up")
    if not group.has_note_taker and about.is_open and not about.is_voted_on:
        yield _("nobody takes notes yet")


def _buttons(standing: Standing) -> Iterator[Button]:
    about = standing.round
    if about.state in (State.OPEN, State.CLOSED):
        yield buttons.open_board(about.id)
        yield Button(_("Download Word"), Action(buttons.DOCUMENTS, about.id))
        if any(q.purpose is Purpose.NEED for box in about.boxes for q in box.questions):
            yield Button(_("What people need"), Action(buttons.NEEDS, about.id))
        if about.state is State.CLOSED and has_scales(about):
            yield results.button(about)
        if about.state is State.CLOSED and about.votes:
            yield proposals.button(about)
        if standing.written or standing.held:
            label = _("Read what waits") if standing.held else _("Take down a post")
            yield Button(label, Action(buttons.MODERATE, about.id))
    if about.is_open and about.mode is Mode.NOTES and standing.idle:
        yield Button(_("Remind the groups"), Action(NUDGE_GROUPS, about.id))
    if about.state in prompts.RUNNING:
        yield Button(_("Change closing time"), Action(CLOSING_TIME, about.id), opens_form=True)
    if standing.undoable:
        yield prompts.undo_button(about)
    if about.is_open:
        yield prompts.close_button(about)
    yield from _onward(standing)


def _onward(standing: Standing) -> Iterator[Button]:
    """Back to the workshop that it was opened for; else, when it is over, the way to ask once more."""
    about = standing.round
    if standing.workshop:
        yield to_workshop(standing.workshop)
    elif about.state in (State.CLOSED, State.WITHDRAWN) and not about.occasion:
        again = Action(buttons.ASK, f"{about.programme} {about.id}")
        yield Button(_("Ask again"), again, opens_form=True)


def to_workshop(id: str) -> Button:
    """The way to the card of whoever leads a workshop."""
    return Button(_("The workshop"), Action(buttons.WORKSHOP_CARD, id))


# --- In the coordinator's view ----------------------------------------------------------------------------------------


def line(standing: Standing) -> Item:
    """One running round, in the view of all programmes."""
    return Item(
        _("Questions: {title}", title=standing.round.title),
        lines=(standing.programme.title, *_line(standing)),
        buttons=(prompts.status_button(standing.round),),
    )


def _line(standing: Standing) -> Iterator[Words]:
    about, zone = standing.round, standing.programme.zone
    if about.state is State.PLANNED:
        yield _("Opens {time}", time=Moment(about.opens_at, zone))
        return
    if about.closes_at is not None:
        yield _("Closes {time}.", time=Moment(about.closes_at, zone))
    if about.mode is Mode.NOTES and standing.groups:
        written = len(standing.groups) - len(standing.idle)
        yield n_("{written} of {n} group has written", "{written} of {n} groups have written",
                 len(standing.groups), written=written)  # fmt: skip
    if about.mode is Mode.NOTES and standing.without_note_taker:
        count = standing.without_note_taker
        yield n_("{n} group has nobody who takes notes", "{n} groups have nobody who takes notes", count)
    if standing.held:
        yield n_("{n} post waits to be read", "{n} posts wait to be read", standing.held)


# --- Closing, and what cannot be done ---------------------------------------------------------------------------------


def ask_to_close(standing: Standing) -> Card:
    """Ask before a round is over for good."""
    about = standing.round
    silent = (Fact(_("Has not written anything"), group.name) for group in standing.idle if not group.has_draft)
    drafts = prompts.drafts(group.name for group in standing.groups if group.has_draft)
    return Card(
        _("Close the round?"),
        body=(about.title, _("Nobody can write any more then. To ask again you open a new round.")),
        facts=(*prompts.held(standing.held), *drafts, *silent) if about.mode is Mode.NOTES else (),
        buttons=(
            Button(_("Close the round"), Action(CONFIRM_CLOSE, about.id), tone=Tone.DANGER),
            Button(_("No, leave it open"), Action(buttons.ROUND, about.id)),
        ),
    )


def too_late_to_undo(about: Round) -> Card:
    """After the minute: people may have begun to answer, so it can only be closed."""
    return Card(
        _("It is too late to undo this."),
        body=(
            about.title,
            _("The questions went out more than a minute ago, and somebody may have begun to answer."),
            _("You can close the round instead. What has been written stays."),
        ),
        buttons=(prompts.close_button(about), prompts.status_button(about)),
        tone=Tone.WARNING,
    )


def reminded(groups: int) -> Notice:
    if not groups:
        return Notice(_("Nobody was reminded: every group has been reminded today, or has written."))
    return Notice(n_("{n} group is reminded now.", "{n} groups are reminded now.", groups), Tone.GOOD)


def gone() -> Text:
    return _("That round is no longer here.")


def is_over() -> Text:
    return _("This round is closed already. To ask again you open a new round.")


# --- When it closes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Closing:
    """What has been answered about when a round closes."""

    round: str
    closes_day: str = ""
    closes_at: str = ""


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What the form looks at."""

    round: Round
    programme: Programme
    now: datetime


class ClosingDesk(Protocol):
    """What the flow acts through."""

    def close_at(self, round: str, moment: datetime | None) -> Round:
        """Let a round that is not over close at another time, or when a coordinator closes it. Raises `Gone`."""


closing: Flow[Closing, ClosingFacts, ClosingDesk] = Flow(CLOSING_TIME, Closing, version=1)


@closing.ask("when")
def ask_when(draft: Closing, facts: ClosingFacts) -> Form:
    hint = _("For example tomorrow, 20 May or 2027-05-20")
    closes_at = facts.round.closes_at
    now = Moment(closes_at, facts.programme.zone) if closes_at else _("When you close it")
    return Form(
        _("Change closing time"),
        moments.fields("closes", _("Closes, day"), _("Closes, time"), hint=hint),
        submit=_("Save"),
        intro=(facts.round.title, _("Leave both empty to close it yourself.")),
        facts=(Fact(_("Closes"), now),),
    )


def _wanted(draft: Closing, facts: ClosingFacts) -> datetime | None:
    return moments.ends(_written(draft), facts.now, facts.programme.zone)


def _written(draft: Closing) -> Written:
    return Written(draft.closes_day, draft.closes_at, "closes_day", "closes_at")


@closing.check("when")
def check_when(draft: Closing, facts: ClosingFacts) -> Closing:
    earliest = max(facts.now, facts.round.opens_at)
    moments.check_ahead(_wanted(draft, facts), _written(draft), earliest)
    return draft


@closing.on_done
def done(draft: Closing, facts: ClosingFacts, desk: ClosingDesk) -> Card:
    changed = desk.close_at(draft.round, _wanted(draft, facts))
    zone = facts.programme.zone
    closes = Moment(changed.closes_at, zone) if changed.closes_at else _("When you close it")
    return Card(
        _("Saved: {title}", title=changed.title),
        facts=(Fact(_("Closes"), closes),),
        buttons=(prompts.status_button(changed),),
        tone=Tone.GOOD,
    )
