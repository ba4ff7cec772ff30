"""Where a workshop stands: the card of whoever leads it, the whole script, and the way to begin one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.assessment import has_scales
from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Round
from bot.domain.rounds import State as RoundState
from bot.domain.values import dataclass
from bot.domain.words import Clock, Listed, Moment, Text, Words, _, n_
from bot.domain.workshops import Script, State, Step, Workshop
from bot.flows import buttons, plan_cards, prompts, proposals, results
from bot.flows import rounds as round_words
from bot.messages import Action, Button, Card, Fact, Item, Notice, Tone

WORKSHOP = "workshop"  # about a programme or nothing
BEGIN = "begin_workshop"  # about a programme and one of its scripts
CARD = buttons.WORKSHOP_CARD
SCRIPT = "workshop_script"  # about a workshop, or a programme and one of its scripts
NEXT_STEP = "workshop_next"  # about a workshop and the version that was looked at; so are all that follow
NEXT_ANYWAY = "workshop_next_confirmed"
SKIP = "workshop_skip"
BACK = "workshop_back"
PAUSE = "workshop_pause"
RESUME = "workshop_resume"
LONGER = "workshop_longer"
AGAIN = "workshop_again"
END = "workshop_end"
CONFIRM_END = "workshop_end_confirmed"

MORE_TIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class StepStanding:
    """A step with what was asked in it, or what it goes on with. Numbers, never names of people."""

    step: Step
    progress: round_words.Standing | None = None  # of the newest round; None while nothing has been asked
    withheld: tuple[Words, ...] = ()  # boxes of a closed round where too few have answered for themselves

    @property
    def round(self) -> Round | None:
        return self.progress.round if self.progress is not None else None

    @property
    def is_open(self) -> bool:
        return self.round is not None and self.round.is_open

    @property
    def is_closed(self) -> bool:
        return self.round is not None and self.round.state is RoundState.CLOSED

    @property
    def is_kept(self) -> bool:
        """Whether there is anything to read of what was asked: posts of groups, or sealed answers of enough people."""
        if self.progress is None or self.progress.round.only_rated:
            return False
        sealed = self.progress.round.mode is Mode.SEALED
        return not self.withheld if sealed else any(group.posts for group in self.progress.groups)

    @property
    def is_vote(self) -> bool:
        """Whether people vote in it, on what an earlier step has asked for."""
        return bool(self.step.goes_on) and self.round is not None and self.round.is_voted_on

    @property
    def was_vote(self) -> bool:
        """Whether people have voted in it, and cannot any more."""
        return bool(self.step.goes_on) and self.is_closed and self.round is not None and self.round.has_vote


@dataclass(frozen=True, slots=True)
class Standing:
    """A workshop as it stands."""

    workshop: Workshop
    programme: Programme
    steps: tuple[StepStanding, ...]
    organisation: Words = ""  # the only one that takes part; empty for the whole programme
    people: int = 0  # who take part
    earlier: tuple[StepStanding, ...] = ()  # what steps had asked before they asked it again, the oldest first

    @property
    def now(self) -> StepStanding:
        return self.steps[self.workshop.at]

    @property
    def before(self) -> StepStanding | None:
        """The step before this one."""
        return self.steps[self.workshop.at - 1] if self.workshop.at else None

    @property
    def following(self) -> Step | None:
        return None if self.workshop.is_last else self.steps[self.workshop.at + 1].step


# --- Buttons ----------------------------------------------------------------------------------------------------------


def open_card(workshop: str) -> Button:
    """The way to the leader's card."""
    return round_words.to_workshop(workshop)


def way_to(programme: Programme) -> tuple[Button, ...]:
    """The way to a programme's workshops, where it has any."""
    return (Button(_("Workshop"), Action(WORKSHOP, programme.id)),) if programme.workshops else ()


def on(do: str, workshop: Workshop) -> Action:
    """An action on the workshop as it was looked at."""
    return Action(do, f"{workshop.id} {workshop.version}")


def _next(workshop: Workshop) -> Button:
    return Button(_("Next step"), on(NEXT_STEP, workshop), tone=Tone.PRIMARY)


def longer(workshop: Workshop) -> Button:
    return Button(_("10 more minutes"), on(LONGER, workshop))


def pause(workshop: Workshop) -> Button:
    return Button(_("Pause"), on(PAUSE, workshop))


def end(workshop: Workshop) -> Button:
    return Button(_("End the workshop"), on(END, workshop), tone=Tone.DANGER)


# --- The leader's card ------------------------------------------------------------------------------------------------


def card(
    standing: Standing, links: Sequence[Button] = (), refused: Refused | None = None, *, judges: bool = False
) -> Card:
    """What whoever leads it needs now, until it has ended.

    `links` are the ways to show it to others; whoever `judges` may look at the posts that wait.
    """
    judging = _judging(standing) if judges else ()
    return Card(
        heading(standing.workshop),
        body=(*(_why(standing, refused) if refused is not None else ()), *_body(standing)),
        facts=tuple(_facts(standing)),
        buttons=(*_buttons(standing, refused), *judging, *links, end(standing.workshop)),
        tone=Tone.WARNING if standing.workshop.told or refused is not None else Tone.PLAIN,
        refresh=Action(CARD, standing.workshop.id),
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """A step that could not begin, and everything is as it was."""

    title: Words
    reason: Words
    skippable: bool = True  # it is the next one, and one may go on without asking


def _why(standing: Standing, refused: Refused) -> Iterator[Words]:
    yield _("{title} cannot begin yet", title=refused.title)
    yield refused.reason
    yield _("Nothing has changed: you are still at {step}.", step=standing.workshop.step.title)


def further_down(workshop: Workshop) -> Card:
    """In the place of the card when it stands below the news of the next step."""
    said = _("The card you lead with stands below the newest messages.")
    return Card(workshop.script.title, body=(said,), buttons=(open_card(workshop.id),))


def heading(workshop: Workshop) -> Text:
    """Which step it is at."""
    return _(
        "Step {n} of {all} · {title}", n=workshop.at + 1, all=len(workshop.script.steps), title=workshop.step.title
    )


def whose(standing: Standing) -> Words:
    """The workshop by name, with the only organisation that takes part."""
    title = standing.workshop.script.title
    return (
        _("{title} · {organisation}", title=title, organisation=standing.organisation)
        if standing.organisation
        else title
    )


def _body(standing: Standing) -> Iterator[Words]:
    if standing.workshop.told:
        yield _("Time is up. Go on when you are ready: nothing closes by itself.")
    yield whose(standing)
    if standing.workshop.state is State.PAUSED:
        yield _(
            "Paused. What was open is still open, and nobody is reminded. Go on when it suits you, even weeks from now."
        )
    if standing.workshop.step.set and standing.now.round is None:
        yield _("You went on without asking, so nobody is asked anything in this step.")
    elif standing.workshop.step.say:
        yield standing.workshop.step.say
    if standing.now.was_vote:
        yield _("The vote is over.")
    yield from _came_to(standing.before)
    yield from _still_open(standing)


def _came_to(before: StepStanding | None) -> Iterator[Words]:
    """What became of the step before, where that has to be said."""
    if before is None or before.round is None or not before.is_closed:
        return
    for box in before.withheld:
        yield _("{title}, {box}: too few have answered, so nothing of it is shown to anybody.",
                title=before.step.title, box=box)  # fmt: skip


def _still_open(standing: Standing) -> Iterator[Words]:
    """Questions of other steps that are open, since somebody went back."""
    asked = standing.now.round.id if standing.now.round is not None else ""
    for one in standing.steps:
        if one.is_open and one.step.set and one.round is not None and one.round.id != asked:
            yield _("Still open: {title}.", title=one.step.title)


def _facts(standing: Standing) -> Iterator[Fact]:
    workshop, zone = standing.workshop, standing.programme.zone
    if workshop.ends_at is not None:
        label = _("Time was up") if workshop.told else _("Lasts until")
        yield Fact(
            label, _("{time} ({minutes})", time=Clock(workshop.ends_at, zone), minutes=minutes(workshop.step.minutes))
        )
    elif workshop.left is not None:
        yield Fact(_("Time left"), minutes(max(1, round(workshop.left.total_seconds() / 60))))
    yield from progress(standing.now)
    yield from prompts.held(sum(one.held for one in _rounds(standing)))
    if standing.following is not None:
        yield Fact(_("Then"), _titled(standing.following))


def _rounds(standing: Standing) -> Iterator[round_words.Standing]:
    """Every round that was opened for it, once."""
    steps = (*standing.earlier, *(one for one in standing.steps if one.step.set))
    return (one.progress for one in steps if one.progress is not None)


def progress(step: StepStanding) -> Iterator[Fact]:
    """How far each group has come, in numbers; of sealed answers nothing but steps."""
    found = step.progress
    if found is None or not (step.is_open or step.is_closed):
        return
    if found.round.mode is Mode.SEALED:
        for box in found.round.boxes:
            if box.role in found.steps:
                yield Fact(box.name or _("Answers"), found.steps[box.role])
        return
    if step.is_vote:
        yield Fact(_("Votes"), found.voted)
    for group in found.groups:
        yield Fact(group.name, Listed(tuple(round_words.written(group, found.round))))


def minutes(n: int) -> Text:
    return n_("{n} minute", "{n} minutes", n)


def _titled(step: Step) -> Words:
    """A step with its time."""
    return _("{title}, {minutes}", title=step.title, minutes=minutes(step.minutes)) if step.minutes else step.title


def _buttons(standing: Standing, refused: Refused | None) -> Iterator[Button]:
    workshop = standing.workshop
    if workshop.state is State.PAUSED:
        yield Button(_("Go on"), on(RESUME, workshop), tone=Tone.PRIMARY)
    elif not workshop.is_last:
        yield _next(workshop)
    if refused is not None and refused.skippable:
        yield Button(_("Go on without asking"), on(SKIP, workshop))
    if workshop.state is State.RUNNING and workshop.ends_at is not None:
        yield longer(workshop)
    yield from _looking(standing)
    if workshop.state is State.RUNNING:
        yield pause(workshop)
        if workshop.at:
            yield Button(_("Back"), on(BACK, workshop))
    yield Button(_("Read the whole script"), Action(SCRIPT, workshop.id))


def _looking(standing: Standing) -> Iterator[Button]:
    """The ways to what people write, and to what it came to."""
    workshop, now = standing.workshop, standing.now
    if now.round is not None:
        yield from ways_to(now)
        if now.is_open and now.round.together:
            yield buttons.take_notes(now.round.id)
        if now.is_closed and now.step.set and workshop.state is State.RUNNING:
            yield Button(_("Ask again"), on(AGAIN, workshop))
    if standing.before is not None and standing.before.is_closed and standing.before.round != now.round:
        yield from ways_to(standing.before) if now.round is None else _result_of(standing.before)
    if now.step.plan_of:
        wanted = next(one.round for one in standing.steps if one.step.id == now.step.plan_of)
        if wanted is not None:
            yield proposals.button(wanted)
        yield plan_cards.open_plan(workshop.programme, workshop.organisation)


def ways_to(step: StepStanding) -> Iterator[Button]:
    """The board of a step, and the result where something was rated and the questions have closed."""
    about = step.round
    if about is None:
        return
    yield from _result_of(step)
    if not about.only_rated:
        yield buttons.open_board(about.id)


def _result_of(step: StepStanding) -> Iterator[Button]:
    if step.round is not None and step.is_closed and has_scales(step.round):
        yield results.button(step.round)


def _judging(standing: Standing) -> Iterator[Button]:
    """The way to the posts that wait: to those of the only round that has any, or to the list of rounds."""
    waiting = [one.round.id for one in _rounds(standing) if one.held]
    if waiting:
        about = waiting[0] if len(waiting) == 1 else ""
        yield Button(_("Read what waits"), Action(buttons.MODERATE, about))


# --- The whole script -------------------------------------------------------------------------------------------------


def script(found: Script, programme: Programme, at: int | None = None, ways: Sequence[Button] = ()) -> Card:
    """Every step with its time, what is asked, and what whoever leads it says; `at` is where it is now."""
    return Card(
        found.title,
        body=(*((found.intro,) if found.intro else ()), in_all(found)),
        items=tuple(_scripted(number, step, programme, is_now=number == at) for number, step in enumerate(found.steps)),
        buttons=tuple(ways),
    )


def in_all(found: Script) -> Text:
    """How long it is."""
    return _("{steps}, {time} in all.", steps=n_("{n} step", "{n} steps", len(found.steps)), time=length(found.minutes))


def length(total: int) -> Words:
    """Minutes as hours and minutes."""
    hours, rest = divmod(total, 60)
    parts: list[Words] = [n_("{n} hour", "{n} hours", hours)] if hours else []
    parts += [minutes(rest)] if rest or not hours else []
    return Listed(tuple(parts))


def _scripted(number: int, step: Step, programme: Programme, *, is_now: bool) -> Item:
    title = _("{number}. {step}", number=number + 1, step=_titled(step))
    lines = (*((_("You are here."),) if is_now else ()), *asked(step, programme), *((step.say,) if step.say else ()))
    return Item(title, lines)


def asked(step: Step, programme: Programme) -> Iterator[Words]:
    """What people are asked in a step, and how."""
    found = programme.question_set(step.set) if step.set else None
    if found is not None:
        yield _("{title}: {how}", title=found.title, how=_how(found.mode, together=found.together))
    elif step.plan_of:
        yield _("What most people want to begin with goes into the plan.")


def _how(mode: Mode, *, together: bool) -> Text:
    if mode is Mode.SEALED:
        return _("each person answers alone, sealed")
    return _("you agree all together, and one of you writes") if together else _("each group writes")


def has_begun() -> Notice:
    """To whoever began it, who has the card to lead it with among their messages."""
    said = _("The workshop has begun. The card that you lead it with is in your conversation with Lärträff.")
    return Notice(said, Tone.GOOD, points=True)


# --- When the time is over, and what cannot be done -------------------------------------------------------------------


def time_is_over(standing: Standing) -> Card:
    """To the leader, once for each time box."""
    workshop = standing.workshop
    following = (Fact(_("Then"), _titled(standing.following)),) if standing.following is not None else ()
    return Card(
        _("Time is up: {title}", title=workshop.step.title),
        body=(whose(standing), _("Go on when you are ready. Nothing closes by itself.")),
        facts=following,
        buttons=(*((_next(workshop),) if following else ()), longer(workshop), open_card(workshop.id)),
        tone=Tone.WARNING,
    )


def gone() -> Text:
    return _("That workshop is no longer here. Write “workshop” to see those that are.")


def not_yours() -> Text:
    return _("Only a coordinator, or the contact of the organisation that takes part, leads this workshop.")


# --- The end ----------------------------------------------------------------------------------------------------------


def ended(standing: Standing, links: Sequence[Button] = ()) -> Card:
    """What came of it, step by step, to whoever leads it."""
    closed = [one for one in standing.steps if one.step.set and one.round is not None]
    workshop = standing.workshop
    return Card(
        _("The workshop is over: {title}", title=workshop.script.title),
        body=(whose(standing), _("Here is all that came of it. The plan is where it goes on.")),
        facts=(Fact(_("Began"), Moment(workshop.begun_at, standing.programme.zone)),),
        items=(*map(_earlier_outcome, standing.earlier), *map(_outcome, closed)),
        buttons=(plan_cards.open_plan(workshop.programme, workshop.organisation), *links),
        tone=Tone.GOOD,
    )


def _earlier_outcome(step: StepStanding) -> Item:
    return replace(_outcome(step), title=before_again(step.step.title))


def before_again(title: Words) -> Text:
    """What a step came to before its questions were put anew: it stays as it is."""
    return _("{title}, before it was asked again", title=title)


def _outcome(step: StepStanding) -> Item:
    too_few = tuple(_("{box}: too few have answered, so nothing of it is shown.", box=box) for box in step.withheld)
    ways = tuple(ways_to(step))
    if step.round is not None:
        ways = (*ways, Button(_("Download Word"), Action(buttons.DOCUMENTS, step.round.id)))
    held = prompts.held(step.progress.held) if step.progress is not None else ()
    return Item(step.step.title, lines=too_few, facts=(*progress(step), *held), buttons=ways)
