"""Every view about people's own challenges: one's own, the leaders' list, reading, and sparring partners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation import Run
from bot.domain.challenges import Challenge, Reflection, Thread, Version, Viewer, Visibility
from bot.domain.programmes import FactSheet, Programme
from bot.domain.rules import Topic
from bot.domain.words import Localised
from bot.flows import challenge_lists, challenges, sparring
from bot.flows.challenge_lists import As, Pairs, Place, Row, Shared, Shelf, Stage
from bot.flows.challenges import Draft, Facts, Meeting, Own, Thought
from bot.flows.sparring import Partner
from bot.messages import Card, View
from tests.flows.samples import NOW

FILE = "https://bot.example.org/challenge/" + "x" * 120 + ".docx?language=nn"


def scenes(size: str, programme: Programme, said: str, name: str, paragraph: Localised) -> Iterator[tuple[str, View]]:
    """The views of one programme; `said` and `name` are as long as they may be."""
    programme = replace(programme, asks_challenge=True, challenge_question=paragraph)
    newest = Version(99, said, NOW)
    viewers = (Viewer(name, 99, NOW), Viewer("", 1, NOW), *(Viewer(name, 99, NOW),) * 60)
    yield from _reminders(size, programme, newest, paragraph)
    yield from _own(size, programme, newest, viewers)
    yield from _writing(size, programme, newest, viewers)
    yield from _reflecting(size, programme, newest)
    yield from _lists(size, programme, said, name)
    yield from _sparring(size, programme, name)


def _reminders(size: str, programme: Programme, newest: Version, about: Localised) -> Iterator[tuple[str, View]]:
    sheet = FactSheet("SE-1281", about, "https://example.org/" + "x" * 150)
    yield f"{size}: asked", challenges.asked(programme, sheet, again=False)
    yield (
        f"{size}: asked again",
        challenges.asked(replace(programme, challenge_question=Localised({})), None, again=True),
    )
    own = Challenge(programme.id, "p", newest)
    for topic in (Topic.PREPARATION, Topic.DAY_BEFORE, Topic.AFTERWARDS):
        card = challenges.reminded(Card(programme.title), topic, programme, programme.occasions[-1], own)
        yield f"{size}: reminded {topic}", card


def _own(size: str, programme: Programme, newest: Version, viewers: tuple[Viewer, ...]) -> Iterator[tuple[str, View]]:
    ways = (challenge_lists.read(As.GROUP, programme.id), sparring.see(programme.id))
    last = programme.occasions[-1]
    for visibility in Visibility:
        own = Challenge(programme.id, "p", newest, visibility)
        for seen in ((), viewers):
            view = challenges.card(Own(programme, own, seen, True, 99, last), ways=ways)
            yield f"{size}: own, {visibility}, {len(seen)}", view
    for here in (False, True):
        yield f"{size}: own, nothing yet, {here}", challenges.card(Own(programme, None, takes_part=here), ways=ways)
    yield f"{size}: choose", challenges.choose((programme,) * 5)
    yield f"{size}: nowhere", challenges.nowhere(ways=ways)
    thoughts = tuple(Reflection(id, newest.text, NOW) for id in (programme.occasions[0].id, "gone"))
    written = Thread((newest,) * 9, thoughts)
    for start in (0, challenges.MOST, 2 * challenges.MOST):
        yield f"{size}: thread {start}", challenges.page(programme, written, FILE, start)
    yield f"{size}: thread of nothing", challenges.page(programme, Thread(), FILE)


def _writing(
    size: str, programme: Programme, newest: Version, viewers: tuple[Viewer, ...]
) -> Iterator[tuple[str, View]]:
    desk = _Desk(newest)
    first = challenges.flow.begin(Run("run", Draft(programme.id)), Facts(programme, None), desk)
    yield f"{size}: write", first.view
    yield f"{size}: write refused", challenges.flow.receive(first.run, {}, Facts(programme, None), desk).view
    answers = {"text": newest.text, "visibility": "me"}
    yield f"{size}: written", challenges.flow.receive(first.run, answers, Facts(programme, None), desk).view
    before = Challenge(programme.id, "p", newest, Visibility.ME)
    facts = Facts(programme, before, viewers, 99_999, 99_999)
    for wider in (Visibility.LEADERS, Visibility.GROUP):
        turn = challenges.flow.receive(first.run, {**answers, "visibility": wider.value}, facts, desk)
        yield f"{size}: widen to {wider}", turn.view
        yield f"{size}: widened to {wider}", challenges.flow.receive(turn.run, {}, facts, desk).view
    for seen in ((), viewers):
        facts = Facts(programme, replace(before, visibility=Visibility.GROUP), seen)
        yield f"{size}: narrowed, {len(seen)}", challenges.flow.receive(first.run, answers, facts, desk).view


def _reflecting(size: str, programme: Programme, newest: Version) -> Iterator[tuple[str, View]]:
    desk, occasion = _Desk(newest), programme.occasions[0]
    meeting = Meeting(programme, occasion, Challenge(programme.id, "p", newest))
    start = Run("run", Thought(programme.id, occasion.id))
    yield (
        f"{size}: reflect, nothing yet",
        challenges.reflecting.begin(start, replace(meeting, challenge=None), desk).view,
    )
    turn = challenges.reflecting.begin(start, meeting, desk)
    yield f"{size}: reflect", turn.view
    yield f"{size}: reflected", challenges.reflecting.receive(turn.run, {"text": newest.text}, meeting, desk).view


def _lists(size: str, programme: Programme, said: str, name: str) -> Iterator[tuple[str, View]]:
    rows = [Row(name, stage) for stage in Stage for _number in range(30)] + [Row("", Stage.SHARED)]
    pairs, pair_up = Pairs(99_999, 99_999, 99_999), sparring.pair_up(programme.id)
    for start in (0, 80):
        yield f"{size}: list {start}", challenge_lists.card(programme, rows, pairs, pair_up, start)
    yield f"{size}: list of nobody", challenge_lists.card(programme, (), Pairs(), None)
    for found in ((), (programme,) * 5):
        yield f"{size}: choose list, {len(found)}", challenge_lists.choose(found)
    place = Place(As.LEADER, programme.id)
    shown = (Shared(name, name, said), Shared("", "", said), *(Shared(name, name, said),) * 4)
    shelf = Shelf(programme, shown, 0, 99)
    turn = challenge_lists.flow.begin(Run("run", place), shelf, object())
    yield f"{size}: read", turn.view
    yield f"{size}: read, more", challenge_lists.flow.receive(turn.run, {}, shelf, object()).view
    yield f"{size}: read, all", challenge_lists.flow.receive(turn.run, {}, replace(shelf, all=6), object()).view
    yield f"{size}: read, invitation", challenge_lists.invitation(programme, As.GROUP, 6)


def _sparring(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    yield f"{size}: sparring, where", sparring.choose((programme,) * 5)
    yield f"{size}: sparring, nowhere", sparring.nowhere()
    yield f"{size}: sparring", sparring.invited(programme)
    yield f"{size}: sparring, waiting", sparring.waiting(programme)
    for agreed in (False, True):
        yield f"{size}: sparring, proposed {agreed}", sparring.proposed(programme, "p" * 32, agreed=agreed)
    for partner in (Partner(name, name, f"{'x' * 100}@example.org"), Partner("", "", "")):
        yield f"{size}: sparring, together {bool(partner.name)}", sparring.together(programme, partner)
    yield f"{size}: sparring, a pair can be asked", sparring.can_be_asked(programme, 99_999)
    yield f"{size}: sparring, nothing", sparring.came_to_nothing(programme)
    yield f"{size}: sparring, left", sparring.came_to_nothing(programme, were_together=True)
    yield f"{size}: sparring, left", sparring.left(programme)
    for pairs, alone in (((), 99), ((("a", "b"),) * 12, 0)):
        back = sparring.pair_up(programme.id)
        yield f"{size}: paired {alone}", sparring.was_proposed(programme, pairs, alone, back)
    yield f"{size}: nobody waits", sparring.nobody_waits()


class _Desk:
    """A desk that keeps everything."""

    def __init__(self, newest: Version) -> None:
        self._newest = newest

    def keep(self, programme: str, text: str, visibility: Visibility) -> Challenge:
        return Challenge(programme, "p", self._newest, visibility)

    def reflect(self, programme: str, occasion: str, text: str) -> None:
        pass
