"""How sure an answer has to be: what it decides, and how a programme's coordinators change it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.caution import Caution
from bot.domain.faq import COMMON, Entry, Outcome
from bot.domain.people import Role
from bot.domain.programmes import Programme
from bot.flows import cautions, curating
from bot.handlers import finding, weighing
from bot.handlers.finding import Found
from bot.handlers.ranking import FACT
from bot.handlers.weighing import Sight, comes_to
from bot.messages import ChoiceField, Form
from storage import programmes
from storage.people import People
from storage.tables import programmes as programme_rows
from tests.flows.samples import FREE, NOW, SINGLE, words
from tests.handlers import curating_town
from tests.handlers.curating_town import AVGIFT, DIALOG, FIKA, coordinator, shown
from tests.handlers.town import Person, Town, at_once, second_process, text

town, small = curating_town.on_both, curating_town.on_sqlite


# --- What it decides --------------------------------------------------------------------------------------------------

ENTRIES = {
    id: Entry(id, programme, words(f"{id}?"), words(id))
    for id, programme in (("careful", "c"), ("helpful", "h"), ("common", COMMON))
}
KNOWN = {
    "c": replace(SINGLE, id="c", caution=Caution.CAREFUL),
    "h": replace(FREE, id="h", caution=Caution.CAREFUL, chat_caution=Caution.HELPFUL),
}
SIGHT = Sight(ENTRIES.get, KNOWN, KNOWN.keys(), NOW, lambda: "Europe/Stockholm")


def judged(*ranked: tuple[str, float], of: tuple[str, ...] = ()) -> tuple[Caution, Outcome]:
    found = Found("?", ranked, of)
    meant = SIGHT.meant(found)
    caution = SIGHT.caution(found, meant)
    return caution, comes_to(found, meant, caution)


@pytest.mark.parametrize(
    ("id", "of", "caution"),
    [
        ("careful", (), Caution.CAREFUL),
        ("helpful", ("c",), Caution.HELPFUL),  # what would answer decides, and in it the word in chat
        ("common", (), Caution.BALANCED),
        ("common", ("c",), Caution.CAREFUL),
        ("common", ("c", "h"), Caution.BALANCED),
        (f"{FACT}price", ("h",), Caution.HELPFUL),
        (f"{FACT}price", ("gone",), Caution.BALANCED),
    ],
)
def test_the_programme_that_answers_decides_or_that_of_whoever_asks(
    id: str, of: tuple[str, ...], caution: Caution
) -> None:
    assert judged((id, 0.9), of=of)[0] is caution


@pytest.mark.parametrize(
    ("score", "careful", "balanced", "helpful"),
    [
        (0.70, Outcome.ANSWERED, Outcome.ANSWERED, Outcome.ANSWERED),
        (0.50, Outcome.SUGGESTED, Outcome.ANSWERED, Outcome.ANSWERED),
        (0.40, Outcome.SUGGESTED, Outcome.SUGGESTED, Outcome.ANSWERED),
        (0.20, Outcome.UNKNOWN, Outcome.SUGGESTED, Outcome.SUGGESTED),
        (0.15, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.SUGGESTED),
        (0.14, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_the_more_careful_the_surer_an_answer_has_to_be(
    score: float, careful: Outcome, balanced: Outcome, helpful: Outcome
) -> None:
    found = [judged((id, score))[1] for id in ("careful", "common", "helpful")]
    assert found == [careful, balanced, helpful]


def test_what_only_others_are_told_is_suggested_however_helpful_they_want_to_be() -> None:
    assert judged(("helpful", 0.49), of=("c",)) == (Caution.HELPFUL, Outcome.SUGGESTED)
    assert judged(("helpful", 0.49), of=("h",)) == (Caution.HELPFUL, Outcome.ANSWERED)  # the control: it is their own


async def test_S12_somebody_who_asks_gets_what_the_programme_s_level_allows(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_found", lambda _index, _around, asked: Found(asked, ((AVGIFT, 0.6),)))
    for caution, answered in ((Caution.BALANCED, True), (Caution.CAREFUL, False), (Caution.HELPFUL, True)):
        await small.load(replace(DIALOG, caution=caution))
        said = text((await small.person("anna").say("vad kostar den?")).view)
        assert ("1 200 kronor" in said) is answered, caution


async def test_the_test_box_says_under_which_level_it_judged(small: Town) -> None:
    await small.load(replace(FIKA, caution=Caution.CAREFUL))
    admin = small.person("admin")
    said = []
    for question in ("Finns det kaffe?", "Vem är Lärträff?"):
        form = (await admin.press(curating.TRY)).view
        said.append(text((await admin.submit(form, {"tried": question, "context": "*"})).view))
    assert ["Judged as: Careful." in one for one in said] == [True, False]
    assert "Judged as: In between." in said[1]


# --- Changed in chat --------------------------------------------------------------------------------------------------


async def opened(person: Person, about: str = SINGLE.id) -> Form:
    view = (await person.press(curating.CAUTION, about)).view
    assert isinstance(view, Form), text(view)
    return view


async def chose(person: Person, caution: str, about: str = SINGLE.id, **how: Any) -> str:
    return text((await person.submit(await opened(person, about), {"caution": caution}, **how)).view)


async def now(town: Town, id: str = SINGLE.id) -> Programme:
    found = await town.read(lambda connection: programmes.locked(connection, id))
    assert found is not None
    return found


async def version(town: Town) -> int:
    here = programme_rows.c.id == SINGLE.id
    return int(await town.read(lambda c: c.execute(select(programme_rows.c.version).where(here)).scalar_one()))


async def test_a_coordinator_chooses_a_level_and_it_holds(town: Town) -> None:
    said = await chose(town.person("admin"), "careful")
    assert "Careful: Rather “I do not know that yet” than a wrong answer." in said
    assert ((await now(town)).caution_now, (await now(town)).caution) == (Caution.CAREFUL, Caution.BALANCED)
    assert (await now(town, FREE.id)).caution_now is Caution.BALANCED


async def test_the_form_shows_what_holds_now_and_what_each_level_means(small: Town) -> None:
    admin = small.person("admin")
    await chose(admin, "helpful")
    form = await opened(admin)
    assert form.values["caution"] == "helpful"
    for part in ("Dialog", "Rather “I do not know that yet”", "fairly sure", "wrong more often", "no programme in"):
        assert part in text(form)


async def test_without_a_programme_it_is_asked_for_which_one(small: Town) -> None:
    admin = small.person("admin")
    which = await opened(admin, curating.EVERYWHERE)
    form = (await admin.submit(which, {"programme": FREE.id})).view
    assert "Saved: Fika" in text((await admin.submit(form, {"caution": "careful"})).view)


async def test_the_word_in_chat_wins_over_the_file_until_it_is_taken_back(town: Town) -> None:
    admin = town.person("admin")
    await chose(admin, "helpful")
    await town.work.run(lambda c: programmes.load_file(c, replace(DIALOG, caution=Caution.CAREFUL), NOW))
    assert (await now(town)).caution_now is Caution.HELPFUL
    said = await chose(admin, cautions.AS_FILE)
    assert "Careful: " in said
    assert ((await now(town)).chat_caution, (await now(town)).caution_now) == (None, Caution.CAREFUL)


async def test_where_nothing_was_said_in_chat_the_file_holds_and_nothing_is_to_be_taken_back(small: Town) -> None:
    await small.load(replace(DIALOG, caution=Caution.HELPFUL))
    form = await opened(small.person("admin"))
    (field,) = form.fields
    assert isinstance(field, ChoiceField)
    assert [one.value for one in field.options] == ["careful", "balanced", "helpful"]
    assert (await now(small)).caution_now is Caution.HELPFUL


async def test_the_same_choice_twice_changes_the_programme_once(town: Town) -> None:
    admin = town.person("admin")
    form = await opened(admin)
    before = await version(town)
    for _ in range(2):
        await admin.submit(form, {"caution": "careful"}, delivery="the same")
    await chose(admin, "careful")
    assert await version(town) == before + 1


async def test_of_two_coordinators_at_once_both_are_answered_and_one_level_holds(town: Town) -> None:
    admin, lo = town.person("admin"), await coordinator(town, "lo")
    forms = [await opened(one) for one in (admin, lo)]
    async with second_process(town) as other:
        lo.reception = other
        both = await at_once(
            admin.submit(forms[0], {"caution": "careful"}), lo.submit(forms[1], {"caution": "helpful"})
        )
    assert all("Saved: Dialog" in text(one.view) for one in both)
    assert (await now(town)).chat_caution in (Caution.CAREFUL, Caution.HELPFUL)


async def test_somebody_who_is_registering_goes_on_when_the_level_changes(small: Town) -> None:
    anna = small.person("anna")
    begun = (await anna.press("register", SINGLE.id)).view
    await chose(small.person("admin"), "careful")
    assert "changed" not in text((await anna.submit(begun, {"occasions": ("a",)})).view)


async def test_only_coordinators_choose_also_when_the_form_lies_open(small: Town) -> None:
    assert "Only coordinators" in await shown(small.person("anna"), curating.CAUTION, SINGLE.id)
    lo = await coordinator(small, "lo")
    form = await opened(lo)
    await small.work.run(lambda c: People(c, NOW).appoint(str(People(c, NOW).present(lo.actor)), Role.PARTICIPANT))
    assert "Only coordinators" in text((await lo.submit(form, {"caution": "careful"})).view)
    assert (await now(small)).chat_caution is None


async def test_control_a_judge_that_knows_no_levels_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing.Sight, "caution", lambda _sight, _found, _meant: Caution.BALANCED)
    assert judged(("careful", 0.5))[1] is Outcome.ANSWERED
