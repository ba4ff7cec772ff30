"""Every view about discussion groups and group notes, from typical and extreme facts: `scenes` gives name → view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation import Run
from bot.domain.board import Answer, Standing
from bot.domain.programmes import Programme
from bot.domain.rounds import LONGEST_POST, Mode, Round, State, boxes
from bot.domain.words import Words
from bot.flows import boards, greeting, groups, mine, note_taking, noting, own_posts
from bot.flows.noting import NoteFacts, Notes, NotPutUp, PutUp
from bot.messages import Button, Form, TextField, View
from tests.flows.samples import DIRECTORY, LUND, NOW

_ID = "0123456789abcdef" * 2


def _round(programme: Programme) -> Round:
    found = programme.question_sets[0]
    made = boxes(found, (role.words for role in programme.role_groups))
    return Round(_ID, programme.id, found.title, made, Mode.NOTES, NOW, intro=found.intro, state=State.OPEN,
                 closes_at=NOW)  # fmt: skip


class _Book:
    """Puts up whatever it is given, or refuses."""

    def __init__(self, result: PutUp | NotPutUp | Standing | Words) -> None:
        self._result = result

    def keep(self, written: Notes) -> None:
        pass

    def put_up(self, written: Notes) -> PutUp | NotPutUp:
        assert isinstance(self._result, PutUp | NotPutUp)
        return self._result

    def rewrite(self, answer: str, text: str) -> Standing | Words:
        assert not isinstance(self._result, PutUp | NotPutUp)
        return self._result

    def found(self, programme: str, role: str, name: str, organisation_key: str) -> None:
        pass


def scenes(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    """`name` is what people and groups are called."""
    round, group = _round(programme), (_ID, name)
    line = (name * 200)[:LONGEST_POST]
    yield from _taking(size, programme, round, group)
    yield from _form(size, round, name, line)
    yield from _posts(size, round, group, line)
    yield from _groups(size, programme, name)
    yield from _founding(size, programme, name)


def _taking(size: str, programme: Programme, round: Round, group: tuple[str, str]) -> Iterator[tuple[str, View]]:
    name = group[1]
    sealed = replace(round, mode=Mode.SEALED)
    seen = [
        note_taking.OpenRound(one, programme.title, programme.zone, ((name, name),) * 2) for one in (round, sealed) * 10
    ]
    yield f"{size}: open", note_taking.open_rounds(seen)
    yield f"{size}: open, nothing", note_taking.open_rounds(())
    yield f"{size}: typed instead", note_taking.typed_instead(_ID, seen[:2])
    yield f"{size}: typed instead, many questions", note_taking.typed_instead(_ID, seen)
    meeting, begun = (programme, programme.occasions[0]), (mine.Unfinished("run", programme),) * 2
    concerns = greeting.Concerns(name, meeting, begun, tuple(seen[:2]), 2, True, 12, (programme,))
    yield f"{size}: hello", greeting.hello(concerns)
    yield f"{size}: hello, many questions", greeting.hello(replace(concerns, rounds=tuple(seen), matters=0))
    yield f"{size}: which board", boards.which([(round, programme)] * 10)
    yield f"{size}: which board, none", boards.which(())
    yield f"{size}: not open", note_taking.not_open(round, others=True)
    draft = {one.id: "rad\n" * 60 for one in round.boxes[0].questions}
    yield f"{size}: closed on a draft", noting.not_put_up_in_time(round, round.boxes[0].questions, draft)
    yield f"{size}: closed", note_taking.not_open(replace(round, state=State.CLOSED))
    yield f"{size}: announced", note_taking.announced(name, name, round)
    yield f"{size}: which group", note_taking.which_group(round, [group] * 30)
    yield f"{size}: which small group", note_taking.which_group(round, [group], [group] * 29, remembers=True)
    yield f"{size}: taken", note_taking.taken(name, group, round)
    yield f"{size}: yours", note_taking.yours(group, round)
    yield f"{size}: whom", note_taking.whom(group, round, [(_ID, name)] * 40)
    yield f"{size}: whom, nobody", note_taking.whom(group, round, ())
    yield f"{size}: handed over", note_taking.handed_over(name, name)
    yield f"{size}: handed to you", note_taking.handed_to_you(name, group, round)
    yield f"{size}: taken over", note_taking.taken_over(name, group, round)


def _form(size: str, round: Round, name: str, line: str) -> Iterator[tuple[str, View]]:
    questions = round.boxes[0].questions
    about, box, caution = replace(round, signed=True), round.boxes[0].name, groups.too_few(name, 2)
    facts = NoteFacts(about, about.title, name, box, questions, lambda text: (text[:200],) * 3, caution)
    full = {one.id: (line + "\n") * 2 for one in questions}
    lines = {one.id: (line,) * 60 for one in questions}
    state = Notes(_ID, _ID, full, full, more=True)
    up = _Book(PutUp(lines, held=3))
    first = noting.noting.begin(Run("r", state), facts, up)
    yield f"{size}: notes", first.view
    assert isinstance(first.view, Form)
    too_long = {one.name: line + "x" for one in first.view.fields if isinstance(one, TextField)}
    yield f"{size}: notes, too long", noting.noting.receive(first.run, too_long, facts, up).view
    yield f"{size}: notes, empty", noting.noting.receive(first.run, dict.fromkeys(too_long, ""), facts, up).view
    asked = noting.noting.receive(first.run, first.view.values, facts, up)
    yield f"{size}: notes, look", asked.view
    moderated = replace(facts, round=replace(round, moderated=True))
    yield f"{size}: notes, moderated", noting.noting.begin(Run("r", state), moderated, up).view
    yield f"{size}: notes, draft", noting.kept(state, facts)
    reason, ways = noting.taken_meanwhile(name, round, _ID)
    refused = NotPutUp(reason, full, ways)
    for what, result in (("done", PutUp(lines, 3)), ("held", PutUp({questions[0].id: (line,)}, 1)),
                         ("nothing", PutUp({})), ("refused", refused)):  # fmt: skip
        assert isinstance(asked.view, Form)
        yield f"{size}: notes, {what}", noting.noting.receive(asked.run, asked.view.values, facts, _Book(result)).view
    yield f"{size}: notes, closed", noting.not_written(NotPutUp(*_closed(round)), facts)
    yield f"{size}: notes, left", noting.not_written(NotPutUp(noting.left_meanwhile(name), full), facts)


def _closed(round: Round) -> tuple[Words, dict[str, str], tuple[Button, ...]]:
    reason, ways = noting.closed_meanwhile(round)
    return reason, {}, ways


def _posts(size: str, round: Round, group: tuple[str, str], line: str) -> Iterator[tuple[str, View]]:
    box = round.boxes[0]
    answers = [Answer(_ID, _ID, box.role, box.questions[0].id, _ID, line, standing, 1, NOW) for standing in Standing]
    own = [own_posts.OwnPost(one, box.questions[0].text, movable=True) for one in answers] * 10
    place = own_posts.Place(_ID, group[1], box.name, box.questions[0].id, box.questions[0].text)
    yield f"{size}: own posts", own_posts.page_of(own, group, round)
    yield f"{size}: own posts, none", own_posts.page_of((), group, round)
    yield f"{size}: where to", own_posts.where(answers[0], [place] * 30)
    yield f"{size}: where to, nowhere", own_posts.where(answers[0], ())
    yield f"{size}: moved", own_posts.moved(answers[0], _ID)
    yield f"{size}: take away", own_posts.ask_to_remove(answers[0], _ID)
    yield f"{size}: taken away", own_posts.removed(answers[0])
    facts = own_posts.EditFacts(box.questions[0], lambda text: (text[:200],))
    results: tuple[Standing | Words, ...] = (Standing.SHOWN, Standing.HELD, own_posts.too_late_to_move())
    for number, result in enumerate(results):
        book = _Book(result)
        first = own_posts.edit.begin(Run("r", own_posts.Edit(_ID, line)), facts, book)
        yield f"{size}: edit {number}", first.view
        look = own_posts.edit.receive(first.run, {"text": line}, facts, book)
        yield f"{size}: edit {number}, look", look.view
        yield f"{size}: edit {number}, done", own_posts.edit.receive(look.run, {"text": line}, facts, book).view


def _groups(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    free = [(_ID, name)] * 30
    role = programme.role_groups[0].name
    listing = groups.Listing(_ID, name, role, 2, name, name, ((programme.title, name),) * 3, guests=1)
    yield f"{size}: choose", groups.choose(programme, free, then=f"note {_ID}")
    yield f"{size}: choose among", groups.choose_among(role, free, then=f"note {_ID}")
    yield f"{size}: my groups", groups.mine(programme, [groups.Mine(_ID, name, role)] * 5, coordinates=True)
    yield f"{size}: my groups, none", groups.mine(programme, ())
    yield f"{size}: which programme", groups.which_programme([programme] * 5)
    yield f"{size}: which programme, none", groups.which_programme(())
    yield f"{size}: joined", groups.joined(name, programme, (("g1", name), ("g2", name)))
    yield f"{size}: left", groups.left(name, programme)
    yield f"{size}: all groups", groups.groups(programme, [listing, replace(listing, size=0)] * 30)
    yield f"{size}: all groups, none", groups.groups(programme, ())
    yield f"{size}: group removed", groups.removed(name)
    yield f"{size}: talks here", groups.talks_here(name, programme)
    yield f"{size}: talks there", groups.talks_there(name)
    yield f"{size}: which talks here", groups.which_talks_here([(_ID, name, programme.title)] * 30, "C" * 80)
    yield f"{size}: which talks here, none", groups.which_talks_here((), "C")


def _founding(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    facts, room = groups.NewGroupFacts(programme, DIRECTORY), _Book(Standing.SHOWN)
    first = groups.founding.begin(Run("r", groups.NewGroup(programme.id)), facts, room)
    yield f"{size}: new group", first.view
    typed = {"name": name[:60], "role": programme.role_groups[0].id}
    for what, organisation in (("unclear", "Bo"), ("unknown", name[:100]), ("made", LUND.name)):
        answers = {**typed, "organisation": organisation}
        yield f"{size}: new group, {what}", groups.founding.receive(first.run, answers, facts, room).view
