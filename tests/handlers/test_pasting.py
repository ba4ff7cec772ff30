"""Wordings that are proposed, several questions pasted at once, and the test box."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.faq import Change, PhrasingStanding, Standing
from bot.domain.programmes import FaqEntry
from bot.flows import curating, faq
from bot.handlers.events import Inbound
from bot.handlers.finding import Finder
from bot.messages import ChoiceField, Form, View
from storage.faq import Entries
from storage.tables import faq_entries, faq_history, faq_phrasings, inquiries
from tests.flows.samples import FREE, SINGLE, words
from tests.handlers import curating_town
from tests.handlers.curating_town import (
    AVGIFT,
    DIALOG,
    FIKA,
    coordinator,
    entries,
    entry,
    labels,
    named,
    shown,
)
from tests.handlers.town import Person, Town, at_once, second_process, text

town, small = curating_town.on_both, curating_town.on_sqlite


# --- Wordings that are proposed ---------------------------------------------------------------------------------------


async def propose(town: Town, *texts: str, id: str = AVGIFT) -> list[str]:
    """Their ids in the order of the list."""

    def act(connection: Connection) -> list[str]:
        store = Entries(connection, town.clock.now())
        for one in texts:
            store.propose(id, one)
        return [one.id for one in store.phrasings(PhrasingStanding.PROPOSED)]

    return await town.work.run(act)


async def test_proposed_wordings_are_added_or_left_out_one_by_one(town: Town) -> None:
    admin = town.person("admin")
    often, seldom = await propose(town, "va kostar de", "va kostar de", "hur långt är det")
    assert "Suggested wordings (2)" in labels((await admin.press(curating.FAQ)).view)
    listed = await admin.press(curating.PHRASINGS)
    assert ("Asked 2 times" in text(listed.view), "Answered with: Vad kostar kursen?" in text(listed.view)) == (
        True,
        True,
    )
    added = await admin.press(curating.ACCEPT, often)
    assert (added.replaces, "Added: va kostar de" in text(added.view)) == (True, True)
    assert "Left out: hur långt är det" in text((await admin.press(curating.REJECT, seldom)).view)
    assert (await entry(town)).alternates == ("va kostar de",)
    assert await town.count(faq_phrasings, faq_phrasings.c.standing == "rejected") == 1
    assert "Suggested wordings" not in str(labels((await admin.press(curating.FAQ)).view))


async def test_of_two_who_decide_about_a_wording_at_once_one_does(town: Town) -> None:
    admin, lo = town.person("admin"), await coordinator(town, "lo")
    (id,) = await propose(town, "va kostar de")
    async with second_process(town) as other:
        lo.reception = other
        both = await at_once(admin.press(curating.ACCEPT, id), lo.press(curating.REJECT, id))
    assert sum("already decided" in text(one.view) for one in both) == 1
    learnt = (await entry(town)).alternates == ("va kostar de",)
    assert learnt == ("Added" in text(both[0].view))
    assert await town.count(faq_history, faq_history.c.change == Change.LEARNT.value) == learnt


async def test_wordings_of_what_is_not_used_any_more_are_not_asked_about(small: Town) -> None:
    await propose(small, "va kostar de")
    await small.person("admin").press(curating.RETIRE, AVGIFT)
    assert "nothing to decide" in await shown(small.person("admin"), curating.PHRASINGS)


# --- Pasting ----------------------------------------------------------------------------------------------------------

PAGE = """# Frågor

## Var parkerar jag?
Bakom huset.

## Vad kostar kursen?
1 300 kronor.

## Finns det lunch?
Ja.

## Vad kostar kursen då?
Lika mycket.
"""
PASTED = {"place": SINGLE.id, "language": "sv", "text": PAGE}


async def pasted(person: Person, **typed: str) -> View | None:
    form = (await person.press(curating.PASTE)).view
    return (await person.submit(form, PASTED | typed)).view


async def test_what_is_pasted_is_looked_through_and_stored_once(town: Town) -> None:
    admin = town.person("admin")
    look = await pasted(admin)
    assert isinstance(look, Form)
    for part in ("Changes the answer that is there", "Much like: Vad kostar kursen?", "New", "1 300 kronor."):
        assert part in text(look)
    (which,) = look.fields
    assert isinstance(which, ChoiceField)
    assert len(look.values["chosen"]) == 3  # not the one that asks nearly the same
    done = text((await admin.submit(look)).view)
    assert ("2 questions are new." in done, "1 answer is changed." in done) == (True, True)
    assert (await entry(town)).answer == words("1 300 kronor.")
    again = await pasted(admin, text=PAGE[: PAGE.index("## Vad kostar kursen då?")])
    assert "there already, word for word" in text(again)


async def test_a_page_changes_the_answer_and_leaves_the_edition_that_it_says_nothing_of(small: Town) -> None:
    admin = small.person("admin")
    await admin.submit(await pasted(admin, text="## Vad kostar kursen?\n1 300 kronor."))
    assert ((await entry(small)).answer, (await entry(small)).edition) == (words("1 300 kronor."), "våren 2027")


async def test_what_is_no_longer_used_does_not_come_back_by_pasting(small: Town) -> None:
    admin = small.person("admin")
    await admin.press(curating.RETIRE, AVGIFT)
    assert "no longer in use" in text(await pasted(admin, text="## Vad kostar kursen?\n1 300 kronor."))
    assert (await entry(small)).standing is Standing.RETIRED


async def test_two_who_paste_the_same_at_once_store_it_once(town: Town) -> None:
    admin, lo = town.person("admin"), await coordinator(town, "lo")
    looks = [await pasted(one) for one in (admin, lo)]
    async with second_process(town) as other:
        lo.reception = other
        await at_once(admin.submit(looks[0]), lo.submit(looks[1]))
    assert sum("Var parkerar jag?" in one.question.wordings.values() for one in (await entries(town)).values()) == 1


async def test_a_table_tells_more_and_its_problems_are_named_by_line(small: Town) -> None:
    table = (
        "Fråga;Svar;Andra sätt att fråga;Upplaga;Gäller till\n"
        "Var parkerar jag?;Bakom huset.;bilen|parkering;våren 2027;2027-12-31\n"
        f"{'x' * 160};För lång;;;\n"
        "Tom?;;;;\n"
        "Var parkerar jag?;Igen;;våren 2027;2027-12-31\n"
        "Dag?;Ja;;;imorgon\n"
    )
    admin = small.person("admin")
    look = await pasted(admin, text=table)
    for part in ("Line 3 is left out: The question has 160 characters", "Line 4 is left out: The answer is missing",
                 "Line 5 is left out: The same question is", "Line 6 is left out: A day is written"):  # fmt: skip
        assert part in text(look)
    await admin.submit(look)
    stored = await named(small, "Var parkerar jag?")
    assert (stored.alternates, stored.edition, str(stored.valid_until)) == (
        ("bilen", "parkering"),
        "våren 2027",
        "2027-12-31",
    )


@pytest.mark.parametrize(
    ("page", "reason"),
    [("bara text", "I find no questions"), ('Fråga;Svar\n"Var;aldrig slut', "Line 2"), ("x" * 3001, "room for")],
)
async def test_what_has_no_questions_comes_back(small: Town, page: str, reason: str) -> None:
    assert reason in text(await pasted(small.person("admin"), text=page))
    assert await small.count(faq_entries) == 6


# --- The test box -----------------------------------------------------------------------------------------------------


async def tried(person: Person, question: str, context: str = "*") -> str:
    form = (await person.press(curating.TRY)).view
    return text((await person.submit(form, {"tried": question, "context": context})).view)


async def test_the_test_box_shows_what_would_be_answered_and_keeps_nothing(small: Town) -> None:
    said = await tried(small.person("admin"), "Vad kostar kursen?")
    assert ("They get the first answer" in said, "%: sure enough to answer" in said) == (True, True)
    assert said.index("Vad kostar kursen?", 60) > 0
    assert await small.count(inquiries) == 0


async def test_the_test_box_says_that_there_is_no_answer(small: Town) -> None:
    assert "there is no answer yet" in await tried(small.person("admin"), "Blåbärspaj sjunger vackert")
    assert "not taken for a question" in await tried(small.person("admin"), "?!")


async def test_the_programme_of_whoever_asks_decides_between_equals(small: Town) -> None:
    same = FaqEntry("gast", words("Får jag ta med en gäst?"), words("Dialogens svar."))
    await small.load(replace(DIALOG, faq=(same,)), replace(FIKA, faq=(same,)))
    admin = small.person("admin")
    first = await tried(admin, "Får jag ta med en gäst?", SINGLE.id)
    other = await tried(admin, "Får jag ta med en gäst?", FREE.id)
    assert "First looked for in Dialog" in first
    assert "First looked for in Fika" in other
    assert "Looked for in all programmes" in await tried(admin, "Får jag ta med en gäst?")
    assert first.index("Dialog, våren 2027") > 0 > other.find("Dialog, våren 2027")


async def test_a_field_of_the_same_name_in_another_form_is_no_question_to_look_up(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []

    async def find(finder: Finder, inbound: Inbound, question: str, own: frozenset[str] | None = None) -> None:
        looked.append(question)

    monkeypatch.setattr(Finder, "find", find)
    admin = small.person("admin")
    for do in (faq.HUMAN, curating.TRY, curating.ADD):
        form = (await admin.press(do)).view
        await admin.submit(form, {"question": f"från {do}", "tried": f"prövad i {do}"})
    assert looked == [f"prövad i {curating.TRY}", f"från {curating.ADD}"]
