"""Every view of a workshop, from small, typical and extreme facts: `scenes` gives name → view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.conversation import Run
from bot.domain.programmes import Programme
from bot.domain.refusals import Refusal
from bot.domain.rounds import Mode, Question, QuestionSet, Scale
from bot.domain.rounds import State as RoundState
from bot.domain.words import Localised, Words, _
from bot.domain.workshops import Script, Step, Workshop, begun
from bot.flows import (
    beginning,
    closing_steps,
    prompts,
    room_page,
    round_drafts,
    sealing,
    voting,
    workshop_lists,
    workshop_news,
    workshops,
)
from bot.flows.beginning import WHOLE, Alone, Draft, Facts
from bot.flows.prompts import Part
from bot.flows.rounds import GroupStanding
from bot.flows.rounds import Standing as RoundStanding
from bot.flows.workshops import Standing, StepStanding
from bot.messages import Card, View
from tests.flows.samples import NOW, SINGLE, words

_ID = "0123456789abcdef" * 2


def typical() -> Programme:
    return made(SINGLE, words("SWOT i grupper"), words("Dela upp er tre och tre."), words("Vad är bra?"), steps=8)


def made(programme: Programme, title: Localised, say: Localised, question: Localised, *, steps: int) -> Programme:
    """A programme with a script of so many steps, of every kind that there is."""
    scale = Scale(low=words("Inte alls"), high=words("Helt"))
    sets = (
        QuestionSet("a", title, (Question("q", question),), by_role=False, votes=3),
        QuestionSet("b", title, (Question("q", question, scale=scale),), mode=Mode.SEALED),
        QuestionSet("c", title, (Question("q", question),), by_role=False, together=True),
    )
    kinds: tuple[Mapping[str, str], ...] = (
        {}, {"set": "a"}, {"set": "b"}, {"set": "c"}, {"goes_on": "s1"}, {"plan_of": "s1"},
    )  # fmt: skip
    found = tuple(Step(f"s{n}", title, 45, say, **kinds[n % 6 if n < 6 else 0]) for n in range(steps))
    return replace(programme, question_sets=sets, workshops=(Script("dagen", title, found, intro=say, threshold=3),))


def standing(programme: Programme, name: str, at: int, **changes: object) -> Standing:
    """A workshop at a step; everything before it has closed."""
    script = programme.workshops[0]
    workshop = replace(begun(Workshop(_ID, programme.id, script, "p", NOW, at=at), NOW), **changes)  # type: ignore[arg-type]
    steps = tuple(_step(programme, step, name, closed=number < at) for number, step in enumerate(script.steps))
    return Standing(workshop, programme, steps, organisation=name, people=9)


def _step(programme: Programme, step: Step, name: str, *, closed: bool) -> StepStanding:
    asked = {"s1": "a", "s2": "b", "s3": "c"}.get(step.goes_on or step.id)
    found = programme.question_set(asked) if asked else None
    if found is None:
        return StepStanding(step)
    state = RoundState.CLOSED if closed else RoundState.OPEN
    about = replace(round_drafts.of_set(found, programme, NOW), id=_ID, state=state, closed_at=NOW if closed else None)
    groups = tuple(GroupStanding(f"{n} {name}"[: len(name)], "", 3, True, n * 7) for n in range(5))
    counted: Mapping[str, Words] = {box.role: sealing.steps(0, 3) for box in about.boxes} if not closed else {}
    voted = voting.so_far(7, 9, about) if about.votes and not closed else ""
    withheld = tuple(prompts.box_name(box) for box in about.boxes) if closed and asked == "b" else ()
    return StepStanding(step, RoundStanding(about, programme, groups, steps=counted, voted=voted), withheld)


class _Desk:
    """Begins whatever it is asked to, or says that somebody was first."""

    def __init__(self, shown: Standing, *, refuses: bool = False) -> None:
        self._shown = shown
        self._refuses = refuses

    def begin(self, draft: Draft, place: str, threshold: int) -> Card:
        if self._refuses:
            raise Refusal(_("This workshop is already under way. Write “workshop” to see how far it has come."))
        return workshops.card(self._shown)


def _facts(programme: Programme, name: str, places: int) -> Facts:
    named: dict[str, Words] = {WHOLE: _("Everybody in the programme")}
    return Facts(
        programme,
        programme.workshops[0],
        NOW,
        {**named, **{f"SE-{n}": name for n in range(places)}},
        people=lambda _place: 9,
        groups=lambda _place: 3,
        returning=lambda _place: [(name, NOW)] * places,
        alone=lambda _place, asked: Alone([(asked.title, n) for n in (4, 9)]),
    )


def _begun(programme: Programme, name: str, *, places: int) -> Iterator[tuple[str, View]]:
    """The forms, filled in and refused."""
    facts, shown = _facts(programme, name, places), standing(programme, name, 0)
    run = Run("r", Draft(programme.id, programme.workshops[0].id))
    turn = beginning.flow.begin(run, facts, _Desk(shown))
    yield "where", turn.view
    if places > 60:
        yield (
            "where, unknown",
            beginning.flow.receive(turn.run, {"organisation": "Ingenstans"}, facts, _Desk(shown)).view,
        )
        turn = beginning.flow.receive(turn.run, {"organisation": ""}, facts, _Desk(shown))
    else:
        turn = beginning.flow.receive(turn.run, {"place": "SE-0"}, facts, _Desk(shown))
    yield "how", turn.view
    nobody = beginning.flow.show(turn.run, replace(facts, people=lambda _place: 0), _Desk(shown))
    yield "how, nobody takes part", nobody.view
    yield "how, too high", beginning.flow.receive(turn.run, {"threshold": "6"}, facts, _Desk(shown)).view
    said = {"threshold": "4", "groups": "3"}
    yield "begun", beginning.flow.receive(turn.run, said, facts, _Desk(shown)).view
    yield "overtaken", beginning.flow.receive(turn.run, said, facts, _Desk(shown, refuses=True)).view


def scenes(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    """Every card and form; `name` is what an organisation or a group is called."""
    for places in (2, 61):
        for what, view in _begun(programme, name, places=places):
            yield f"{size}: begin, {places} places, {what}", view
    script = programme.workshops[0]
    for at in range(len(script.steps)):
        yield f"{size}: step {at}", workshops.card(standing(programme, name, at))
    told = standing(programme, name, 1, told=True)
    paused = standing(programme, name, 2, ends_at=None, left=timedelta(minutes=12))
    paused = replace(paused, workshop=paused.workshop.paused(NOW))
    yield f"{size}: time over", workshops.card(told)
    yield f"{size}: time is over", workshops.time_is_over(told)
    yield f"{size}: last time is over", workshops.time_is_over(standing(programme, name, len(script.steps) - 1))
    yield f"{size}: paused", workshops.card(paused)
    yield f"{size}: script", workshops.script(script, programme, 2, (workshops.open_card(_ID),))
    yield f"{size}: overview", workshop_lists.overview([programme] * 3, [told, paused])
    yield f"{size}: nothing to lead", workshop_lists.overview((), ())
    yield f"{size}: participant", workshop_lists.for_participant(told)
    yield f"{size}: participant in a break", workshop_lists.for_participant(paused)
    refused = workshops.Refused(script.steps[2].title, workshops.gone())
    yield f"{size}: cannot go on", workshops.card(told, refused=refused)
    yield f"{size}: further down", workshops.further_down(told.workshop)
    yield f"{size}: end?", closing_steps.ask_to_end(told)
    yield from _questions(size, programme, name)
    yield f"{size}: not ended", closing_steps.not_ended(told, NOW)
    yield f"{size}: paused for long", closing_steps.not_ended(paused, NOW)
    yield f"{size}: new link?", room_page.ask_for_new_link(told)
    ended = standing(programme, name, len(script.steps) - 1)
    ended = replace(ended, workshop=ended.workshop.ended())
    yield f"{size}: over", workshops.ended(ended)
    yield f"{size}: over, in the list", workshop_lists.overview((), (ended,))
    yield from _news(size, programme, name, ended)


def _questions(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    """Before what would be lost: all of it at once, and each."""
    for at in (1, 2, 4):
        shown = standing(programme, name, at)
        steps = tuple(_unready(one) for one in shown.steps)
        unready = replace(shown, steps=steps)
        yield f"{size}: on from {at}?", closing_steps.ask_to_go_on(unready, closing_steps.by_going_on(unready))
        yield f"{size}: end at {at}, unready?", closing_steps.ask_to_end(unready)


def _unready(step: StepStanding) -> StepStanding:
    """With drafts, too few votes and too few answers."""
    found = step.progress
    if found is None or not found.round.is_open:
        return step
    steps = {box: sealing.steps(1, 3) for box in found.steps}
    groups = tuple(replace(group, has_draft=True) for group in found.groups)
    unready = replace(found, steps=steps, short=frozenset(steps), groups=groups, few_voted=bool(found.voted))
    return replace(step, progress=unready)


def _news(size: str, programme: Programme, name: str, ended: Standing) -> Iterator[tuple[str, View]]:
    """What those who take part are told."""
    script = programme.workshops[0]
    yield f"{size}: begins", workshop_news.begins(standing(programme, name, 0), alone=True)
    yield f"{size}: thanks", workshop_news.thanks(ended)
    for at in (0, 1, 2):
        yield f"{size}: resumed {at}", workshop_news.resumed(standing(programme, name, at))
    about = standing(programme, name, 1).now.round
    assert about is not None
    yield f"{size}: vote", workshop_news.goes_on(programme, script.steps[4], about)
    yield f"{size}: write on", workshop_news.goes_on(programme, script.steps[4], replace(about, votes=0))
    parts = [Part(box.name, box.questions) for box in about.boxes]
    for who, writer in (("reader", ""), ("other", name), ("nobody", None)):
        yield f"{size}: agree, {who} writes", prompts.agree(about, programme, parts, writer=writer)
