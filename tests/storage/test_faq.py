"""Questions with their answers: versions and history, a programme's file and what was changed in chat, ways to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.exc import IntegrityError

from bot.domain.faq import COMMON, Change, Entry, PhrasingStanding, Standing, from_file
from bot.domain.people import Actor, Language
from bot.domain.programmes import FaqEntry, Programme
from bot.domain.words import Localised
from storage import faq as module
from storage.faq import Entries, Loaded, StoredVectors
from storage.people import People
from storage.tables import faq_entries
from storage.unit_of_work import UnitOfWork, unit_of_work
from tests.flows.samples import NOW, SINGLE, words
from tests.handlers.town import at_once

T = TypeVar("T")
FEES = FaqEntry("avgift", words("Vad kostar det?"), words("1 200 kronor."), "våren 2027", ("Priset?",))
FOOD = FaqEntry("mat", words("Ingår lunch?"), words("Ja."))
FILE = replace(SINGLE, faq=(FEES, FOOD))
AVGIFT, MAT = f"{SINGLE.id}.avgift", f"{SINGLE.id}.mat"
HEARD = "va kostar de"
OWN = Entry("own", SINGLE.id, words("Finns parkering?"), words("Bakom huset."))


class Desk:
    """The entries of one database; each call is a transaction, a minute after the one before."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.now = NOW

    async def do(self, act: Callable[[Entries], T]) -> T:
        self.now += timedelta(minutes=1)
        return await self.work.run(lambda connection: act(Entries(connection, self.now)))

    async def follow(self, programme: Programme = FILE) -> Loaded:
        return await self.do(lambda entries: entries.follow(programme))

    async def entry(self, id: str = AVGIFT) -> Entry:
        found = await self.do(lambda entries: entries.get(id))
        assert found is not None
        return found

    async def change(self, id: str = AVGIFT, **changes: object) -> Entry:
        """Edit as a coordinator does in chat."""

        def edit(entries: Entries) -> Entry:
            now = entries.locked(id)
            assert now is not None
            return entries.edit(replace(now, **changes))  # type: ignore[arg-type]

        return await self.do(edit)

    async def propose(self, *texts: str, id: str = AVGIFT) -> None:
        for one in texts:
            await self.do(lambda entries, text=one: entries.propose(id, text))  # type: ignore[misc]

    async def phrasings(self, standing: PhrasingStanding = PhrasingStanding.PROPOSED) -> list[tuple[str, int]]:
        return [(one.text, one.times) for one in await self.do(lambda entries: entries.phrasings(standing))]

    async def phrasing(self) -> str:
        (only,) = await self.do(lambda entries: entries.phrasings(PhrasingStanding.PROPOSED))
        return only.id


@pytest.fixture
async def desk(engine_url: str) -> AsyncIterator[Desk]:
    work = unit_of_work(engine_url)
    try:
        yield Desk(work)
    finally:
        await work.close()


def with_answer(text: str, *others: FaqEntry) -> Programme:
    return replace(FILE, faq=(replace(FEES, answer=words(text)), *others))


# --- Versions and history ---------------------------------------------------------------------------------------------


async def test_every_change_is_a_version_that_is_kept_with_who_made_it_and_when(desk: Desk) -> None:
    kim = await desk.work.run(lambda c: People(c, NOW).meet(Actor("x", "W", "kim"), None, None, Language.ENGLISH))
    await desk.do(lambda entries: entries.add(replace(OWN, version=7), by=kim.person.id))
    await desk.change("own", answer=words("Framför huset."))
    await desk.do(lambda entries: entries.retire("own", by=kim.person.id))
    past = await desk.do(lambda entries: entries.history("own"))
    assert [(one.change, one.entry.version, one.by) for one in past] == [
        (Change.RETIRED, 3, kim.person.id),
        (Change.EDITED, 2, ""),
        (Change.ADDED, 1, kim.person.id),
    ]
    assert [one.at for one in past] == [NOW + timedelta(minutes=n) for n in (3, 2, 1)]
    assert past[2].entry == OWN
    assert past[0].entry == await desk.entry("own")


async def test_all_that_is_said_of_an_entry_comes_back(desk: Desk) -> None:
    whole = Entry(
        "whole",
        COMMON,
        Localised({"sv": "Vad?", "nb": "Hva?"}),
        Localised({"nb": "Det.", "sv": "Det <!channel> {x} 🎉"}),
        ("=SUM(1)", "va"),
        "2020",
        date(2020, 1, 1),
        date(2020, 12, 31),
    )
    await desk.do(lambda entries: entries.add(whole))
    assert await desk.entry("whole") == whole
    assert await desk.do(lambda entries: entries.all()) == {"whole": whole}


async def test_a_second_entry_of_the_same_id_is_refused(desk: Desk) -> None:
    await desk.do(lambda entries: entries.add(OWN))
    with pytest.raises(IntegrityError):
        await desk.do(lambda entries: entries.add(OWN))


async def test_to_retire_and_to_restore_twice_is_to_do_it_once(desk: Desk) -> None:
    await desk.do(lambda entries: entries.add(OWN))
    for _ in range(2):
        await desk.do(lambda entries: entries.retire("own"))
    assert ((await desk.entry("own")).standing, (await desk.entry("own")).version) == (Standing.RETIRED, 2)
    for _ in range(2):
        await desk.do(lambda entries: entries.restore("own"))
    assert ((await desk.entry("own")).standing, (await desk.entry("own")).version) == (Standing.LIVE, 3)
    await desk.do(lambda entries: entries.retire("not there"))


async def test_the_state_is_another_one_after_every_change_that_answers_depend_on(desk: Desk) -> None:
    seen = [await desk.do(Entries.state)]

    async def note() -> None:
        seen.append(await desk.do(Entries.state))

    await desk.follow()
    await note()
    await desk.change(answer=words("Inget."))
    await note()
    await desk.do(lambda entries: entries.retire(MAT))
    await note()
    await desk.propose(HEARD)
    id = await desk.phrasing()
    await desk.do(lambda entries: entries.reject(id))
    await note()
    assert len(set(seen)) == len(seen)


# --- A programme's file -----------------------------------------------------------------------------------------------


async def test_a_file_is_taken_over_once(desk: Desk) -> None:
    assert await desk.follow() == Loaded(added=2)
    assert await desk.follow() == Loaded()
    assert ((await desk.entry()).answer, (await desk.entry()).version) == (FEES.answer, 1)


async def test_what_was_changed_in_chat_survives_the_same_file(desk: Desk) -> None:
    assert await _changed_in_chat(desk) == words("Inget för er.")


async def _changed_in_chat(desk: Desk) -> Localised:
    """The answer after an edit in chat and the same file once more."""
    await desk.follow()
    await desk.change(answer=words("Inget för er."))
    await desk.follow()
    return (await desk.entry()).answer


async def test_control_a_file_that_always_counts_as_new_takes_the_edit_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_differs", lambda known, _written: known is not None)
    assert await _changed_in_chat(desk) == FEES.answer


async def test_the_new_wording_of_a_file_wins_and_what_was_learnt_stays(desk: Desk) -> None:
    await desk.follow()
    await desk.change(answer=words("Inget för er."))
    await desk.do(lambda entries: entries.learn(AVGIFT, HEARD))
    assert await desk.follow(with_answer("1 300 kronor.", FOOD)) == Loaded(edited=1)
    now = await desk.entry()
    assert (now.answer, now.alternates) == (words("1 300 kronor."), ("Priset?", HEARD))
    past = await desk.do(lambda entries: entries.history(AVGIFT))
    assert [one.change for one in past] == [Change.EDITED, Change.LEARNT, Change.EDITED, Change.ADDED]
    assert past[2].entry.answer == words("Inget för er.")


async def test_what_is_gone_from_the_file_is_retired_and_kept(desk: Desk) -> None:
    await desk.follow()
    assert await desk.follow(replace(FILE, faq=(FEES,))) == Loaded(retired=1)
    assert ((await desk.entry(MAT)).standing, (await desk.entry(MAT)).answer) == (Standing.RETIRED, FOOD.answer)
    assert (await desk.entry()).standing is Standing.LIVE


async def test_what_the_file_has_back_as_it_was_is_used_again(desk: Desk) -> None:
    for programme in (FILE, replace(FILE, faq=(FEES,)), FILE):
        await desk.follow(programme)
    assert (await desk.entry(MAT)).standing is Standing.LIVE
    assert await desk.follow() == Loaded()


async def test_what_a_coordinator_uses_again_is_not_retired_by_the_same_file(desk: Desk) -> None:
    without = replace(FILE, faq=(FEES,))
    for programme in (FILE, without):
        await desk.follow(programme)
    await desk.do(lambda entries: entries.restore(MAT))
    assert await desk.follow(without) == Loaded()
    assert (await desk.entry(MAT)).standing is Standing.LIVE


async def test_what_was_retired_in_chat_stays_so_with_the_same_file(desk: Desk) -> None:
    await desk.follow()
    await desk.do(lambda entries: entries.retire(AVGIFT))
    await desk.follow()
    assert (await desk.entry()).standing is Standing.RETIRED


async def test_what_was_written_in_chat_is_not_the_files_to_change(desk: Desk) -> None:
    for one in (OWN, replace(OWN, id="all", programme=COMMON)):
        await desk.do(lambda entries, entry=one: entries.add(entry))  # type: ignore[misc]
    await desk.follow()
    await desk.follow(replace(FILE, faq=()))
    assert [(await desk.entry(id)).version for id in ("own", "all")] == [1, 1]


async def test_what_came_from_elsewhere_under_the_files_id_is_the_files_from_then_on(desk: Desk) -> None:
    other = replace(from_file(FILE, FILE.faq[0]), answer=words("Från en annan fil."))
    await desk.do(lambda entries: entries.add(other))
    await desk.follow()
    assert (await desk.entry(other.id)).answer == FILE.faq[0].answer
    assert len(await desk.do(lambda entries: entries.history(other.id))) == 2


async def test_what_was_brought_along_under_an_id_of_the_file_is_the_files_from_then_on(desk: Desk) -> None:
    """As when what was exported is written into the programme's file."""
    await desk.do(lambda entries: entries.add(replace(OWN, id=MAT)))
    assert await desk.follow() == Loaded(added=1, edited=1)
    assert (await desk.entry(MAT)).answer == FOOD.answer


async def test_the_file_of_one_programme_leaves_those_of_others_alone(desk: Desk) -> None:
    await desk.follow()
    assert await desk.follow(replace(FILE, id="annat", faq=(FOOD,))) == Loaded(added=1)
    assert len(await desk.do(lambda entries: entries.all())) == 3


# --- Ways to ask ------------------------------------------------------------------------------------------------------


async def test_a_way_to_ask_counts_and_what_is_asked_most_comes_first(desk: Desk) -> None:
    await desk.follow()
    await desk.propose("Dyrt?", HEARD, HEARD)
    assert await desk.phrasings() == [(HEARD, 2), ("Dyrt?", 1)]


async def test_what_is_accepted_is_learnt_once(desk: Desk) -> None:
    await desk.follow()
    await desk.propose(HEARD)
    id = await desk.phrasing()
    learnt = await desk.do(lambda entries: entries.accept(id))
    assert learnt is not None
    assert (learnt.alternates, learnt.version) == (("Priset?", HEARD), 2)
    assert await desk.do(lambda entries: entries.accept(id)) is None
    assert await desk.do(lambda entries: entries.reject(id)) is None
    assert (await desk.entry()).version == 2
    assert (await desk.do(lambda entries: entries.history(AVGIFT)))[0].change is Change.LEARNT


async def test_what_is_rejected_is_kept_as_no_answer_and_never_proposed_again(desk: Desk) -> None:
    await desk.follow()
    await desk.propose(HEARD)
    id = await desk.phrasing()
    await desk.do(lambda entries: entries.reject(id))
    await desk.propose(HEARD)
    assert await desk.phrasings() == []
    assert await desk.phrasings(PhrasingStanding.REJECTED) == [(HEARD, 2)]
    assert (await desk.entry()).alternates == FEES.alternates


@pytest.mark.parametrize("text", ["Priset?", "Vad kostar det?"])
async def test_what_is_known_already_is_not_learnt_again(desk: Desk, text: str) -> None:
    await desk.follow()
    await desk.do(lambda entries: entries.learn(AVGIFT, text))
    assert (await desk.entry()).version == 1


# --- Two at once ------------------------------------------------------------------------------------------------------


async def learnt_at_once(url: str) -> set[str]:
    works = [unit_of_work(url) for _ in range(2)]
    desk = Desk(works[0])
    try:
        await desk.follow()
        await at_once(*(work.run(partial(learn, text=f"{n}?")) for n, work in enumerate(works)))
        return set((await desk.entry()).alternates) - {"Priset?"}
    finally:
        for work in works:
            await work.close()


def learn(connection: Connection, *, text: str) -> None:
    Entries(connection, NOW).learn(AVGIFT, text)


async def test_two_who_add_a_way_to_ask_at_once_both_do(engine_url: str) -> None:
    assert await learnt_at_once(engine_url) == {"0?", "1?"}


async def test_control_without_the_lock_one_of_two_is_lost(postgresql_url: str) -> None:
    work = unit_of_work(postgresql_url)
    await Desk(work).follow()
    await work.close()
    engine = create_engine(postgresql_url)
    with engine.connect() as one, engine.connect() as other:
        looked = [(Entries(each, NOW), Entries(each, NOW).get(AVGIFT)) for each in (one, other)]
        entries, now = looked[0]
        assert now is not None
        entries.edit(replace(now, alternates=("0?",)))
        one.commit()
        entries, now = looked[1]
        assert now is not None
        with pytest.raises(IntegrityError):  # both are the second version
            entries.edit(replace(now, alternates=("1?",)))
    engine.dispose()


# --- Vectors ----------------------------------------------------------------------------------------------------------


async def test_vectors_are_kept_until_they_are_forgotten(desk: Desk) -> None:
    many = {f"{n:04}": bytes([n % 256]) for n in range(501)}

    def act(connection: Connection) -> list[int]:
        stored = StoredVectors(connection)
        stored.put(many)
        stored.put({"0000": b"another"})  # the same text has the same vector
        sizes = [len(stored.all()), stored.all()["0000"][0]]
        stored.forget(set(many) - {"0007"})
        return [*sizes, len(stored.all())]

    assert await desk.work.run(act) == [501, 0, 1]


async def test_an_entry_tells_in_its_own_columns_what_its_document_says(desk: Desk) -> None:
    """By them the state is counted."""
    await desk.follow()
    await desk.do(lambda entries: entries.retire(MAT))
    rows = await desk.work.run(lambda c: c.execute(select(faq_entries).order_by(faq_entries.c.id)).all())
    assert [(row.id, row.programme, row.standing, row.version) for row in rows] == [
        (AVGIFT, SINGLE.id, "live", 1),
        (MAT, SINGLE.id, "retired", 2),
    ]
