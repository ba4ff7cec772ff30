"""Materials that coordinators add in chat: shown, waited for, kept when the programme's file is loaded, and removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.materials import decided_in_chat, from_occasion
from bot.domain.programmes import Material, Programme
from bot.flows import materials as words_of
from bot.handlers.events import Reply
from bot.messages import Form
from storage import programmes
from tests.flows.samples import FREE, words
from tests.handlers import material_town
from tests.handlers.material_town import LINK, MEETING, PROGRAMME, SECRET, SLIDES, give, tidied, told, with_material
from tests.handlers.test_matters import appointed
from tests.handlers.town import Person, Town, at_once, buttons, second_process, text

here, small = material_town.on_both, material_town.on_sqlite
REPORT = {"title": "Rapport", "kind": "reading", "url": "https://example.org/rapport"}
ADDED = f"{FREE.id} rapport"


async def preview(person: Person, **answers: Any) -> Form:
    """Fill in the form up to where it is looked through."""
    shown = (await person.press(words_of.NEW)).view
    while isinstance(shown, Form) and "This is how it will look" not in text(shown):
        shown = (await person.submit(shown, {"members": "no", **REPORT, **answers})).view
        assert not isinstance(shown, Form) or not shown.errors, text(shown)
    assert isinstance(shown, Form), text(shown)
    return shown


async def add(person: Person, **answers: Any) -> Reply:
    return await person.submit(await preview(person, **answers))


async def file(town: Town, programme: Programme) -> Programme:
    """Load the programme's file."""

    def load(connection: Connection) -> Programme:
        return programmes.load_file(connection, programme, town.clock.now()).programme

    return await town.work.run(load)


async def links(town: Town) -> dict[str, str]:
    found = await town.read(lambda c: programmes.Catalogue().read(c)[FREE.id])
    return {one.id: one.url for one in found.materials}


# --- Adding -----------------------------------------------------------------------------------------------------------


async def test_P6a_a_material_is_added_and_those_who_wait_for_the_meeting_are_told(here: Town) -> None:
    anna, admin = here.person("anna"), here.person("admin")
    await here.load(replace(PROGRAMME, materials=()))
    await anna.press(words_of.AWAIT, f"{FREE.id} {from_occasion(MEETING.id)}")
    form = await preview(admin, occasion=MEETING.id)
    for part in ("Rapport", REPORT["url"], "1 person who waits for it is told."):
        assert part in text(form)
    assert "Saved: Rapport" in text((await admin.submit(form)).view)
    await tidied(here)
    (message,) = await told(anna)
    assert REPORT["url"] in message


async def test_what_is_to_come_can_be_waited_for_and_gets_its_link_later(small: Town) -> None:
    anna, admin = small.person("anna"), small.person("admin")
    assert "can be told when the link is here" in text(await preview(admin, url="", published="2027-05-20"))
    await add(admin, url="", published="2027-05-20")
    assert "Reading: to come Thursday 20 May 2027" in text((await anna.say("materials")).view)
    await anna.press(words_of.AWAIT, ADDED)
    await give(admin, REPORT["url"], ADDED, kind="reading")
    await tidied(small)
    (message,) = await told(anna)
    assert REPORT["url"] in message


async def test_P6c_what_is_for_members_is_for_them_alone(small: Town) -> None:
    anna, bo = small.person("anna"), small.person("bo")
    await bo.register(FREE.id)
    await add(small.person("admin"), members="yes")
    seen = [REPORT["url"] in repr(await one.say("materials")) for one in (anna, bo)]
    assert seen == [False, True]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"url": "example.org"}, "begins with https://"),
        ({"published": "i fjol"}, "write the day"),
        ({"title": "Protokoll"}, "a material with this title already"),
        ({"title": "x" * 76}, "75"),
    ],
)
async def test_what_cannot_be_added_comes_back_with_the_reason(
    small: Town, answers: dict[str, str], reason: str
) -> None:
    form = (await small.person("admin").press(words_of.NEW)).view
    again = (await small.person("admin").submit(form, {"members": "no", **REPORT, **answers})).view
    assert isinstance(again, Form)
    assert reason in text(again)


async def test_of_two_who_add_the_same_at_once_one_does(here: Town) -> None:
    admin, karin = here.person("admin"), await appointed(here, "karin")
    forms = [await preview(one) for one in (admin, karin)]
    async with second_process(here) as other:
        karin.reception = other
        both = await at_once(admin.submit(forms[0]), karin.submit(forms[1]))
    assert sorted("Saved" in text(one.view) for one in both) == [False, True]
    assert list(await links(here)).count("rapport") == 1


async def test_only_coordinators_add_also_through_a_form_that_lies_open(small: Town) -> None:
    anna, karin = small.person("anna"), await appointed(small, "karin")
    assert words_of.NEW not in repr((await anna.say("materials")).view)
    assert words_of.NEW in repr((await karin.say("materials")).view)  # positive control
    form = await preview(karin)
    await small.work.run(lambda c: c.exec_driver_sql("UPDATE people SET role = 'participant'"))
    assert "Only coordinators" in text((await karin.submit(form)).view)
    assert "rapport" not in await links(small)


async def test_where_no_form_opens_at_once_there_is_its_button(small: Town) -> None:
    reply = await small.person("admin").press(words_of.NEW, FREE.id, opens_forms=False)
    assert reply.view is not None
    assert words_of.NEW in [one.action.do for one in buttons(reply.view) if one.action is not None]


# --- Removing ---------------------------------------------------------------------------------------------------------


async def test_what_was_added_is_removed_after_a_question(small: Town) -> None:
    admin = small.person("admin")
    await add(admin)
    assert "Remove this material?" in text((await admin.press(words_of.REMOVE, ADDED)).view)
    assert "rapport" in await links(small)
    assert "Removed: Rapport" in text((await admin.press(words_of.CONFIRM_REMOVE, ADDED)).view)
    assert "no longer here" in text((await admin.press(words_of.CONFIRM_REMOVE, ADDED)).view)
    assert "rapport" not in await links(small)


async def test_what_the_file_has_is_not_removed_in_chat(small: Town) -> None:
    reply = await small.person("admin").press(words_of.CONFIRM_REMOVE, SLIDES)
    assert "is in the programme’s file" in text(reply.view)
    assert "bilder" in await links(small)


# --- When the file is loaded again ------------------------------------------------------------------------------------


async def test_what_was_added_in_chat_stays_when_the_file_is_loaded(here: Town) -> None:
    await add(here.person("admin"))
    loaded = await file(here, PROGRAMME)
    assert [one.id for one in decided_in_chat(loaded)] == ["rapport"]
    assert (await links(here))["rapport"] == REPORT["url"]


async def test_control_a_load_that_knows_nothing_of_the_chat_loses_it(small: Town) -> None:
    await add(small.person("admin"))
    await small.load(PROGRAMME)
    assert "rapport" not in await links(small)


async def test_a_link_given_in_chat_stays_until_the_file_gives_one(small: Town) -> None:
    await give(small.person("admin"))
    await file(small, PROGRAMME)
    assert (await links(small))["bilder"] == LINK
    loaded = await file(small, with_material(PROGRAMME, "bilder", url="https://example.org/filens"))
    assert ((await links(small))["bilder"], decided_in_chat(loaded)) == ("https://example.org/filens", ())


async def test_a_link_changed_in_chat_stays_while_the_file_says_what_it_said(small: Town) -> None:
    for url in (LINK, f"{LINK}?2"):
        await give(small.person("admin"), url, f"{FREE.id} protokoll")
    await file(small, with_material(PROGRAMME, "protokoll", title=words("Protokollet")))
    assert (await links(small))["protokoll"] == f"{LINK}?2"
    await file(small, with_material(PROGRAMME, "protokoll", url=f"{SECRET}/nytt"))
    assert (await links(small))["protokoll"] == f"{SECRET}/nytt"


async def test_once_the_file_has_it_too_it_is_the_file_s_and_its_link_the_chat_s_until_the_file_gives_one(
    small: Town,
) -> None:
    await add(small.person("admin"))
    written = Material(words("Rapporten"), "guide", id="rapport")
    await file(small, replace(PROGRAMME, materials=(*PROGRAMME.materials, written)))
    assert (await links(small))["rapport"] == REPORT["url"]
    await file(small, PROGRAMME)
    assert "rapport" not in await links(small)
