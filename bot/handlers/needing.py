"""What help people ask for: the organisers' queue, answers that go to everybody, and their correction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.board import Answer, Reply, Standing
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.rounds import Purpose, Round, State
from bot.domain.themes import themes
from bot.domain.values import dataclass
from bot.domain.words import Localised, _
from bot.flows import buttons, needing, truth
from bot.flows.needing import Answered, Need, Queue
from bot.handlers import matters, prompting
from bot.handlers.audiences import asked_of
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.prompting import Circle
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card, View, to_json
from bot.ports import Address
from storage.answers import Answers
from storage.groups import Groups
from storage.outbox import Post
from storage.rounds import Rounds
from storage.sent import TAKEN_DOWN, copies

_HAS_ANSWERS = (State.OPEN, State.CLOSED)


# --- When a round closes ----------------------------------------------------------------------------------------------


def ask_for_answers(visit: Visit, round: Round) -> None:
    """Let the coordinators know that needs wait for an answer, or that none do any more; the round must be locked."""
    waiting = [one for one in _asked(visit, round) if one.reply is None]
    if waiting and visit.programmes[round.programme].closed is None:
        view = needing.waiting(round.id, round.title, len(waiting))
        matters.open_matter(visit, key=_matter(round.id), programme=round.programme, kind="needs", view=view)
    else:
        let_be(visit, round.id)


def let_be(visit: Visit, round: str) -> None:
    """Wait for no answer to this round's needs any more."""
    matters.settled(visit, key=_matter(round))


def _matter(round: str) -> str:
    return f"needs:{round}"


# --- What is asked for ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A post that asks for help, with what the organiser has said to it."""

    round: Round
    answer: Answer
    reply: Reply | None

    @property
    def need(self) -> Need:
        box = next((box for box in self.round.boxes if box.role == self.answer.box), None)
        return Need(self.answer.id, self.answer.text, box.name if box is not None else Localised({}))


def _asked(visit: Visit, about: Round) -> Iterator[_Asked]:
    """The needs of a round in the order of the board, as far as they are shown."""
    asking = {
        (box.role, question.id) for box in about.boxes for question in box.questions if question.purpose is Purpose.NEED
    }
    if not asking or about.state not in _HAS_ANSWERS:
        return
    store = Answers(visit.connection, visit.now)
    said = {one.answer: one for one in store.replies(about.id) if not one.box}
    for answer in store.of_round(about.id):
        if answer.standing is Standing.SHOWN and (answer.box, answer.question) in asking:
            yield _Asked(about, answer, said.get(answer.id))


def _queue(visit: Visit, programme: Programme, rounds: Iterable[Round]) -> Queue:
    """What is asked for in these rounds of a programme, the oldest first."""
    oldest_first = sorted(rounds, key=lambda one: (one.opens_at, one.id))
    found = [one for about in oldest_first for one in _asked(visit, about)]
    waiting = tuple(one.need for one in found if one.reply is None)
    return Queue(programme.id, programme.title, waiting, tuple(_together(found)))


def _together(found: Sequence[_Asked]) -> Iterator[Answered]:
    """What was answered, the newest first; what had one answer is one entry."""
    batches: dict[tuple[datetime, str], list[Need]] = {}
    for one in found:
        if one.reply is not None:
            batches.setdefault((one.reply.said_at, one.reply.text), []).append(one.need)
    for (_said_at, text), needs in sorted(batches.items(), key=lambda one: one[0][0], reverse=True):
        yield Answered(tuple(needs), text)


# --- The list ---------------------------------------------------------------------------------------------------------


def show_needs(scene: Scene, about: str) -> Outcome:
    """`needs`: of everything that goes on, of a programme or of a round."""
    id, start = truth.page_of(about)
    seen = _in_view(scene, id)
    queues = [_queue(scene.visit, programme, rounds) for programme, rounds in seen]
    if not id:
        queues = [queue for queue in queues if queue.needs or queue.answered]
    recurring = _recurring(scene.visit, seen[0][1]) if len(seen) == 1 else ()
    return Show(needing.card(queues, id, start, recurring))


def _in_view(scene: Scene, id: str) -> list[tuple[Programme, tuple[Round, ...]]]:
    """Programmes with their rounds. Raises `Gone` for what is neither a round nor a programme."""
    store = Rounds(scene.visit.connection, scene.visit.now)
    if not id:
        return [(one, store.of_programme(one.id)) for one in scene.programmes]
    about = store.get(id)
    if about is not None and about.programme in scene.visit.programmes:
        return [(scene.visit.programmes[about.programme], (about,))]
    return [(scene.programme(id), store.of_programme(id))]


def _recurring(visit: Visit, rounds: Sequence[Round]) -> tuple[needing.Recurring, ...]:
    """What comes back in all that is shown of these rounds, besides the words of the questions."""
    store = Answers(visit.connection, visit.now)
    shown = [one for about in rounds for one in store.of_round(about.id) if one.standing is Standing.SHOWN]
    boxes = [box for about in rounds for box in about.boxes]
    names = {box.role: box.name for box in boxes}
    asked = {text for box in boxes for question in box.questions for text in question.text.wordings.values()}
    found = themes([(one.box, one.text) for one in shown], besides=asked)
    return tuple(
        needing.Recurring(one.words, one.count, one.looked_at, tuple(names[role] for role in one.roles if role))
        for one in found[: needing.MOST_RECURRING]
    )


# --- Answering --------------------------------------------------------------------------------------------------------


def answer(scene: Scene, about: str) -> Outcome:
    """The form, with one need chosen already where its own button was pressed."""
    id, _blank, need = about.partition(" ")
    if not _whole(scene, id).needs:
        raise Gone(_("Everything that was asked for has an answer."))
    return Start(needing.flow.name, id, needing.Draft(id, (need,) if need else ()))


def correct(scene: Scene, about: str) -> Outcome:
    """The form with an answer that has gone out."""
    programme, found = _answered(scene, about)
    return Start(needing.flow.name, f"{programme.id} {about}", needing.Draft(programme.id, (), found.text, about))


def ask_to_take_down(scene: Scene, about: str) -> Outcome:
    programme, found = _answered(scene, about)
    return Show(needing.ask_to_take_down(found, programme.id), replaces=True)


def take_down(scene: Scene, about: str) -> Outcome:
    programme, _found = _answered(scene, about)
    return Show(needing.taken_down(HelpRoom(scene).take_down(about), programme.id), replaces=True)


def facts(scene: Scene, about: str) -> needing.Facts:
    """What the form looks at: the needs that wait, or those whose answer is corrected."""
    id, _blank, corrected = about.partition(" ")
    if corrected:
        return needing.Facts(_answered(scene, corrected)[1].needs)
    people, channels = _reach(scene.visit, scene.programme(id))
    return needing.Facts(_whole(scene, id).needs, people, channels)


def _whole(scene: Scene, id: str) -> Queue:
    """What is asked for in all rounds of a programme."""
    programme = scene.programme(id)
    return _queue(scene.visit, programme, Rounds(scene.visit.connection, scene.visit.now).of_programme(id))


def _answered(scene: Scene, need: str) -> tuple[Programme, Answered]:
    """The programme of an answered need, and all that was answered together with it. Raises `Gone`."""
    post = Answers(scene.visit.connection, scene.visit.now).get(need)
    about = Rounds(scene.visit.connection, scene.visit.now).get(post.round) if post is not None else None
    if about is not None:
        programme = scene.programme(about.programme)
        for one in _whole(scene, programme.id).answered:
            if need in {each.id for each in one.needs}:
                return programme, one
    raise Gone(_("This is no longer on the board."))


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the list, with its buttons."""
    id, _blank, _need = about.partition(" ")
    return needing.card([_whole(scene, id)], id)


class HelpRoom:
    """Implements `bot.flows.needing.HelpDesk` for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._visit = scene.visit
        self._store = Answers(scene.visit.connection, scene.visit.now)

    def answer(self, programme: str, needs: tuple[str, ...], text: str) -> int:
        held = [one for one in self._hold(programme, needs) if one.reply is None]
        if not held:
            raise Gone(_("Somebody else has answered this meanwhile. Write “status” to see what is left."))
        self._reply(held, text)
        first = held[0]
        view = needing.told_to_all([one.answer.text for one in held], text, board=first.round.id)
        beginning = f"{_told(first)}{self._scene.inbound.delivery}"  # what was taken down may be answered anew
        posts = tuple(_posts(self._visit, first.round, beginning, view))
        self._visit.outbox.add_many(posts)
        return len(posts)

    def correct(self, need: str, text: str) -> int:
        programme, together = _answered(self._scene, need)
        held = self._still_answered(programme.id, together)
        self._reply(held, text)
        first = held[0]
        view = needing.told_to_all([one.answer.text for one in held], text, board=first.round.id, corrected=True)
        return self._change(first, view, self._scene.inbound.delivery)

    def take_down(self, need: str) -> int:
        """Let go of an answer; how many messages say so. Raises `Gone` when somebody was first."""
        programme, together = _answered(self._scene, need)
        held = self._still_answered(programme.id, together)
        for one in held:
            self._store.take_back(one.answer, box="")
        self._wait(held)
        return self._change(held[0], needing.told_no_longer([one.answer.text for one in held]), TAKEN_DOWN)

    def _still_answered(self, programme: str, together: Answered) -> list[_Asked]:
        """As `_hold`. Raises `Gone` when the answer has been taken down meanwhile."""
        held = self._hold(programme, tuple(one.id for one in together.needs))
        if not held or any(one.reply is None for one in held):
            raise Gone(_("This is no longer on the board."))
        return held

    def _hold(self, programme: str, needs: tuple[str, ...]) -> list[_Asked]:
        """The needs as they are now, in the order of the board; nobody else answers them until this is done."""
        rounds = {post.round for one in needs if (post := self._store.get(one)) is not None}
        locked = (Rounds(self._visit.connection, self._visit.now).locked(id) for id in sorted(rounds))
        there = sorted(
            (one for one in locked if one is not None and one.programme == programme),
            key=lambda one: (one.opens_at, one.id),
        )
        return [one for about in there for one in _asked(self._visit, about) if one.answer.id in needs]

    def _reply(self, held: Sequence[_Asked], text: str) -> None:
        for one in held:
            self._store.reply(one.answer, box="", text=text)
        self._wait(held)

    def _wait(self, held: Sequence[_Asked]) -> None:
        for about in {one.round.id: one.round for one in held}.values():
            ask_for_answers(self._visit, about)

    def _change(self, first: _Asked, view: Card, how: str) -> int:
        """Edit every copy of the message that went out."""
        found = copies(self._visit.connection, _told(first))
        for one in found:
            key = f"{one.key}:{how}"
            self._visit.outbox.add(key, one.address, view, person=one.person, language=one.language, edits=one.key)
        return len(found)


def _told(first: _Asked) -> str:
    """How the keys begin of the messages with an answer."""
    return f"need:{first.answer.id}:"


def _posts(visit: Visit, about: Round, beginning: str, view: Card) -> Iterator[Post]:
    """One message to everybody who takes part and wants to hear of the programme, and one to each of its channels."""
    circle = Circle(visit, about)
    everybody = asked_of(visit, about)
    for person, recipient in circle.wanting(everybody).recipients.items():
        assert recipient.address is not None, "only who is reached is written to"
        language = recipient.person.language
        yield Post(f"{beginning}:{person}", recipient.address, person, language, to_json(view))
    for id, address in _channels(circle).items():
        yield prompting.to_channel(visit, f"{beginning}:{id}", address, view)


def _channels(circle: Circle) -> Mapping[str, Address]:
    talking = {id: channel for id, (channel, _group) in circle.group_channels.items()}
    return {**talking, **circle.channels}


def _reach(visit: Visit, programme: Programme) -> tuple[int, int]:
    """How many people and channels an answer goes to."""
    rounds = Rounds(visit.connection, visit.now).of_programme(programme.id)
    if not rounds:
        return 0, 0
    circle = Circle(visit, rounds[0])
    everybody = Groups(visit.connection, visit.now).people_of_programme(programme.id)
    return len(circle.wanting(everybody).recipients), len(_channels(circle))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.NEEDS: show_needs,
    needing.ANSWER: answer,
    needing.CORRECT: correct,
    needing.TAKE_DOWN: ask_to_take_down,
    needing.CONFIRM_TAKE_DOWN: take_down,
}
