"""A mail that could not be sent yet: coordinators see why, and it goes when that is put right."""

from __future__ import annotations

from bot.flows import buttons
from bot.ports import Trouble, Undeliverable
from tests.handlers.test_mailing import TO, Server, closed, postman, state
from tests.handlers.town import Town, text
from tests.handlers.workshop import ROUND


async def test_what_could_not_be_sent_yet_says_why_and_goes_when_that_is_put_right(town: Town) -> None:
    await closed(town)
    server = Server(troubles=[Undeliverable(Trouble.LATER, "certificate not trusted")])
    await postman(town, server).run()
    said = text((await town.person("admin").press(buttons.DOCUMENTS, ROUND)).view)
    assert f"Not sent to {TO} yet, I keep trying (certificate not trusted)" in said
    town.clock.move(minutes=1)
    await postman(town, server).run()
    assert (len(server.taken), (await state(town))[0]) == (1, "sent")
