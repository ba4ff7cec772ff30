"""The form for group notes: what may be written in it, and what is asked about, held or kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.rounds import LONGEST_POST
from bot.flows import buttons
from bot.flows.note_taking import TAKE_OVER
from bot.flows.noting import ROOM
from bot.flows.prompts import CLOSE_ROUND
from bot.flows.rounds import CONFIRM_CLOSE
from bot.messages import Form
from storage.rounds import Rounds
from tests.fixtures.kinds import Kind
from tests.flows.samples import FREE
from tests.handlers.prepared import prepared
from tests.handlers.town import Town, text
from tests.handlers.workshop import (
    MODEL,
    ROUND,
    close,
    draft,
    group,
    labels,
    open_round,
    pair,
    press_on,
    texts,
    write,
)


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    """On SQLite alone: for what has nothing to do with the database."""
    async with prepared(sqlite, MODEL, FREE) as opened:
        yield opened


async def test_an_empty_form_comes_back(small: Town) -> None:
    ann, _bo, _its = await pair(small)
    form = (await ann.press("note", ROUND)).view
    again = (await ann.submit(form, {"texts.bidra": " \n - \n"})).view
    assert isinstance(again, Form)
    assert "Write at least one line" in text(again)


async def test_lines_that_are_too_long_are_named_in_every_field_at_once(small: Town) -> None:
    ann, _bo, _its = await pair(small)
    form = (await ann.press("note", ROUND)).view
    again = (await ann.submit(form, {"texts.bidra": "x" * 1001, "texts.stod": "Kort\n" + "y" * 1002})).view
    assert isinstance(again, Form)
    assert set(again.errors) == {"texts.bidra", "texts.stod"}


async def test_a_line_that_is_too_long_is_named_and_nothing_is_lost(small: Town) -> None:
    ann, _bo, _its = await pair(small)
    form = (await ann.press("note", ROUND)).view
    typed = {"texts.bidra": "Kort", "texts.stod": "x" * (LONGEST_POST + 1)}
    again = (await ann.submit(form, typed)).view
    assert isinstance(again, Form)
    assert "This line has 1,001 characters" in text(again)
    assert {name: again.values[name] for name in typed} == typed
    assert await texts(small) == []


@pytest.mark.parametrize("chars", [LONGEST_POST - 1, LONGEST_POST])
async def test_a_post_may_be_a_thousand_characters(small: Town, chars: int) -> None:
    ann, _bo, _its = await pair(small)
    await write(ann, {"bidra": "å" * chars})
    assert await texts(small) == ["å" * chars]


async def test_a_draft_longer_than_the_form_comes_in_parts_and_none_is_lost(small: Town) -> None:
    ann, _bo, its = await pair(small)
    lines = [f"{n:03} " + "x" * 90 for n in range(70)]
    await small.work.run(lambda c: Rounds(c, small.clock.now()).keep_draft(ROUND, its, {"bidra": "\n".join(lines)}))
    for _ in range(3):
        form = (await ann.press("note", ROUND)).view
        assert isinstance(form, Form)
        assert len(str(form.values["texts.bidra"])) <= ROOM
        await ann.submit(form)
    assert await texts(small) == lines
    assert await draft(small, its) == {}


async def test_a_question_is_asked_of_marked_organisations_only(small: Town) -> None:
    only = replace(MODEL.question_sets[0].questions[0], id="plan", organisations=("mentor",))
    asked = replace(MODEL.question_sets[0], questions=(MODEL.question_sets[0].questions[0], only))
    await small.load(replace(MODEL, marks={"mentor": ("SE-1281",)}))
    await open_round(small, asked=asked)
    ann, bo = small.person("ann"), small.person("bo")
    await group(small, "chefer", "Lund", ann, organisation_key="SE-1281")
    await group(small, "chefer", "Habo", bo, organisation_key="SE-1643")
    counts = []
    for person in (ann, bo):
        form = (await person.press("note", ROUND)).view
        assert isinstance(form, Form)
        counts.append(sum(field.kind == "text" for field in form.fields))
    assert counts == [2, 1]


async def test_N3b_whoever_closes_the_window_when_asked_about_a_name_finds_every_line_again_and_sends_it_once(
    small: Town,
) -> None:
    ann, bo, its = await pair(small)
    lines = "Ring Bo på 070-123 45 67\nKunskap"
    asked = (await ann.submit((await ann.press("note", ROUND)).view, {"texts.bidra": lines})).view
    assert "Could this point to somebody?" in text(asked)
    again = (await ann.press("note", ROUND)).view
    assert isinstance(again, Form)
    assert again.values["texts.bidra"] == lines
    await bo.press(TAKE_OVER, f"{ROUND} {its}")
    refused = text((await ann.submit(asked, {"texts.bidra": "Kunskap\nMer"})).view)
    assert "Not put up, but kept" in refused
    assert await draft(small, its) == {"bidra": "Kunskap\nMer"}
    form = (await bo.press("note", ROUND)).view
    await bo.submit(form)
    assert (await texts(small), await draft(small, its)) == (["Kunskap", "Mer"], {})


async def test_N3b_a_name_that_is_sent_as_it_is_leaves_no_draft_and_what_others_wrote_meanwhile_stays(
    small: Town,
) -> None:
    ann, _bo, its = await pair(small)
    asked = (await ann.submit((await ann.press("note", ROUND)).view, {"texts.bidra": "Ring Bo på 070-123 45 67"})).view
    kept = {"bidra": "Ring Bo på 070-123 45 67\nFrån telefonen"}
    await small.work.run(lambda c: Rounds(c, small.clock.now()).keep_draft(ROUND, its, kept))
    await ann.submit(asked)
    assert await draft(small, its) == {"bidra": "Från telefonen"}


async def test_N1_before_a_round_closes_it_is_said_whose_draft_is_not_put_up_and_after_it_the_draft_can_be_read(
    small: Town,
) -> None:
    ann, bo, _its = await pair(small)
    admin = small.person("admin")
    await admin.open_home()
    form = (await ann.press("note", ROUND)).view
    await ann.submit(form, {"texts.bidra": "Halvfärdigt", "later": ("draft",)})
    assert "a draft that is not put up" in text((await admin.press(buttons.ROUND, ROUND)).view)
    assert "Has a draft that is not put up: Strateger A" in text((await admin.press(CLOSE_ROUND, ROUND)).view)
    await admin.press(CONFIRM_CLOSE, ROUND)
    assert "draft was not put up before that" in (await ann.received())[-1]
    assert "Has a draft that is not put up: Strateger A" in (await admin.received())[-1]
    for person in (ann, bo):
        assert "rent konkret?\n  Halvfärdigt" in text((await person.press("note", ROUND)).view)
    other = small.person("other")
    await group(small, "chefer", "Chefer", other)
    assert "Halvfärdigt" not in text((await other.press("note", ROUND)).view)


async def test_an_old_card_leads_to_what_is_open_now(small: Town) -> None:
    ann, _bo, _its = await pair(small)
    await close(small)
    assert "See the questions" not in labels(await ann.press("note", ROUND))
    await open_round(small, "second")
    shown = await ann.press("note", ROUND)
    assert "This round is closed" in text(shown.view)
    assert "Open to you now" in text((await press_on(ann, shown, "See the questions")).view)


async def test_N3b_what_may_name_somebody_is_asked_about_once_and_then_held(small: Town) -> None:
    ann, _bo, _its = await pair(small)
    form = (await ann.press("note", ROUND)).view
    asked = await ann.submit(form, {"texts.bidra": "Ring Bo på 070-123 45 67\nKunskap"})
    assert isinstance(asked.view, Form)
    assert "Could this point to somebody?" in text(asked.view)
    assert "070-123 45 67" in text(asked.view)
    assert await texts(small) == []
    reply = await ann.submit(asked.view)
    assert await texts(small) == ["Kunskap"]
    assert "1 post waits until a coordinator has looked" in text(reply.view)


async def test_what_was_changed_when_asked_is_shown_at_once(small: Town) -> None:
    ann, _bo, _its = await pair(small)
    form = (await ann.press("note", ROUND)).view
    asked = await ann.submit(form, {"texts.bidra": "Ring 070-123 45 67"})
    await ann.submit(asked.view, {"texts.bidra": "Ring oss"})
    assert await texts(small) == ["Ring oss"]


async def test_in_a_moderated_round_all_of_it_waits(small: Town) -> None:
    await open_round(small, moderated=True)
    ann = small.person("ann")
    await group(small, "chefer", "Chefer", ann)
    reply = await write(ann, {"bidra": "Kunskap"})
    assert "a coordinator looks at it first" in text(reply.view)
    assert await texts(small) == []
