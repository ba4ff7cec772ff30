"""Every view of answering questions that no entry answers, from small, typical and extreme facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.conversation import Run
from bot.domain.faq import Entry, Miss, MissState
from bot.domain.words import Localised
from bot.flows import handing, linked_contacts, misses, misses_taken_down
from bot.flows.handing import Choice, Colleague, Errand
from bot.flows.misses import Cluster, Doubted, Owner, Queue, Reply
from bot.flows.misses_answering import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    Choices,
    Draft,
    Facts,
    Keep,
    Pick,
    Reach,
    Receipt,
    Task,
    answering,
    matching,
    that_fit,
)
from bot.messages import Form, View
from tests.flows.samples import CONTACT, NOW, SINGLE, ZONE

_ID = "0123456789abcdef0123456789abcdef"
_HOSTILE = "Anna <!channel> [x](https://evil.example) <at>Bo</at> {{DATE(2027-01-01T00:00:00Z)}} *_~` 👩‍👩‍👧 " * 40
LONG_QUESTION, LONG_ANSWER = _HOSTILE[:1000], _HOSTILE[:LONGEST_ANSWER]
_TITLE, _LONG_TITLE = Localised({"sv": "Dialog"}), Localised({"sv": "Å" * 120})
_IN_ALL = dict.fromkeys(("sv", "nb", "nn", "en"), LONG_ANSWER)

SMALL = Miss(_ID, "dialog", "Var är träffen?", "sv", NOW)
ANSWERED = replace(
    SMALL, state=MissState.ANSWERED, answer=Localised({"sv": "I Lund."}), answered_at=NOW, answered_by="kim"
)
_LONG = replace(SMALL, text=LONG_QUESTION, contact=_HOSTILE[:75])
FEW = Cluster(SMALL, _TITLE, languages={"sv": 1})
TYPICAL = Cluster(SMALL, _TITLE, ("Hur hittar jag?", "Hvor er samlingen?"), {"sv": 2, "nb": 1}, ("Anna Ek",))
MANY = Cluster(
    _LONG,
    _LONG_TITLE,
    (LONG_QUESTION,) * 9,
    dict.fromkeys(("sv", "nb", "nn", "en"), 40),
    (_HOSTILE[:60],) * 12,
    Owner("kim", _HOSTILE[:60], mine=False, away=True),
)
DOUBTED = replace(
    MANY,
    doubted=Doubted(Localised({"sv": _HOSTILE[:LONGEST_QUESTION]}), Localised(_IN_ALL), (LONG_QUESTION,) * 5),
)
DONE = Cluster(replace(ANSWERED, text=LONG_QUESTION, answer=Localised(_IN_ALL)), _LONG_TITLE, languages={"sv": 1})


def entry(number: int, question: str = "Fråga") -> Entry:
    return Entry(f"dialog.{number:032d}", "dialog", Localised({"sv": question}), Localised(_IN_ALL))


class Room:
    """Answers and hands over without telling anybody."""

    def answer(self, miss: str, draft: Draft) -> Receipt:
        return Receipt(3, 2, kept=True)

    def match(self, miss: str, entry: str) -> Receipt:
        return Receipt(1, 0, kept=False)

    def hand_over(self, miss: str, colleague: str, *, seen: str) -> None:
        """Nothing comes of it."""

    def contact_code(self, programme: str, name: str) -> str:
        return "ABCDE-FGHJK"


def _queues() -> Iterator[tuple[str, View]]:
    mine = replace(FEW, owner=Owner("me", "Kim", mine=True, away=False))
    handed = replace(MANY, owner=Owner("kim", _HOSTILE[:60], mine=False, away=True, handed_at=NOW))
    yield "queue, handed over", misses.card(Queue("", ZONE, (handed,) * 6, 0, 6))
    yield "queue, none", misses.card(Queue("", ZONE))
    yield "queue", misses.card(Queue("dialog", ZONE, (mine, TYPICAL), 0, 2, (Cluster(ANSWERED),)), misses.taken())
    page = Queue("dialog", ZONE, (MANY,) * 3 + (DOUBTED,) * 3, 6, 40)
    yield "queue, many and long", misses.card(page, misses.dismissed(f"{_ID} dialog:6", 12))
    yield "put aside", misses.put_aside(LONG_QUESTION)
    long = Localised({"sv": _HOSTILE[:LONGEST_QUESTION]})
    yield "take down", misses_taken_down.ask(ANSWERED, "dialog:0")
    yield "take down, long, gone", misses_taken_down.ask(DONE.miss, "dialog:6", gone=long)
    yield "take down, long, stays", misses_taken_down.ask(DONE.miss, ":0", stays=long)
    yield "queue, taken down", misses.card(Queue("", ZONE, (FEW,), 0, 1), misses_taken_down.taken_down(12))
    yield "taken down", misses_taken_down.told(LONG_QUESTION)
    yield "queue, the last page", misses.card(Queue("", ZONE, (FEW,), 6, 7, (DONE,) * misses.MOST_ANSWERED))
    for said in (misses.taken_by("Kim"), misses.taken_by(""), misses.found_right(), misses.reopened()):
        yield f"queue, {said.line}"[:60], misses.card(Queue("", ZONE, (FEW,), 0, 1), said)
    yield "queue, settled", misses.card(Queue("", ZONE), misses.settled_before())
    yield "matter", misses.waiting("dialog", _LONG_TITLE, 12, 3)
    yield "matter, of none", misses.waiting("", Localised({}), 1, 0)


def _told() -> Iterator[tuple[str, View]]:
    plain = Reply("i", "Var?", Localised({"sv": "I Lund."}), ("sv",), "Kim", NOW.date())
    yield "told", misses.told(plain)
    yield "told, in another language", misses.told(replace(plain, languages=("nb",), by="", kept=False))
    long = replace(plain, question=LONG_QUESTION, answer=Localised(_IN_ALL), corrected=True, hides_links=True)
    yield "told, corrected and long", misses.told(long)


def _walk(flow: Any, state: Any, facts: Any, name: str) -> Iterator[tuple[str, View]]:
    """Each step as it looks with this state, and the end."""
    run, seen = Run("r", state), 0
    turn = flow.begin(run, facts, Room())
    while isinstance(turn.view, Form):
        yield f"{name}, {seen}", turn.view
        turn = flow.receive(turn.run, turn.view.values, facts, Room())
        seen += 1
    yield f"{name}, done", turn.view


def _forms() -> Iterator[tuple[str, View]]:
    written = Draft(Task.ANSWER, wording="Var är det?", answers={"sv": "I Lund."}, agenda="yes")
    reach = Reach({"slack": 2, "teams": 1}, 1)
    yield from _walk(answering, written, Facts(TYPICAL, Task.ANSWER, "sv", "Var?", reach=reach), "answer")
    no_programme = Facts(replace(FEW, miss=replace(SMALL, programme="")), Task.ANSWER, "en", "Var?")
    nowhere = replace(written, keep=Keep.NOWHERE, answers={"en": "In Lund."}, agenda="no")
    yield from _walk(answering, nowhere, no_programme, "answer, of no programme")
    full = Draft(Task.ANSWER, wording=_HOSTILE[:LONGEST_QUESTION], answers=_IN_ALL, agenda="yes")
    yield from _walk(answering, full, Facts(MANY, Task.ANSWER, "sv", LONG_QUESTION, reach=reach), "answer, long")
    for task, cluster in ((Task.DOUBT, DOUBTED), (Task.CORRECT, DONE)):
        facts = Facts(cluster, task, "sv", stands=Localised(_IN_ALL), reach=reach)
        yield from _walk(answering, Draft(task, _IN_ALL, answers=_IN_ALL), facts, task)
    overtaken = Facts(TYPICAL, Task.CORRECT, "sv", stands=Localised({"sv": LONG_ANSWER}), by="Kim")
    begun = answering.begin(Run("r", full), Facts(MANY, Task.ANSWER, "sv"), Room())
    yield "answer, somebody was first", answering.receive(begun.run, begun.view.values, overtaken, Room()).view  # type: ignore[union-attr]
    many = that_fit([entry(n, _HOSTILE[:LONGEST_QUESTION]) for n in range(200)])
    for name, entries in (("match", (entry(1),)), ("match, many", many)):
        yield from _walk(matching, Pick(entries[0].id), Choices(MANY, True, entries, True, reach), name)


def _handed() -> Iterator[tuple[str, View]]:
    """What a colleague gets, and how it comes to that."""
    for name, cluster in (("few", FEW), ("many", MANY), ("in doubt", DOUBTED)):
        yield f"handed, {name}", handing.put(Errand(cluster, NOW.date(), ZONE, "" if name == "few" else _HOSTILE[:60]))
        yield f"came back, {name}", handing.came_back(cluster, handing.waited_in_vain(_HOSTILE[:60]))
    for why in (handing.is_away("Kim"), handing.has_no_post("Kim"), handing.could_not("Kim")):
        yield f"came back, {why}"[:60], handing.came_back(FEW, why)
    for what in (
        handing.has_been_answered(),
        handing.somebody_else_has_it(),
        handing.has_been_put_aside(),
        handing.is_right(),
    ):
        yield f"handed, {what}"[:60], handing.over(LONG_QUESTION, what)
    yield "handed, back", handing.over("Var?", handing.went_back())
    some = tuple(Colleague(f"{n:032d}", _HOSTILE[:60], handing.went_back(), n % 2 == 0) for n in range(100))
    for colleagues in (some[:1], some):
        facts = handing.Facts(MANY, colleagues, NOW.date())
        yield from _walk(handing.flow, Choice("", some[0].id), facts, f"hand over, {len(colleagues)}")
    in_doubt = handing.Facts(DOUBTED, some[:1], NOW.date())
    yield from _walk(handing.flow, Choice("", some[0].id), in_doubt, "hand over, in doubt")
    mine = Facts(MANY, Task.ANSWER, "sv", "Var?", curates=False)
    draft = Draft(Task.ANSWER, wording="Var?", answers={"sv": LONG_ANSWER})
    yield from _walk(handing.answering, draft, mine, "answer what was handed")


def _linking() -> Iterator[tuple[str, View]]:
    """How a contact of a programme's file is linked."""
    choice = linked_contacts.Choice(f"{SINGLE.id} {CONTACT.name}")
    yield from _walk(linked_contacts.flow, choice, linked_contacts.Facts((SINGLE,)), "link a contact")
    yield "a contact is linked", linked_contacts.now_answers(CONTACT.name, SINGLE, "Kim")
    yield "a contact is linked, to who appointed", linked_contacts.is_linked("Bo", CONTACT.name, SINGLE)


SCENES: Mapping[str, View] = dict((*_queues(), *_told(), *_forms(), *_handed(), *_linking()))
