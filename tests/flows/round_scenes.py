"""Every view about rounds, from small, typical and extreme facts: `scenes` gives name → view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.conversation import Run
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.rounds import MOST_ASKED, UNDO, Mode, Question, QuestionSet, Round, Scale, State, boxes
from bot.domain.words import Localised, _
from bot.flows import asking, channels, prompts, round_ahead, rounds
from bot.flows.channels import Channel
from bot.flows.prompts import Outcome, Part
from bot.flows.round_ahead import Ahead
from bot.flows.round_drafts import Draft, Facts, Reach
from bot.flows.rounds import Closing, ClosingFacts, GroupStanding, Standing
from bot.messages import Answer, View
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import NOW, SINGLE, words

_ID = "0123456789abcdef" * 2
_SMALL = QuestionSet("liten", words("A"), (Question("q", words("Vad?")),), by_role=False)
TYPICAL = replace(SINGLE, role_groups=ROLE_GROUPS, question_sets=(KICK_OFF, _SMALL))


def extreme(programme: Programme, title: Localised, question: Localised, intro: Localised) -> Programme:
    """Role groups and questions as many and as long as a programme may have them."""
    groups = tuple(replace(ROLE_GROUPS[0], id=f"g{n}", name=title, called=words("x" * 20)) for n in range(5))
    trend = Localised({language: text[:100] for language, text in question.wordings.items()})
    asked = tuple(Question(f"q{n}", question, supplied=(trend,) * (1 + n % 2)) for n in range(10))
    sets = tuple(
        QuestionSet(f"s{n}", title, asked, intro, mail_to="m" * 60 + "@example.org", votes=3) for n in range(20)
    )
    return replace(programme, role_groups=groups, question_sets=sets)


def _round(programme: Programme, which: int, **changes: object) -> Round:
    found = programme.question_sets[which]
    made = Round(
        id=_ID,
        programme=programme.id,
        title=found.title,
        boxes=boxes(found, (group.words for group in programme.role_groups)),
        mode=found.mode,
        opens_at=NOW,
        set=found.id,
        intro=found.intro,
        closes_at=NOW + timedelta(days=3),
        mail_to=found.mail_to,
        votes=found.votes,
        state=State.OPEN,
        undo_until=NOW + UNDO,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class _Desk:
    """Opens whatever it is asked to, or says that somebody was first."""

    def __init__(self, *, refuses: bool = False) -> None:
        self._refuses = refuses

    def ask(self, wanted: Round, *, seen: tuple[str, ...]) -> Round:
        if self._refuses:
            raise asking.already_asked(wanted, "Europe/Stockholm")
        return replace(wanted, id=_ID, state=State.OPEN, undo_until=NOW + UNDO)

    def close_at(self, round: str, moment: object) -> Round:
        return _round(TYPICAL, 0)


def _facts(programme: Programme, name: str, *earlier: Round) -> Facts:
    people = {group.id: 999 for group in programme.role_groups}
    channels = tuple(f"{name} {n}" for n in range(30)) if len(name) > 20 else (name,)
    small = tuple((name, n) for n in (1, 2)) * 5
    reach = Reach(people, people, people, 12, 3, 1, small, channels, working_in={"SE": 999, "NO": 999})
    return Facts(programme, NOW, Language.ENGLISH, earlier, lambda _round: reach, lambda _round, _box: 4)


def scenes(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    """`name` is what a group or a channel is called."""
    yield from _asking(size, programme, name)
    yield from _own(size, programme, name)
    yield from _as_many_as_there_may_be(programme) if size == "extreme" else ()
    yield from _prompts(size, programme, name)
    yield from _overview(size, programme, name)


def _asking(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    facts, desk = _facts(programme, name, _round(programme, 0)), _Desk()
    source = {"source": f"set:{programme.question_sets[0].id}"}
    turn = asking.flow.begin(Run("r", Draft(programme.id)), facts, desk)
    yield f"{size}: ask, which", turn.view
    turn = asking.flow.receive(turn.run, source, facts, desk)
    yield f"{size}: ask, details", turn.view
    all_of_them = {"roles": tuple(box.role for box in _round(programme, 0).boxes)}
    refused: dict[str, Answer] = {**all_of_them, "closes_day": "yesterday", "closes_at": "25"}
    yield f"{size}: ask, refused", asking.flow.receive(turn.run, refused, facts, desk).view
    before, turn = turn, asking.flow.receive(turn.run, {**all_of_them, "closes_day": "20 maj"}, facts, desk)
    yield f"{size}: ask, again?", turn.view
    holiday: dict[str, Answer] = {**all_of_them, "opens_day": "17 maj", "opens_at": "9.00"}
    yield f"{size}: ask, on a holiday", asking.flow.receive(before.run, holiday, facts, desk).view
    yield f"{size}: ask, nothing", asking.flow.receive(turn.run, {"again": "no"}, facts, desk).view
    yield f"{size}: ask, done", asking.flow.receive(turn.run, {"again": "yes"}, facts, desk).view
    first = asking.flow.receive(turn.run, {"again": "yes"}, facts, _Desk(refuses=True))
    yield f"{size}: ask, overtaken", first.view
    yield f"{size}: ask, which programme", asking.choose((programme, programme))


def _as_many_as_there_may_be(programme: Programme) -> Iterator[tuple[str, View]]:
    """Forty statements for each of three roles, as long together as a round may ask: every word on one page."""
    statement = words(("Vår förvaltning har en plan för hur vi prövar. " * 3)[: MOST_ASKED // 120])
    asked = tuple(Question(f"q{n}", statement, scale=Scale()) for n in range(40))
    full = replace(programme, role_groups=ROLE_GROUPS, question_sets=(QuestionSet("s", words("S"), asked),))
    facts, draft = _facts(full, "x" * 80), Draft(full.id, "set:s", preset=True)
    turn = asking.flow.begin(Run("r", draft), facts, _Desk())
    roles = tuple(group.id for group in ROLE_GROUPS)
    yield "extreme: ask, forty statements", asking.flow.receive(turn.run, {"roles": roles}, facts, _Desk()).view


def _own(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    facts, desk = _facts(programme, name), _Desk()
    turn = asking.flow.begin(Run("r", Draft(programme.id, "own", preset=True)), facts, desk)
    yield f"{size}: own", turn.view
    long = (name * 200)[:200]
    said = {
        "title": long[:60],
        "questions": "\n".join([long] * 3),
        "mode": "sealed",
        "split": "together",
        "look": "yes",
    }
    yield f"{size}: own, too many", asking.flow.receive(turn.run, {**said, "questions": "a\n" * 4}, facts, desk).view
    turn = asking.flow.receive(turn.run, said, facts, desk)
    yield f"{size}: own, sealed", turn.view
    yield f"{size}: own, too few", asking.flow.receive(turn.run, {"threshold": "5"}, facts, desk).view
    yield (
        f"{size}: own, planned",
        asking.flow.receive(turn.run, {"threshold": "5", "opens_day": "sunday"}, facts, desk).view,
    )


def _prompts(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    about = _round(programme, 0)
    parts = tuple(Part(box.name, box.questions) for box in about.boxes)
    sealed = replace(about, mode=Mode.SEALED)
    yield f"{size}: prompt", prompts.prompt(about, programme, parts[:1])
    yield f"{size}: prompt, all", prompts.prompt(about, programme, parts, group=_ID)
    yield f"{size}: prompt, moderated", prompts.prompt(replace(about, moderated=True), programme, parts[:2])
    yield f"{size}: prompt, signed", prompts.prompt(replace(about, signed=True), programme, parts[:2])
    yield f"{size}: prompt, sealed", prompts.prompt(sealed, programme, parts[:1])
    for way in (about, sealed):
        yield f"{size}: choose group, {way.mode}", prompts.choose_group(way, programme)
    yield f"{size}: closes soon", prompts.last_days(sealed, programme)
    yield f"{size}: nothing written", prompts.nothing_written(about, programme, _ID, name)
    yield f"{size}: opened", prompts.opened(about, programme)
    yield f"{size}: planned", prompts.opened(replace(about, state=State.PLANNED), programme)
    for was_open in (True, False):
        yield f"{size}: taken back, {was_open}", prompts.taken_back(about, programme, was_open=was_open)
    yield f"{size}: could not open", prompts.could_not_open(about, programme, _("Nobody"))
    yield f"{size}: closed", prompts.closed(about, programme, "https://example.org/" + "x" * 150)
    yield f"{size}: closed, sealed", prompts.closed(sealed, programme, "https://example.org/")
    yield f"{size}: closed, nothing", prompts.closed(about, programme, "https://example.org/", written=False)
    none = [box.role for box in sealed.boxes]
    yield f"{size}: closed, too few", prompts.closed(sealed, programme, "https://example.org/", withheld=none)
    came = Outcome(50, (name,) * 40, tuple(prompts.box_name(box) for box in about.boxes), held=2)
    yield f"{size}: closed for coordinator", prompts.closed_for_coordinator(about, programme, came, "https://e.org/")


def _ahead(size: str, about: Round, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    planned = replace(about, state=State.PLANNED)
    names = tuple(prompts.box_name(box) for box in about.boxes)
    missing = Channel("k", "slack", name, threads=False, trouble="not_in_channel")
    few = tuple((one, 1) for one in names)
    unseen = (missing, replace(missing, name="", platform="teams")) * 5
    full = Ahead(planned, programme, few, ((name, 1), (name, 2)), names, 12, 3, unseen)
    yield f"{size}: round, ahead", round_ahead.card(full)
    yield f"{size}: round, a channel of a group", channels.missing_for_group(programme, name, missing)


def _overview(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    about, roles = _round(programme, 0), programme.role_groups
    groups = tuple(GroupStanding(name, group.id, 7, n % 2 > 0, n, n) for n in range(6) for group in roles)
    for state in State:
        found = replace(about, state=state, closed_at=NOW if state is State.CLOSED else None)
        yield (
            f"{size}: round, {state}",
            rounds.card(Standing(found, programme, groups, 5, 2, _("Sent"), undoable=state in prompts.RUNNING)),
        )
    sealed = replace(about, mode=Mode.SEALED)
    steps = {box.role: _("Nobody") for box in about.boxes}
    yield f"{size}: round, sealed", rounds.card(Standing(sealed, programme, groups, steps=steps, written=True))
    yield f"{size}: close?", rounds.ask_to_close(Standing(about, programme, groups))
    yield f"{size}: too late to undo", rounds.too_late_to_undo(about)
    yield from _ahead(size, about, programme, name)
    for n in (0, 1, 3):
        yield f"{size}: reminded, {n}", rounds.reminded(n)
    facts, desk = ClosingFacts(about, programme, NOW), _Desk()
    turn = rounds.closing.begin(Run("r", Closing(_ID)), facts, desk)
    yield f"{size}: closing time", turn.view
    yield f"{size}: closing time, past", rounds.closing.receive(turn.run, {"closes_at": "0.01"}, facts, desk).view
    yield f"{size}: closing time, saved", rounds.closing.receive(turn.run, {"closes_at": "23.00"}, facts, desk).view
