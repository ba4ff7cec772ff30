"""Curating questions and answers in chat: taking out of use, what was before, and who may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language, Role
from bot.domain.words import Localised
from bot.flows import curating
from bot.messages import Notice
from storage.faq import Entries
from storage.people import People
from storage.tables import faq_entries
from tests.flows.samples import NOW, words
from tests.handlers import curating_town
from tests.handlers.curating_town import (
    AVGIFT,
    EVERYBODYS,
    FAQ,
    click,
    coordinator,
    entry,
    preview,
    shown,
    written,
)
from tests.handlers.town import Town, buttons, text

town, small = curating_town.on_both, curating_town.on_sqlite


# --- Retiring, and what was -------------------------------------------------------------------------------------------


async def test_an_answer_is_taken_out_of_use_and_back(town: Town) -> None:
    admin, anna = town.person("admin"), town.person("anna")
    await admin.press(curating.RETIRE, AVGIFT)
    gone = await admin.press(curating.RETIRE, AVGIFT)
    assert "Vad kostar kursen?" not in await shown(anna)
    assert "1 200" not in text((await anna.say("Vad kostar kursen?")).view)
    assert "Vad kostar kursen?" in await shown(admin, curating.FAQ, ":retired:0")
    back = await click(admin, gone.view, "Undo")
    assert "In use again" in text(back.view)
    assert "Vad kostar kursen?" in await shown(anna)
    assert (await entry(town)).version == 3


async def test_the_history_says_who_changed_what_and_when(small: Town) -> None:
    lo = await coordinator(small, "lo")
    small.clock.move(days=1)
    await written(lo, curating.EDIT, AVGIFT, answer="Inget.")
    said = await shown(small.person("admin"), curating.HISTORY, AVGIFT)
    for part in ("Changed: Tuesday 12 January 2027", "By Lo", "before: 1 200 kronor", "now: Inget.", "First written",
                 "By the programme’s file"):  # fmt: skip
        assert part in said
    assert "Lo" not in await shown(small.person("anna"), curating.SHOW, AVGIFT)


async def test_the_history_of_much_is_shown_page_by_page(small: Town) -> None:
    admin = small.person("admin")
    for n in range(5):
        await written(admin, curating.EDIT, AVGIFT, answer=f"Svar {n}.")
    first = (await admin.press(curating.HISTORY, AVGIFT)).view
    assert "First written" not in text(first)
    assert "First written" in text((await click(admin, first, "Show more")).view)


async def test_an_earlier_version_holds_again_and_that_can_be_undone(town: Town) -> None:
    admin = town.person("admin")
    await written(admin, curating.EDIT, AVGIFT, answer="Inget.")
    await written(admin, curating.EDIT, AVGIFT, question="Avgiften?")
    await admin.press(curating.REVERT, f"{AVGIFT} 1 3")
    back = await admin.press(curating.REVERT, f"{AVGIFT} 1 3")
    now = await entry(town)
    assert (now.question, now.answer, now.version) == (FAQ[0].question, FAQ[0].answer, 4)
    assert "Saved" in text(back.view)
    await admin.press(curating.REVERT, f"{AVGIFT} 3 4")
    assert (await entry(town)).question == words("Avgiften?")


async def test_nobody_goes_back_past_a_change_they_have_not_seen(small: Town) -> None:
    admin = small.person("admin")
    for n in range(2):
        await written(admin, curating.EDIT, AVGIFT, answer=f"Svar {n}.")
    assert "changed it meanwhile" in await shown(admin, curating.REVERT, f"{AVGIFT} 1 2")
    for odd in (f"{AVGIFT} 9 3", AVGIFT, "", "x 1 2"):
        assert "no longer here" in await shown(admin, curating.REVERT, odd)
    assert (await entry(small)).version == 3


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "do", [curating.ADD, curating.EDIT, curating.RETIRE, curating.HISTORY, curating.PASTE, curating.TRY]
)
async def test_only_coordinators_change_answers(small: Town, do: str) -> None:
    before = await small.contents(faq_entries)
    assert "Only coordinators" in await shown(small.person("anna"), do, AVGIFT)
    assert await small.contents(faq_entries) == before


async def test_a_form_that_lies_open_is_no_way_around_that(small: Town) -> None:
    lo = await coordinator(small, "lo")
    look = await preview(lo, answer="Inget.")
    await small.work.run(lambda c: People(c, NOW).appoint(str(People(c, NOW).present(lo.actor)), Role.PARTICIPANT))
    assert "Only coordinators" in text((await lo.submit(look)).view)
    assert (await entry(small)).version == 1


async def test_what_is_no_longer_used_is_for_coordinators(small: Town) -> None:
    assert "Only coordinators" in await shown(small.person("anna"), curating.FAQ, ":retired:0")


@pytest.mark.parametrize("do", [curating.ADD, curating.EDIT, curating.ADD_LANGUAGE, curating.PASTE, curating.TRY])
async def test_where_no_form_can_be_opened_there_is_its_button(small: Town, do: str) -> None:
    about = AVGIFT if do in (curating.EDIT, curating.ADD_LANGUAGE) else ""
    reply = await small.person("admin").press(do, about, opens_forms=False)
    assert any(button.opens_form for button in buttons(reply.view or Notice("")))


async def test_the_list_is_in_the_readers_language(small: Town) -> None:
    anna = small.person("anna")
    await small.work.run(
        lambda c: Entries(c, NOW).edit(replace(EVERYBODYS, question=Localised({"sv": "Vem?", "en": "Who?"})))
    )
    assert "Who?" in await shown(anna)
    assert anna.profile.language is Language.ENGLISH


async def test_a_coordinator_sees_how_it_has_gone_for_those_who_asked(small: Town) -> None:
    admin, anna = small.person("admin"), small.person("anna")
    await anna.say("säljer ni hundkex?")
    assert "1 question in the last 30 days: 0 answered" in text((await admin.say("faq")).view)
    assert "in the last 30 days" not in text((await anna.say("faq")).view)
