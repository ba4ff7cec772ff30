"""Every view about questions and answers, from small, typical and extreme facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.conversation import Run
from bot.domain.faq import Entry
from bot.domain.people import Language
from bot.domain.programmes import Contact, Programme
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Localised
from bot.flows import facts, faq, misses
from bot.flows.facts import Asked
from bot.flows.faq import Choice, Draft, Facts, Given, Mine, Promise
from bot.flows.telling import Known
from bot.flows.timetable import Parts
from bot.messages import View
from tests.flows.samples import NOW

_ID = "0123456789abcdef" * 2
_DAY = date(2027, 3, 1)


def scenes(size: str, programme: Programme, line: Localised, paragraph: Localised) -> Iterator[tuple[str, View]]:
    """The views of one programme; `line` is as long as a question may be, `paragraph` as its answer."""
    yield from _answers(size, programme, line, paragraph)
    yield from _ways_on(size, programme, line)
    yield from _forms(size, programme, line)
    yield from _facts(size, programme)


def _answers(size: str, programme: Programme, line: Localised, paragraph: Localised) -> Iterator[tuple[str, View]]:
    entry = Entry("dialog.fika", programme.id, line, paragraph, edition=programme.edition)
    given = Given(_ID, line, faq.of_entry(entry), faq.source(programme.title, programme.edition))
    yield f"{size}: answer", faq.answer(given)
    yield f"{size}: answer, helped", faq.answer(given, said=True)
    yield f"{size}: answer, aloud", faq.aloud(given)
    old = replace(given, held_in=programme.edition, language=Language.NYNORSK, others=("a" * 60, "b" * 60))
    yield f"{size}: answer, old and foreign", faq.answer(old)
    for language in Language:
        yield f"{size}: answer in {language}", faq.answer(replace(given, language=language, source=""))
    hidden = replace(given, told=faq.of_entry(entry, hides_links=True))
    yield f"{size}: answer, links kept back", faq.answer(hidden)


def _ways_on(size: str, programme: Programme, line: Localised) -> Iterator[tuple[str, View]]:
    source = faq.source(programme.title, programme.edition)
    choices = [Choice("a" * 60, line, source, programme.edition), Choice("fact:next", facts.TITLES[Asked.NEXT])] * 3
    promise = Promise(programme.contacts[0].name, _DAY)
    yield f"{size}: suggestions", faq.suggestions(_ID, choices)
    yield f"{size}: sorry", faq.sorry(_ID, choices)
    yield f"{size}: sorry, nothing else", faq.sorry(_ID, ())
    yield f"{size}: unknown", faq.unknown(_ID, promise)
    yield f"{size}: unknown, nobody there", faq.unknown(_ID, None)
    yield f"{size}: unknown, to a coordinator", misses.asked_by_coordinator(_ID)
    yield f"{size}: taken back", faq.taken_back()
    yield f"{size}: it helped", faq.thank()
    yield f"{size}: yes or no to nothing", faq.belongs_to_nothing()
    yield f"{size}: too long", faq.too_long()
    text = next(iter(line.wordings.values()))
    with_whom = (promise.by, None)
    waits = [Mine(_ID, text, faq.waiting(desk, _DAY, by)) for desk in with_whom for by in (_DAY, None)]
    mine = [*waits, *[Mine(_ID, text, line, line, open=False), Mine(_ID, text, line)] * 8]
    yield f"{size}: my questions", faq.my_questions(mine)
    yield f"{size}: my questions, none", faq.my_questions(())


class _Hands:
    def __init__(self, promise: Promise | None) -> None:
        self._promise = promise

    def pass_on(self, draft: Draft) -> Promise | None:
        return self._promise


def _forms(size: str, programme: Programme, line: Localised) -> Iterator[tuple[str, View]]:
    contact = replace(programme.contacts[0], asks=line)
    some = tuple((str(n), contact) for n in range(20 if size == "extreme" else 2))
    listed = Facts(next(iter(line.wordings.values())), some)
    hands = _Hands(Promise(contact.name, _DAY, instead_of=contact.name))
    asked = faq.flow.begin(Run("r", Draft()), listed, hands)
    yield f"{size}: to a human", asked.view
    yield f"{size}: to a human, refused", faq.flow.receive(asked.run, {"text": "x" * 2000}, listed, hands).view
    answers = {"text": "Varför?", "contact": "0", "named": "yes"}
    more = faq.flow.receive(asked.run, answers, listed, hands)
    yield f"{size}: on whose behalf", more.view
    yield f"{size}: sent", faq.flow.receive(more.run, {"eligible": "Ja"}, listed, hands).view
    alone = Facts("", (("0", _without_question(contact)),))
    begun = faq.flow.begin(Run("r", Draft()), alone, _Hands(None))
    yield f"{size}: to the only human", begun.view
    yield (
        f"{size}: sent, nobody there",
        faq.flow.receive(begun.run, {**answers, "named": "no"}, alone, _Hands(None)).view,
    )


def _without_question(contact: Contact) -> Contact:
    return replace(contact, asks=Localised({}))


def _facts(size: str, programme: Programme) -> Iterator[tuple[str, View]]:
    mine = frozenset(one.id for one in programme.occasions)
    for asked in Asked:
        parts = {one.id: Parts((0,) if one.agenda else (), (0,) if one.topics else ()) for one in programme.occasions}
        named = Known(programme, named=frozenset(parts), parts=parts)
        waits = Known(programme, queued=tuple(_queued(one.id, n) for n, one in enumerate(programme.occasions)))
        known_by = {"anybody": Known(programme), "member": Known(programme, mine), "named": named, "waiting": waits}
        for who, known in known_by.items():
            told = facts.tell(asked, known, NOW)
            yield f"{size}: {asked}, {who}", faq.answer(Given(_ID, facts.TITLES[asked], told, programme.title))
        for among, programmes in (("alike", [programme] * 4), ("several", _each_otherwise(programme))):
            told = facts.tell_all(asked, [Known(one) for one in programmes], NOW)
            yield f"{size}: {asked}, {among}", faq.answer(Given(_ID, facts.TITLES[asked], told))
        over = facts.tell(asked, Known(replace(programme, occasions=(), materials=(), contacts=())), NOW)
        yield f"{size}: {asked}, nothing", faq.answer(Given(_ID, facts.TITLES[asked], over))


def _each_otherwise(programme: Programme) -> list[Programme]:
    """More programmes than one answer tells of, each with an answer of its own where data can make one."""
    return [
        replace(programme, prices=replace(programme.prices, occasion=n + 1), occasions=programme.occasions[n:])
        for n in range(6)
    ]


def _queued(occasion: str, number: int) -> Seat:
    """Waited for and offered in turns."""
    waiting = Seat(_ID, _ID, "p", occasion, Participant(), SeatState.WAITING, position=number + 1)
    offered = replace(waiting, state=SeatState.OFFERED, position=0, offered_until=NOW + timedelta(days=1))
    return offered if number % 2 else waiting
