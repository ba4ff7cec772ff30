"""The expectation mirror: each role is shown what the others expect of it, takes it on or answers it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from bot.domain.board import Answer, Standing
from bot.domain.plans import PlanRow
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Purpose, Round, State
from bot.domain.words import Localised, Words, _
from bot.flows import buttons, expecting
from bot.flows.expecting import Expectation, Mirror
from bot.flows.moderation import reason_words
from bot.handlers import moderation, planning, prompting
from bot.handlers.audiences import asked_of
from bot.handlers.groups import concerned
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.prompting import Circle
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage.answers import Answers
from storage.groups import Groups
from storage.held_replies import HeldReplies
from storage.outbox import Post
from storage.plans import Plans
from storage.rounds import Rounds

# --- When a round closes ----------------------------------------------------------------------------------------------


def show(visit: Visit, closed: Round) -> None:
    """Send each role what the others expect of it, once to each person; the round has just closed."""
    visit.outbox.add_many(_posts(visit, closed))


def _posts(visit: Visit, closed: Round) -> Iterator[Post]:
    seen, circle = _Sight(visit, closed), Circle(visit, closed)
    for role in seen.roles:
        mirror = seen.mirror(role)
        if mirror.expectations:
            persons = frozenset(Groups(visit.connection, visit.now).people_of_role(closed.programme, role))
            if closed.organisation:
                persons &= asked_of(visit, closed)
            view = expecting.card(mirror)
            for person, recipient in circle.wanting(persons).recipients.items():
                yield prompting.post(closed, f"expected:{role}", person, recipient, view)


class _Sight:
    """What is expected in a round, and what has been said to it, as it stands now."""

    def __init__(self, visit: Visit, about: Round) -> None:
        self.programme = visit.programmes[about.programme]
        self.about = about
        self.expected = _expected(visit, about)
        replies = Answers(visit.connection, visit.now).replies(about.id)
        self._said = {(one.answer, one.box): one for one in replies}
        self._unseen = HeldReplies(visit.connection, visit.now).of_round(about.id)

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that others may expect something of, also those that were not asked themselves."""
        named = (*(group.id for group in self.programme.role_groups), *(box.role for box in self.about.boxes))
        return tuple(dict.fromkeys(role for role in named if role))

    def reply(self, answer: str, role: str) -> tuple[bool, str]:
        """Whether the role has taken it on, and what it has said to it."""
        found = self._said.get((answer, role))
        return (found.accepted, found.text) if found is not None else (False, "")

    def unseen(self, answer: str, role: str) -> tuple[int, tuple[Words, ...]]:
        """How many answers of the role wait for a coordinator, and why others were put aside.

        Not what they say: others of the role may be the ones whom they point to.
        """
        here = [one for one in self._unseen if (one.answer, one.role) == (answer, role)]
        aside = dict.fromkeys(one.reason for one in here if one.standing is Standing.HIDDEN)
        return sum(one.standing is Standing.HELD for one in here), tuple(map(reason_words, aside))

    def mirror(self, role: str, mine: tuple[str, ...] = (), planned: Collection[str] | None = None) -> Mirror:
        """What a role sees, or one of its people: `planned` is what their organisation has in its plan."""
        return Mirror(
            self.about.id,
            self.about.title,
            role,
            self.name(role),
            tuple(
                self._seen(one, role, ours=planned is None or one.id in planned)
                for one in self.expected
                if one.box != role
            ),
            tuple((other, self.name(other)) for other in mine if other != role),
        )

    def _seen(self, one: Answer, role: str, *, ours: bool) -> Expectation:
        accepted, said = self.reply(one.id, role)
        return Expectation(one.id, one.text, self.name(one.box), accepted, ours, said, *self.unseen(one.id, role))

    def name(self, role: str) -> Localised:
        return moderation.name_of_role(self.programme, self.about, role)


def _expected(visit: Visit, about: Round) -> tuple[Answer, ...]:
    """What roles expect of others, as far as it is shown. In the box of everybody there are no others."""
    asking = {
        (box.role, question.id)
        for box in about.boxes
        for question in box.questions
        if box.role and question.purpose is Purpose.EXPECTATION
    }
    if not asking:
        return ()
    found = Answers(visit.connection, visit.now).of_round(about.id)
    return tuple(one for one in found if one.standing is Standing.SHOWN and (one.box, one.question) in asking)


# --- What somebody sees -----------------------------------------------------------------------------------------------


def show_mirror(scene: Scene, about: str) -> Outcome:
    """What is expected of my role: in a round, or in the one that closed last."""
    id, role, start = expecting.page_of(about)
    found = _closed(scene, id) if id else _latest(scene)
    mine = _my_roles(scene, found.programme) if found is not None else ()
    if found is None or not mine:
        return Show(expecting.nothing_yet())
    sight = _Sight(scene.visit, found)
    seen = sight.mirror(role if role in mine else mine[0], mine, _planned(scene, sight))
    return Show(expecting.card(seen, start))


def _closed(scene: Scene, id: str) -> Round | None:
    """The round, if it is over: before that, what is expected is still being written."""
    found = _rounds(scene.visit).get(id)
    there = found is not None and found.programme in scene.visit.programmes and concerned(scene, found)
    return found if there and found is not None and found.state is State.CLOSED else None


def _latest(scene: Scene) -> Round | None:
    """The last round to close in which something was expected of a role of this person."""
    for programme in scene.programmes:
        if not _my_roles(scene, programme.id):
            continue
        for one in _rounds(scene.visit).of_programme(programme.id):
            if one.state is State.CLOSED and _expected(scene.visit, one) and concerned(scene, one):
                return one
    return None


def _my_roles(scene: Scene, programme: str) -> tuple[str, ...]:
    """The roles of the person's groups, that of the group they joined last first."""
    groups = Groups(scene.visit.connection, scene.visit.now).of_person(programme, scene.person.id)
    return tuple(dict.fromkeys(group.role for group in groups if group.role))


# --- Taking on --------------------------------------------------------------------------------------------------------


def take_on(scene: Scene, about: str) -> Outcome:
    """The board says that the role does it, and it becomes a row in the plan of the presser's organisation."""
    id, role, start = expecting.page_of(about)
    seen, expectation = _held(scene, id, role)
    accepted, text = seen.reply(id, role)
    if not accepted:
        _reply(scene, expectation, role, accepted=True, text=text)
    organisation = _plan(scene, seen.about, expectation)
    return Show(expecting.card(_now(scene, seen, role), start, note=expecting.taken_on(organisation)), replaces=True)


def _reply(scene: Scene, expectation: Answer, role: str, *, accepted: bool, text: str) -> None:
    Answers(scene.visit.connection, scene.visit.now).reply(expectation, box=role, accepted=accepted, text=text)


def _now(scene: Scene, seen: _Sight, role: str) -> Mirror:
    """The mirror after something was said."""
    now = _Sight(scene.visit, seen.about)
    return now.mirror(role, _my_roles(scene, seen.about.programme), _planned(scene, now))


def _held(scene: Scene, id: str, role: str) -> tuple[_Sight, Answer]:
    """What the round expects, held until the transaction ends, and the post. Raises `Gone`, `NotAllowed`."""
    known = Answers(scene.visit.connection, scene.visit.now).get(id)
    found = _rounds(scene.visit).locked(known.round) if known is not None else None
    if found is None or _closed(scene, found.id) is None:
        raise Gone(_("This is no longer on the board."))
    seen = _Sight(scene.visit, found)
    expectation = next((one for one in seen.expected if one.id == id), None)
    if expectation is None:
        raise Gone(_("This is no longer on the board."))
    if role not in _my_roles(scene, found.programme):
        raise NotAllowed(_("Only those who belong to a group of this role can answer for it."))
    if expectation.box == role:
        raise NotAllowed(_("This is what your own role expects: the others answer it."))
    return seen, expectation


def _plan(scene: Scene, about: Round, expectation: Answer) -> str:
    """Put it into the plan, once for each organisation; the organisation, or nothing where none is known."""
    key, name = _ours(scene, about)
    if not key:
        return ""
    plans = Plans(scene.visit.connection, scene.visit.now)
    if key not in {row.organisation_key for row in plans.of_answer(expectation.id)}:
        row = PlanRow(uuid.uuid4().hex, about.programme, key, name, expectation.text, "", answer=expectation.id)
        plans.keep(row, by=scene.person.id)
    return name


def _ours(scene: Scene, about: Round) -> tuple[str, str]:
    """Key and name of the organisation that somebody takes on for; nothing where none is known."""
    mine = planning.organisations(scene.visit, about.programme, scene.person)
    if about.organisation:  # what one organisation has written is for no other plan
        mine = {key: name for key, name in mine.items() if key == about.organisation}
    return next(iter(mine.items()), ("", ""))


def _planned(scene: Scene, seen: _Sight) -> Collection[str] | None:
    """What the presser's organisation has in its plan because of the round; None where there is no such plan."""
    key, _name = _ours(scene, seen.about)
    if not key:
        return None
    plans = Plans(scene.visit.connection, scene.visit.now)
    taken = ((one.id, plans.of_answer(one.id)) for one in seen.expected)
    return frozenset(id for id, rows in taken if key in {row.organisation_key for row in rows})


# --- Answering --------------------------------------------------------------------------------------------------------


def say(scene: Scene, about: str) -> Outcome:
    id, role, _start = expecting.page_of(about)
    seen, _expectation = _held(scene, id, role)
    _accepted, text = seen.reply(id, role)
    return Start(expecting.flow.name, f"{id} {role}", expecting.Draft(id, role, text))


def facts(scene: Scene, about: str) -> expecting.Facts:
    """What the form looks at."""
    id, role, _start = expecting.page_of(about)
    seen, expectation = _held(scene, id, role)
    return expecting.Facts(expectation.text, seen.name(role), partial(_personal, scene.visit, seen.about))


def _personal(visit: Visit, about: Round, text: str) -> tuple[str, ...]:
    return tuple(one.words for one in moderation.look(visit, about, text))


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the list, with its buttons."""
    id, role, _start = expecting.page_of(about)
    seen, _expectation = _held(scene, id, role)
    return expecting.card(_now(scene, seen, role))


class ExpectationRoom:
    """Implements `bot.flows.expecting.ExpectationDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def say(self, answer: str, role: str, text: str) -> expecting.Said:
        seen, expectation = _held(self._scene, answer, role)
        standing, _reason = moderation.weigh(self._scene.visit, seen.about, text)
        if standing is Standing.HELD:
            HeldReplies(self._scene.visit.connection, self._scene.visit.now).keep(expectation, role, text)
            moderation.ask_for_a_look(self._scene.visit, seen.about)
        else:
            accepted, _text = seen.reply(answer, role)
            _reply(self._scene, expectation, role, accepted=accepted, text=text)
        return expecting.Said(_now(self._scene, seen, role), held=standing is Standing.HELD)


def _rounds(visit: Visit) -> Rounds:
    return Rounds(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.EXPECTED: show_mirror,
    expecting.TAKE_ON: take_on,
    expecting.SAY: say,
}
