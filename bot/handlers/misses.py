"""What no entry answers: the coordinators' matter, their queue, and who sees to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from bot.domain.faq import COMMON, REASONS_TO_LOOK, Entry, Inquiry, Miss, MissState, Standing, bare
from bot.domain.refusals import Gone
from bot.domain.rules import NOTHING
from bot.domain.words import Localised, _
from bot.flows import handing, misses, truth
from bot.flows.misses import NOTHING_SAID, Cluster, Doubted, Owner, Queue, Said
from bot.handlers import handed, matters
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.faq import Entries
from storage.inquiries import Inquiries, Misses, Waiting
from storage.matters import Matters
from storage.posts import Posts

_AT_ONCE = -timedelta(minutes=1)
"""A question that comes when the queue has just been emptied is news, also by a clock that is a little behind."""

_SLIPS = timedelta(minutes=10)
"""So long a coordinator can take back that there was nothing to answer, before whoever asked hears of it."""

_LATELY = timedelta(days=60)
"""So long answers are offered for correction."""


# --- For those who pass questions on ----------------------------------------------------------------------------------


def ask_for_answers(visit: Visit, programme: str) -> None:
    """Let the coordinators know how many questions of a programme wait for them, or that none do any more."""
    matters.keep_matter(
        visit,
        key=_key(programme),
        programme=programme,
        kind="misses",
        view=lambda: _matter(visit, programme),
        rest=_AT_ONCE,
    )


def _matter(visit: Visit, programme: str) -> Card | None:
    waiting = [one for one in _store(visit).open_ones(programme) if handed.held(visit, one) is None]
    if not waiting:
        return None
    taken = sum(bool(one.owner) for one in waiting)
    return misses.waiting(programme, _title(visit, programme), len(waiting), taken)


def doubt(visit: Visit, entry: Entry, unhelped: Sequence[Inquiry]) -> None:
    """Put an entry into the queue whose present version did not help several people, once until it is looked at.

    Those who were not helped wait for the better answer, unless they have asked a human already.
    """
    if len(unhelped) < REASONS_TO_LOOK:
        return
    store = _store(visit)
    Entries(visit.connection, visit.now).locked(entry.id)  # so that two at once do not both begin a miss
    known = store.in_doubt(entry.id)
    free = [one for one in unhelped if not one.miss]
    if known is None:
        first = (free or list(unhelped))[0]
        known = store.open(first, entry=entry.id)
        if first.miss:
            store.join(first.miss, first.id)
    for one in free:
        store.join(known.id, one.id)
    ask_for_answers(visit, known.programme)


def counts(visit: Visit) -> Mapping[str, int]:
    """Programme → how many questions wait; of no programme, only where no matter above it says so already."""
    found = dict(_store(visit).counts())
    if Matters(visit.connection, visit.now).open_with(_key(COMMON)) is not None:
        found.pop(COMMON, None)
    return found


def _key(programme: str) -> str:
    return f"misses:{programme}"


# --- Looking ----------------------------------------------------------------------------------------------------------


def queue(scene: Scene, about: str) -> Outcome:
    """What waits, of a programme or of all; with a page after it, that one in place of the message."""
    return Show(_card(scene, about), replaces=":" in about)


def _card(scene: Scene, place: str, said: Said = NOTHING_SAID) -> Card:
    about, start = truth.page_of(place)
    if about:
        scene.programme(about)  # refuses one that is not there any more
    found = _store(scene.visit).open_ones(about or None)
    start = min(start, max(len(found) - 1, 0)) // misses.MOST * misses.MOST
    shown, last = found[start : start + misses.MOST], start + misses.MOST >= len(found)
    answered = _answered(scene.visit, about) if last else ()
    waiting = clusters(scene.visit, shown, scene.person.id)
    lately = clusters(scene.visit, answered, scene.person.id)
    return misses.card(Queue(about, scene.zone, waiting, start, len(found), lately), said)


def _answered(visit: Visit, about: str) -> Sequence[Miss]:
    found = _store(visit).answered(visit.now - _LATELY)
    return [one for one in found if not about or one.programme == about][: misses.MOST_ANSWERED]


def clusters(visit: Visit, found: Iterable[Miss], reader: str) -> tuple[Cluster, ...]:
    """Misses as a coordinator sees them."""
    those = list(found)
    ids = [one.id for one in those]
    asked, waiting = _store(visit).asked(ids), _store(visit).waiting(ids)
    people = {id: [one.asker.person for one in some if one.asker.named] for id, some in waiting.items()}
    return tuple(_cluster(visit, one, asked.get(one.id, ()), people.get(one.id, ()), reader) for one in those)


def _cluster(visit: Visit, miss: Miss, asked: Sequence[Inquiry], named: Sequence[str], reader: str) -> Cluster:
    entry = doubted(visit, miss)
    if entry is not None:
        asked = _all_unhelped(visit, entry, asked)
    names = (visit.people.person(id).name for id in dict.fromkeys(named))
    return Cluster(
        miss,
        _title(visit, miss.programme),
        tuple(distinct((one.text for one in asked), besides=(miss.text,))),
        dict(Counter(one.language for one in asked).most_common()),
        tuple(name for name in names if name),
        _owner(visit, miss, reader),
        _doubted(entry, asked) if entry is not None else None,
    )


def doubted(visit: Visit, miss: Miss) -> Entry | None:
    """The entry that an open miss puts in doubt, as long as it is given as an answer."""
    return live_entry(visit, miss) if miss.state is MissState.OPEN else None


def live_entry(visit: Visit, miss: Miss) -> Entry | None:
    """The entry that goes with a miss, unless it has been retired."""
    entry = Entries(visit.connection, visit.now).get(miss.entry) if miss.entry else None
    return entry if entry is not None and entry.standing is Standing.LIVE else None


def _all_unhelped(visit: Visit, entry: Entry, asked: Sequence[Inquiry]) -> Sequence[Inquiry]:
    """Also those who have asked a human, and so wait elsewhere."""
    unhelped = Inquiries(visit.connection, visit.now).unhelped(entry.id, entry.version)
    return list({one.id: one for one in (*asked, *unhelped)}.values())


def _doubted(entry: Entry, asked: Sequence[Inquiry]) -> Doubted:
    return Doubted(entry.question, entry.answer, tuple(distinct(one.reason for one in asked)))


def distinct(texts: Iterable[str], besides: Iterable[str] = ()) -> Iterator[str]:
    """Each text once, however it is capitalised and spaced; nothing that is empty."""
    seen = {bare(one) for one in besides} | {""}
    for text in texts:
        if bare(text) not in seen:
            seen.add(bare(text))
            yield text


def _owner(visit: Visit, miss: Miss, reader: str) -> Owner | None:
    one = Posts(visit.connection, visit.now).colleague(miss.owner) if miss.owner else None
    if one is None:
        return None
    away = one.away_until is not None and one.away_until > visit.now
    beyond = away or visit.people.addressed(one.id) is None
    found = handed.held(visit, miss)
    return Owner(one.id, one.name, one.id == reader, beyond, found.since if found is not None else None)


def _title(visit: Visit, programme: str) -> Localised:
    known = visit.programmes.get(programme)
    return known.title if known is not None else NOTHING


# --- Seeing to it -----------------------------------------------------------------------------------------------------


Press = Callable[[Scene, Miss, str], Said]
"""Does what a press asks for with a miss as it is now; the last argument is what follows the miss."""


def press(scene: Scene, about: str, act: Press) -> Outcome:
    """Do something with a miss that nobody else changes meanwhile, and show its page again."""
    id, _blank, rest = about.partition(" ")
    place, _blank, _rest = rest.partition(" ")
    miss = hold(scene.visit, id)
    said = act(scene, miss, rest)
    ask_for_answers(scene.visit, miss.programme)
    return Show(_card(scene, place, said), replaces=True)


def hold(visit: Visit, id: str, *entries: str) -> Miss:
    """The miss as it is now; nobody else changes it, what was asked or the entries until this is done. Raises `Gone`.

    All who change several of them lock what was asked first, then entries, then the miss.
    """
    seen = _store(visit).get(id)
    others = {one.id for one in answered_alike(visit, seen)} if seen is not None else set()
    Inquiries(visit.connection, visit.now).hold(id, *others)
    for entry in sorted({*entries, seen.entry if seen is not None else ""} - {""}):
        Entries(visit.connection, visit.now).locked(entry)
    found = {one: _store(visit).locked(one) for one in sorted({id, *others})}[id]
    if found is None:
        raise gone()
    return found


def answered_alike(visit: Visit, miss: Miss) -> tuple[Miss, ...]:
    """The other misses that were answered with the entry of this one."""
    found = _store(visit).answered(entry=miss.entry) if miss.entry else ()
    return tuple(one for one in found if one.id != miss.id)


def gone() -> Gone:
    return Gone(_("That question is no longer there. Write “status” to see what is."))


def by_person(waiting: Iterable[Waiting]) -> list[list[Waiting]]:
    """What each person asked, the oldest first."""
    found: dict[str, list[Waiting]] = {}
    for one in waiting:
        found.setdefault(one.asker.person, []).append(one)
    return list(found.values())


def take(scene: Scene, about: str) -> Outcome:
    """See to a question oneself; of two at once the first one does."""
    return press(scene, about, _take)


def _take(scene: Scene, miss: Miss, rest: str) -> Said:
    _place, _blank, seen = rest.partition(" ")
    if miss.state is not MissState.OPEN:
        return misses.settled_before()
    if miss.owner not in (seen, scene.person.id):
        return misses.taken_by(scene.visit.people.person(miss.owner).name)
    handed.end(scene.visit, miss, handing.somebody_else_has_it())
    _store(scene.visit).take(miss.id, scene.person.id)
    return misses.taken()


def dismiss(scene: Scene, about: str) -> Outcome:
    """There is nothing to answer."""
    return press(scene, about, _dismiss)


def _dismiss(scene: Scene, miss: Miss, place: str) -> Said:
    if miss.state is not MissState.OPEN:
        return misses.settled_before()
    handed.end(scene.visit, miss, handing.has_been_put_aside())
    _store(scene.visit).dismiss(miss.id, by=scene.person.id)
    waiting = _store(scene.visit).waiting((miss.id,)).get(miss.id, ())
    told = sum(_is_told(scene, miss, some) for some in by_person(waiting))
    return misses.dismissed(f"{miss.id} {place}", told)


def _is_told(scene: Scene, miss: Miss, theirs: Sequence[Waiting]) -> bool:
    """Tell somebody who waits that nothing comes, once it can no longer be a slip of the coordinator's."""
    visit, last = scene.visit, theirs[-1]
    found = visit.people.addressed(last.asker.person)
    if found is None:
        return False
    _actor, address = found
    return visit.outbox.add(
        f"{_put_aside(miss)}{last.inquiry.id}:{scene.inbound.delivery}",
        address,
        misses.put_aside(last.inquiry.text),
        person=last.asker.person,
        language=visit.people.person(last.asker.person).language,
        due_at=visit.now + _SLIPS,
    )


def _put_aside(miss: Miss) -> str:
    """How the keys of the messages begin that say so."""
    return f"put_aside:{miss.id}:"


def reopen(scene: Scene, about: str) -> Outcome:
    """Take back that there was nothing to answer."""
    return press(scene, about, _reopen)


def _reopen(scene: Scene, miss: Miss, place: str) -> Said:
    if miss.state is not MissState.DISMISSED:
        return misses.settled_before()
    _store(scene.visit).reopen(miss.id)
    scene.visit.outbox.take_back(_put_aside(miss))
    return misses.reopened()


def right(scene: Scene, about: str) -> Outcome:
    """The answer in doubt stays; whom it helps is counted anew."""
    return press(scene, about, _right)


def _right(scene: Scene, miss: Miss, place: str) -> Said:
    return misses.found_right() if find_right(scene, miss) else misses.settled_before()


def find_right(scene: Scene, miss: Miss) -> bool:
    """Let the entry that a miss puts in doubt be as it is; False when it is in doubt no more. The miss must be held."""
    entry = doubted(scene.visit, miss)
    if entry is None:
        return False
    handed.end(scene.visit, miss, handing.is_right())
    Entries(scene.visit.connection, scene.visit.now).edit(entry, by=scene.person.id)
    _store(scene.visit).dismiss(miss.id, by=scene.person.id)
    return True


def _store(visit: Visit) -> Misses:
    return Misses(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    misses.QUEUE: queue,
    misses.TAKE: take,
    misses.DISMISS: dismiss,
    misses.REOPEN: reopen,
    misses.RIGHT: right,
}
