from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.keys import link_token
from bot.texts import Translators
from bot.web.ground import Ground
from bot.web.headers import guarded
from bot.web.my_data import MyDataFile
from config.catalogues import FOLDER
from storage.links import Kind, Links
from tests.flows.samples import FREE, SINGLE
from tests.handlers.town import Town

KEY = b"k" * 32
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(town: Town) -> AsyncIterator[Client]:
    app = web.Application(middlewares=[guarded])
    MyDataFile(Ground(town.work, town.surroundings, KEY, Translators(FOLDER), town.clock)).routes(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def link_of(town: Town, kind: Kind = Kind.MY_DATA) -> str:
    """The path of a link to what is stored of somebody who has just written."""
    await town.person("zebedea").say("my data")
    me = await town.read(lambda c: c.exec_driver_sql("SELECT id FROM people").scalar_one())
    id = await town.read(lambda c: Links(c, town.clock.now()).give_out(kind, me, lasts=timedelta(hours=1)))
    return f"/mydata/{id}-{link_token(KEY, id)}"


async def test_the_file_holds_what_is_stored_and_is_kept_by_nobody(town: Town, client: Client) -> None:
    answer = await client.get(await link_of(town))
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert json.loads(await answer.text())["people"][0]["name"] == "Zebedea"


async def test_messages_are_in_it_as_they_were_read_and_forms_with_what_was_typed(town: Town, client: Client) -> None:
    zebedea = town.person("zebedea")
    await zebedea.open_home()
    await zebedea.register(FREE.id, needs="Hearing loop")
    await zebedea.up_to_confirm(SINGLE.id, needs="Ramp")
    stored = json.loads(await (await client.get(await link_of(town))).text())
    receipt = next(one["view"] for one in stored["outbox"] if one["key"].startswith("receipt:"))
    assert receipt.startswith("You are registered: Fika\n")
    assert "Access needs: Hearing loop" in receipt
    assert [one["state"]["needs"] for one in stored["runs"] if one["state"]] == ["Ramp"]


@pytest.mark.parametrize("wrong", ["token", "kind", "late", "erased"])
async def test_every_link_that_does_not_open_gets_the_same_answer(town: Town, client: Client, wrong: str) -> None:
    link = await link_of(town, Kind.BOARD if wrong == "kind" else Kind.MY_DATA)
    if wrong == "late":
        town.clock.move(hours=1)
    if wrong == "erased":
        await town.person("zebedea").press("erase_me_now")
    answer = await client.get(link[:-1] + ("A" if link[-1] != "A" else "B") if wrong == "token" else link)
    assert (answer.status, await answer.text()) == (404, "404: Not Found")
