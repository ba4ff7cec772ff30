"""The same event again: the same answer, although of a form only its token is kept."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.messages import Form
from storage.tables import deliveries
from tests.flows.samples import SINGLE
from tests.handlers.town import Town, text


async def kept(town: Town, delivery: str) -> str:
    """What is stored of the answer."""

    def read(connection: Connection) -> str:
        wanted = select(deliveries.c.reply).where(deliveries.c.delivery == delivery)
        found: str = connection.execute(wanted).scalar_one()
        return found

    return await town.read(read)


async def test_of_a_form_only_the_token_is_kept(town: Town) -> None:
    anna = town.person("anna")
    first = await anna.press("register", SINGLE.id, delivery="D1")
    assert isinstance(first.view, Form)
    assert await kept(town, "D1") == first.view.token
    assert await anna.press("register", SINGLE.id, delivery="D1") == first


async def test_a_refused_form_comes_again_with_what_was_wrong(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", SINGLE.id)).view
    refused = await anna.submit(form, {"occasions": ()}, delivery="D1")
    assert isinstance(refused.view, Form)
    assert refused.view.errors
    assert await anna.submit(form, {"occasions": ()}, delivery="D1") == refused


async def test_a_form_that_was_gone_on_with_comes_again_as_such(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", SINGLE.id)).view
    await anna.submit(form, {"occasions": ("a",), "prerequisite": "yes"})
    resumed = await anna.press("register", SINGLE.id, delivery="D1")
    assert await anna.press("register", SINGLE.id, delivery="D1") == resumed


async def test_a_form_that_has_been_answered_since_is_not_shown_again(town: Town) -> None:
    anna = town.person("anna")
    first = await anna.press("register", SINGLE.id, delivery="D1")
    second = await anna.submit(first.view, {"occasions": ("a",), "prerequisite": "yes"})
    again = await anna.press("register", SINGLE.id, delivery="D1")
    assert isinstance(again.view, Form)
    assert isinstance(second.view, Form)
    assert (again.view.token, bool(again.view.refusal)) == (second.view.token, True)


async def test_after_the_end_an_early_event_again_says_that_it_is_finished(town: Town) -> None:
    anna = town.person("anna")
    await anna.press("register", SINGLE.id, delivery="D1")
    await anna.register(occasions=("a",))
    again = await anna.press("register", SINGLE.id, delivery="D1")
    assert not isinstance(again.view, Form)
    assert text(again.view)
    assert await town.states() == ["confirmed"]
