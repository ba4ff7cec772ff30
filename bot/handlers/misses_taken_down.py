"""An answer to what people have asked is taken down: where it was sent, where it is kept, and the question waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.faq import Change, Entry, Inquiry, Miss, MissState, Outcome, bare
from bot.domain.refusals import Gone
from bot.domain.rules import NOTHING
from bot.flows import misses
from bot.flows import misses_taken_down as words
from bot.flows.misses import Said
from bot.handlers.misses import answered_alike, ask_for_answers, gone, live_entry, press
from bot.handlers.outcomes import Outcome as Way
from bot.handlers.outcomes import Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage.faq import Entries
from storage.inquiries import Inquiries, Misses
from storage.sent import TAKEN_DOWN, copies


def ask(scene: Scene, about: str) -> Way:
    """What becomes of it, before anything does."""
    id, _blank, place = about.partition(" ")
    miss = Misses(scene.visit.connection, scene.visit.now).get(id)
    if miss is None:
        raise gone()
    if miss.state is not MissState.ANSWERED:
        raise Gone(misses.settled_before().line)
    entry = _kept(scene.visit, miss)
    question = entry.question if entry is not None else NOTHING
    if entry is not None and _is_written_by(scene.visit, entry, miss):
        return Show(words.ask(miss, place, gone=question), replaces=True)
    return Show(words.ask(miss, place, stays=question), replaces=True)


def confirm(scene: Scene, about: str) -> Way:
    """Of two who take it down at once the second finds it done."""
    return press(scene, about, _take_down)


def _take_down(scene: Scene, miss: Miss, place: str) -> Said:
    if miss.state is not MissState.ANSWERED:
        return misses.settled_before()
    given = (miss, *_given_too(scene.visit, miss))
    _let_go(scene.visit, miss, _asked(scene.visit, miss), by=scene.person.id)
    told = sum(_take_back(scene.visit, one) for one in given)
    for programme in sorted({one.programme for one in given}):
        ask_for_answers(scene.visit, programme)
    return words.taken_down(told)


def _given_too(visit: Visit, miss: Miss) -> tuple[Miss, ...]:
    """Other questions that were answered with the entry that goes with this answer."""
    entry = _kept(visit, miss)
    return answered_alike(visit, miss) if entry is not None and _is_written_by(visit, entry, miss) else ()


def _take_back(visit: Visit, miss: Miss) -> int:
    """Let a question wait again, and say so in every message that answered it; how many these are."""
    asked = _asked(visit, miss)
    Misses(visit.connection, visit.now).take_back(miss.id)
    for id in asked:
        Inquiries(visit.connection, visit.now).give(id, entry="", version=0, outcome=Outcome.HUMAN)
    return _tell(visit, miss, asked)


def _asked(visit: Visit, miss: Miss) -> dict[str, Inquiry]:
    found = Misses(visit.connection, visit.now).asked((miss.id,))
    return {one.id: one for one in found.get(miss.id, ())}


def _tell(visit: Visit, miss: Miss, asked: Mapping[str, Inquiry]) -> int:
    """Edit every copy of the answer, also of the corrected one; how many there are."""
    found = copies(visit.connection, f"miss:{miss.id}:")
    for one in found:
        inquiry = asked.get(one.key.split(":")[2])
        view = words.told(inquiry.text if inquiry is not None else miss.text)
        visit.outbox.add(
            f"{one.key}:{TAKEN_DOWN}", one.address, view, person=one.person, language=one.language, edits=one.key
        )
    return len(found)


# --- The entry --------------------------------------------------------------------------------------------------------


def _kept(visit: Visit, miss: Miss) -> Entry | None:
    """The entry that gives this answer still."""
    entry = live_entry(visit, miss)
    return entry if entry is not None and entry.answer == miss.answer else None


def _is_written_by(visit: Visit, entry: Entry, miss: Miss) -> bool:
    """Whether the entry says what it says because of this answer, rather than having been there before."""
    past = Entries(visit.connection, visit.now).history(entry.id)
    return any(one.at == miss.answered_at and one.change in (Change.ADDED, Change.EDITED) for one in past)


def _let_go(visit: Visit, miss: Miss, asked: Mapping[str, Inquiry], *, by: str) -> None:
    """An entry with this answer is used no more; one that was there before is found by these words no more."""
    entries, entry = Entries(visit.connection, visit.now), _kept(visit, miss)
    if entry is None:
        return
    if _is_written_by(visit, entry, miss):
        entries.retire(entry.id, by=by)
        return
    theirs = {bare(miss.text), *(bare(one.text) for one in asked.values())}
    left = tuple(one for one in entry.alternates if bare(one) not in theirs)
    if left != entry.alternates:
        entries.edit(replace(entry, alternates=left), by=by)


ROUTES: Mapping[str, Callable[[Scene, str], Way]] = {
    misses.TAKE_DOWN: ask,
    misses.CONFIRM_TAKE_DOWN: confirm,
}
