"""Links of materials: given in chat, and put right when they do not work."""

from __future__ import annotations

from dataclasses import replace

from bot.flows import materials as words_of
from bot.messages import Card
from storage.tables import awaited
from storage.tables import matters as matter_rows
from tests.flows.samples import FREE
from tests.handlers import material_town
from tests.handlers.material_town import (
    LINK,
    PROGRAMME,
    SECRET,
    SLIDES,
    give,
    shown,
    tidied,
    told,
    with_material,
)
from tests.handlers.test_matters import appointed
from tests.handlers.town import Town, at_once, buttons, second_process, text

here, small = material_town.on_both, material_town.on_sqlite


# --- A coordinator gives it a link ------------------------------------------------------------------------------------


async def test_P6a_a_coordinator_adds_the_link_in_chat_and_those_who_wait_are_told(here: Town) -> None:
    anna, admin = here.person("anna"), here.person("admin")
    await anna.press(words_of.AWAIT, SLIDES)
    assert "Add the link" in [text(Card(b.label)) for b in buttons(shown(await admin.say("materials")))]
    assert "1 person who waits for it is told." in await give(admin, published="2027-01-10")
    await tidied(here)
    (message,) = await told(anna)
    assert "Slides, published Sunday 10 January 2027" in message
    assert LINK in message


async def test_only_coordinators_change_links_also_through_a_form_that_lies_open(small: Town) -> None:
    anna, karin = small.person("anna"), await appointed(small, "karin")
    assert "Only coordinators" in text((await anna.press(words_of.SET_LINK, SLIDES)).view)
    form = (await karin.press(words_of.SET_LINK, SLIDES)).view
    await small.work.run(lambda c: c.exec_driver_sql("UPDATE people SET role = 'participant'"))
    assert "Only coordinators" in text((await karin.submit(form, {"url": LINK})).view)
    assert LINK not in repr(await anna.say("materials"))


async def test_of_two_coordinators_at_once_both_see_what_stands(here: Town) -> None:
    admin, karin = here.person("admin"), await appointed(here, "karin")
    forms = [(await one.press(words_of.SET_LINK, SLIDES)).view for one in (admin, karin)]
    async with second_process(here) as other:
        karin.reception = other
        mine, hers = {"url": f"{LINK}?admin"}, {"url": f"{LINK}?karin"}
        both = await at_once(admin.submit(forms[0], mine), karin.submit(forms[1], hers))
    saved = [text(one.view).startswith("Saved") for one in both]
    assert sorted(saved) == [False, True]
    assert "Somebody else has" in text(both[saved.index(False)].view)


async def test_where_no_form_opens_at_once_there_is_its_button(small: Town) -> None:
    reply = await small.person("admin").press(words_of.SET_LINK, SLIDES, opens_forms=False)
    assert [str(button.action) for button in buttons(shown(reply))] == [f"material_link {SLIDES}"]


# --- A link that does not work ----------------------------------------------------------------------------------------

FILM = f"{FREE.id} film"


async def open_matters(town: Town) -> int:
    return await town.count(matter_rows, matter_rows.c.closed_at.is_(None), matter_rows.c.kind == "dead_link")


async def test_P6b_however_many_tell_of_it_there_is_one_matter_and_it_closes_when_the_link_changes(here: Town) -> None:
    anna, bo, admin = here.person("anna", "slack"), here.person("bo"), here.person("admin")
    await admin.open_home()
    for person in (anna, bo, anna):
        assert "Thank you!" in text((await person.press(words_of.DEAD_LINK, FILM)).view)
    assert await open_matters(here) == 1
    await tidied(here)
    (matter,) = await told(admin, "A link does not work: Inspelning")
    assert await told(anna, "link") == []
    change = await admin.button("Change the link")
    assert "Saved" in await give(admin, "https://example.org/film2", change.about)
    assert await open_matters(here) == 0
    for _ in range(2):
        await tidied(here)
    for person in (anna, bo):
        (message,) = await told(person, "Please try the link again")
        assert "https://example.org/film2" in message
    assert matter
    assert await here.count(awaited) == 0


async def test_P6b_two_who_tell_of_it_at_once_are_one_matter_and_two_who_are_told(here: Town) -> None:
    anna, bo = here.person("anna"), here.person("bo")
    await anna.open_home()
    await bo.open_home()
    async with second_process(here) as other:
        bo.reception = other
        both = await at_once(anna.press(words_of.DEAD_LINK, FILM), bo.press(words_of.DEAD_LINK, FILM))
    assert all("Thank you!" in text(one.view) for one in both)
    assert (await open_matters(here), await here.count(awaited)) == (1, 2)


async def test_P6b_a_new_link_in_the_file_closes_it_too(here: Town) -> None:
    anna = here.person("anna")
    await anna.press(words_of.DEAD_LINK, FILM)
    await here.load(with_material(PROGRAMME, "film", url="https://example.org/film2"))
    await tidied(here)
    assert await open_matters(here) == 0
    assert len(await told(anna, "Please try the link again")) == 1


async def test_P6b_done_without_another_link_lets_them_try_again_and_the_next_report_is_new(small: Town) -> None:
    anna, admin = small.person("anna"), small.person("admin")
    await admin.open_home()
    for number in (1, 2):
        await anna.press(words_of.DEAD_LINK, FILM)
        await tidied(small)
        assert len(await told(anna, "Please try the link again")) == number - 1
        await admin.click("Done")
        small.clock.move(minutes=1)
        await tidied(small)
        assert len(await told(anna, "Please try the link again")) == number


async def test_P6b_who_may_not_see_a_link_cannot_tell_of_it(small: Town) -> None:
    reply = await small.person("erik").press(words_of.DEAD_LINK, f"{FREE.id} protokoll")
    assert "for those who are registered" in text(reply.view)
    assert SECRET not in repr(reply)
    assert await open_matters(small) == 0


async def test_P6b_the_matter_shows_the_address_only_behind_a_button(small: Town) -> None:
    admin = small.person("admin")
    await admin.open_home()
    await small.person("anna").press(words_of.DEAD_LINK, FILM)
    await tidied(small)
    (message,) = [one.view for one in small.messages(admin) if "A link does not work" in one.text]
    assert isinstance(message, Card)
    assert [b.url for b in buttons(message) if b.url] == ["https://example.org/film"]
    assert "film" not in repr(replace(message, items=tuple(replace(one, buttons=()) for one in message.items)))
