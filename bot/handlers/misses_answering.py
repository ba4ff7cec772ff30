"""Answers to what people have asked: given once under lock, kept as an entry, and told to everybody who asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from bot.domain.faq import COMMON, Age, Change, Entry, Inquiry, Miss, MissState, Outcome, Standing, entry_id
from bot.domain.programmes import local_day
from bot.domain.refusals import Gone
from bot.domain.words import Localised, _
from bot.flows import handing, misses, misses_answering
from bot.flows.misses import Queue, Reply
from bot.flows.misses_answering import (
    LONGEST_QUESTION,
    Choices,
    Draft,
    Facts,
    Keep,
    Pick,
    Reach,
    Receipt,
    Task,
)
from bot.handlers import for_members, handed
from bot.handlers.judging import age_of
from bot.handlers.misses import (
    answered_alike,
    ask_for_answers,
    by_person,
    clusters,
    distinct,
    doubted,
    gone,
    hold,
    live_entry,
)
from bot.handlers.outcomes import Outcome as Way
from bot.handlers.outcomes import Start
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage.faq import Entries
from storage.inquiries import Inquiries, Misses, Waiting

# --- The forms --------------------------------------------------------------------------------------------------------


def answer(scene: Scene, about: str) -> Way:
    """The form with which a question is answered, or an entry in doubt is written anew."""
    return _begin(scene, about, (Task.ANSWER, Task.DOUBT))


def correct(scene: Scene, about: str) -> Way:
    """The form with an answer that has gone out."""
    return _begin(scene, about, (Task.CORRECT,))


def _begin(scene: Scene, about: str, tasks: Sequence[Task]) -> Start:
    seen = facts(scene, about)
    if seen.task is None or seen.task not in tasks:
        raise Gone(_("Somebody else has seen to this meanwhile. Write “status” to see what is left."))
    return Start(misses_answering.answering.name, about, begun(seen))


def begun(seen: Facts) -> Draft:
    """What the form begins with: the answer as it stands, if there is one."""
    assert seen.task is not None, "there is something to answer"
    stands = dict(seen.stands.wordings)
    keep = Keep.PROGRAMME if seen.cluster.miss.programme else Keep.ALL
    return Draft(seen.task, stands, answers=stands, keep=keep)


def facts(scene: Scene, about: str) -> Facts:
    """What the form of an answer looks at."""
    miss = _miss(scene.visit, about)
    (cluster,) = clusters(scene.visit, (miss,), scene.person.id)
    asked = _store(scene.visit).asked((miss.id,)).get(miss.id, ())
    entry = live_entry(scene.visit, miss)
    stands = entry.answer if entry is not None else miss.answer
    wanted = scene.language.value
    return Facts(
        cluster,
        _task(scene.visit, miss),
        next(iter(stands.wordings), wanted),
        wording=_question(miss, asked, wanted)[1],
        stands=stands,
        reach=_reach(scene.visit, (miss.id, *(one.id for one in _wrong_too(scene.visit, miss, entry)))),
        by=scene.visit.people.person(miss.answered_by).name if miss.answered_by else "",
    )


def _miss(visit: Visit, id: str) -> Miss:
    found = _store(visit).get(id)
    if found is None:
        raise gone()
    return found


def _task(visit: Visit, miss: Miss) -> Task | None:
    if miss.state is MissState.OPEN:
        return Task.ANSWER if doubted(visit, miss) is None else Task.DOUBT
    return Task.CORRECT if miss.state is MissState.ANSWERED else None


def _question(miss: Miss, asked: Iterable[Inquiry], language: str) -> tuple[str, str]:
    """The language and the words in which it was first asked; in this language, if it was."""
    first = next((one.text for one in asked if one.language == language), "")
    found = (language, first) if first else (miss.language, miss.text)
    return found[0], " ".join(found[1].split())


def _wrong_too(visit: Visit, miss: Miss, entry: Entry | None) -> tuple[Miss, ...]:
    """Other questions that were answered with the entry that is written anew with this one."""
    return () if entry is None else answered_alike(visit, replace(miss, entry=entry.id))


def _reach(visit: Visit, found_in: Sequence[str]) -> Reach:
    store = _store(visit)
    asked = [one for some in store.asked(found_in).values() for one in some]
    waiting = [one for some in store.waiting(found_in).values() for one in some]
    found = {one.asker.person: visit.people.addressed(one.asker.person) for one in waiting}
    platforms = Counter(there[0].platform for there in found.values() if there is not None)
    unknown = len(asked) - len(waiting)
    return Reach(dict(sorted(platforms.items())), len(found) - platforms.total() + unknown)


def choose(scene: Scene, about: str) -> Way:
    """The form with the entries that may answer a question."""
    if not entry_facts(scene, about).open:
        raise Gone(_("Somebody else has seen to this meanwhile. Write “status” to see what is left."))
    return Start(misses_answering.matching.name, about, Pick())


def entry_facts(scene: Scene, about: str) -> Choices:
    """What the form looks at in which an entry is chosen. Raises `Gone` where there is none."""
    miss = _miss(scene.visit, about)
    (cluster,) = clusters(scene.visit, (miss,), scene.person.id)
    asked = _store(scene.visit).asked((miss.id,)).get(miss.id, ())
    entries = _alike(_current(scene, miss.programme), {miss.text, *(one.text for one in asked)})
    offered = misses_answering.that_fit(entries)
    if not offered:
        raise Gone(_("There are no questions and answers here yet."))
    open_one = _task(scene.visit, miss) is Task.ANSWER
    return Choices(cluster, open_one, offered, len(offered) < len(entries), _reach(scene.visit, (miss.id,)))


def _current(scene: Scene, programme: str) -> Iterator[Entry]:
    """The entries that hold today, of a programme and of all; for what is about no programme, everything."""
    for entry in Entries(scene.visit.connection, scene.visit.now).all().values():
        here = not programme or entry.programme in (programme, COMMON)
        if here and _holds(scene, entry):
            yield entry


def _holds(scene: Scene, entry: Entry) -> bool:
    return entry.standing is Standing.LIVE and age_of(scene, entry) is Age.CURRENT


def _alike(entries: Iterable[Entry], texts: Iterable[str]) -> list[Entry]:
    """The likeliest first, by the words in them."""
    wanted = [one.casefold() for one in texts]

    def likeness(entry: Entry) -> float:
        known = (*entry.question.wordings.values(), *entry.alternates)
        return max(fuzz.token_set_ratio(one, text.casefold()) for one in wanted for text in known)

    return sorted(entries, key=lambda entry: (-likeness(entry), entry.id))


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the question with its buttons."""
    miss = _miss(scene.visit, about)
    one = clusters(scene.visit, (miss,), scene.person.id)
    waits = miss.state is MissState.OPEN
    shown = Queue(miss.programme, scene.zone, one if waits else (), 0, int(waits), () if waits else one)
    return misses.card(shown)


# --- Giving an answer -------------------------------------------------------------------------------------------------


class AnswerRoom:
    """Implements `bot.flows.misses_answering.AnswerDesk` for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._visit = scene.visit
        self._store = _store(scene.visit)
        self._entries = Entries(scene.visit.connection, scene.visit.now)

    def answer(self, miss: str, draft: Draft) -> Receipt:
        held = hold(self._visit, miss)
        seen = facts(self._scene, miss)
        misses_answering.refuse_if_overtaken(draft, seen)
        answer = misses_answering.written(draft, seen)
        if seen.task is Task.ANSWER:
            agenda = draft.wording if draft.agenda == "yes" else ""
            return self._settle(held, answer, self._keep(held, draft, answer), agenda=agenda)
        entry = self._rewrite(held, answer)
        given = [self._settle(one, answer, entry, agenda=one.agenda) for one in self._as_wrong(held, entry)]
        return Receipt(sum(one.told for one in given), sum(one.gone for one in given), kept=entry is not None)

    def match(self, miss: str, entry: str) -> Receipt:
        held, chosen = hold(self._visit, miss, entry), self._entries.get(entry)
        if _task(self._visit, held) is not Task.ANSWER:
            raise Gone(_("Somebody else has seen to this meanwhile. Write “status” to see what is left."))
        if chosen is None or not _holds(self._scene, chosen):
            raise Gone(misses_answering.gone_entry())
        return self._settle(held, chosen.answer, self._learnt(held, chosen))

    def _settle(self, miss: Miss, answer: Localised, entry: Entry | None, *, agenda: str = "") -> Receipt:
        corrects = miss.state is MissState.ANSWERED
        by, id = self._scene.person.id, entry.id if entry is not None else ""
        self._store.answer(miss.id, answer, by=by, entry=id, agenda=agenda)
        waiting = self._store.waiting((miss.id,)).get(miss.id, ())
        told = sum(self._tell(miss, answer, entry, some, corrects=corrects) for some in by_person(waiting))
        asked = self._store.asked((miss.id,)).get(miss.id, ())
        beyond = len(by_person(waiting)) - told + len(asked) - len(waiting)
        handed.end(self._visit, miss, handing.has_been_answered())
        ask_for_answers(self._visit, miss.programme)
        return Receipt(told, beyond, kept=entry is not None)

    def _as_wrong(self, miss: Miss, entry: Entry | None) -> tuple[Miss, ...]:
        """All that were given the answer that is corrected, this one first."""
        return (miss, *_wrong_too(self._visit, miss, entry))

    # Entries

    def _keep(self, miss: Miss, draft: Draft, answer: Localised) -> Entry | None:
        """A new entry with everything that was asked as ways to ask for it."""
        if draft.keep == Keep.NOWHERE:
            return None
        asked = self._store.asked((miss.id,)).get(miss.id, ())
        question = Localised(dict(self._questions(miss, asked, draft, answer)))
        programme = COMMON if draft.keep == Keep.ALL else miss.programme
        alternates = _ways_to_ask(miss, asked, question.wordings.values())
        new = Entry(entry_id(programme, miss.id), programme, question, answer, alternates)
        before = self._entries.locked(new.id)  # of an answer that was taken down
        if before is not None:
            return self._entries.edit(replace(new, version=before.version), by=self._scene.person.id)
        return self._entries.add(new, by=self._scene.person.id)

    def _questions(
        self, miss: Miss, asked: Sequence[Inquiry], draft: Draft, answer: Localised
    ) -> Iterator[tuple[str, str]]:
        """The question as the coordinator has it, and as it was first asked in each other language of the answer."""
        mine = self._scene.language.value
        language, text = _question(miss, asked, mine)
        first = language if draft.wording == text else mine
        yield first, draft.wording
        for other in answer.wordings:
            heard = next((one.text for one in asked if one.language == other and _is_short(one.text)), "")
            if other != first and heard:
                yield other, " ".join(heard.split())

    def _rewrite(self, miss: Miss, answer: Localised) -> Entry | None:
        """The entry with another answer, if there is one."""
        entry = live_entry(self._visit, miss)
        if entry is None:
            return None
        return self._entries.edit(replace(entry, answer=answer), by=self._scene.person.id)

    def _learnt(self, miss: Miss, entry: Entry) -> Entry:
        """The entry, found from now on by everything that was asked."""
        asked = self._store.asked((miss.id,)).get(miss.id, ())
        new = _ways_to_ask(miss, asked, (*entry.question.wordings.values(), *entry.alternates))
        if not new:
            return entry
        wider = replace(entry, alternates=(*entry.alternates, *new))
        return self._entries.edit(wider, by=self._scene.person.id, change=Change.LEARNT)

    # Telling

    def _tell(
        self, miss: Miss, answer: Localised, entry: Entry | None, theirs: Sequence[Waiting], *, corrects: bool
    ) -> bool:
        """Tell somebody who asked, once however often they did; False when they cannot be reached any more."""
        last = theirs[-1]
        if self._visit.people.addressed(last.asker.person) is None:
            return False
        again = corrects and any(one.asker.told for one in theirs)
        reply = self._reply(answer, last, kept=entry is not None, again=again)
        key = f"miss:{miss.id}:{last.inquiry.id}:{self._scene.inbound.delivery}"  # it may be corrected or taken down
        self._visit.tell(last.asker.person, misses.told(reply), key=key)
        version = entry.version if entry is not None else 0
        for one in theirs:
            self._store.told(one.inquiry.id)
            given = Inquiries(self._visit.connection, self._visit.now)
            given.give(one.inquiry.id, entry=entry.id if entry else "", version=version, outcome=Outcome.HUMAN)
        return True

    def _reply(self, answer: Localised, one: Waiting, *, kept: bool, again: bool) -> Reply:
        reader = self._visit.people.person(one.asker.person)
        open_to_them = self._open_to(reader.id, answer)
        return Reply(
            one.inquiry.id,
            one.inquiry.text,
            open_to_them,
            tuple(dict.fromkeys((one.inquiry.language, reader.language.value))),
            by=self._scene.person.name,
            day=local_day(self._visit.now, self._scene.zone),
            corrected=again,
            kept=kept,
            hides_links=open_to_them != answer,
        )

    def _open_to(self, person: str, answer: Localised) -> Localised:
        """The answer without links that somebody may not have; most have none, and then nobody is looked up."""
        if for_members.without(answer, for_members.hidden_from_everybody(self._visit)) == answer:
            return answer
        return for_members.without(answer, for_members.hidden_from(self._visit, person))


def _ways_to_ask(miss: Miss, asked: Iterable[Inquiry], known: Iterable[str]) -> tuple[str, ...]:
    """Everything that was asked, once each, besides what is known; a whole letter is no way to ask."""
    texts = (" ".join(text.split()) for text in (miss.text, *(one.text for one in asked)) if _is_short(text))
    return tuple(distinct(texts, besides=known))


def _is_short(text: str) -> bool:
    return len(text) <= LONGEST_QUESTION


def _store(visit: Visit) -> Misses:
    return Misses(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Way]] = {
    misses.ANSWER: answer,
    misses.CORRECT: correct,
    misses.MATCH: choose,
}
