"""A mail that could not be sent yet: coordinators see why, and it goes when that is put right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.flows import buttons
from bot.flows.matters import DONE
from bot.ports import Trouble, Undeliverable
from storage.mails import Mails
from storage.matters import Matters
from tests.handlers.test_mailing import TO, Server, closed, open_matters, postman, state
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


CERTIFICATE = Undeliverable(Trouble.LATER, "certificate not trusted")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.word.word_file", lambda *_all: b"")  # written anew for every attempt


async def tried(town: Town, server: Server, *minutes: int) -> None:
    for pause in minutes:
        town.clock.move(minutes=pause)
        await postman(town, server).run()


async def test_within_an_hour_coordinators_hear_of_a_mail_that_does_not_go(town: Town) -> None:
    await closed(town)
    server = Server(troubles=[CERTIFICATE] * 20)
    await tried(town, server, 0, 1, 5)
    assert await open_matters(town) == []
    await tried(town, server, 15)
    (matter,) = await open_matters(town)
    assert "have not been mailed yet" in text(matter)
    assert "certificate not trusted" in text(matter)
    assert "https://bot.example.org/documents/" in text(matter)
    assert (await state(town))[0] == "waiting"


async def test_when_the_mail_goes_after_all_the_matter_is_closed(town: Town) -> None:
    await closed(town)
    server = Server(troubles=[CERTIFICATE] * 4)
    await tried(town, server, 0, 1, 5, 15)
    assert len(await open_matters(town)) == 1
    await tried(town, server, 60)
    assert (len(server.taken), await open_matters(town)) == (1, [])


async def test_it_is_one_matter_that_says_in_the_end_that_the_mail_is_given_up(town: Town) -> None:
    await closed(town)
    await tried(town, Server(troubles=[CERTIFICATE] * 20), 0, 1, 5, 15, 60, 120, 240, 480)
    (matter,) = await open_matters(town)
    assert "could not be mailed" in text(matter)
    assert "I keep trying" not in text(matter)


async def test_who_has_passed_the_documents_on_is_not_told_of_the_same_mail_again(town: Town) -> None:
    await closed(town)
    server = Server(troubles=[CERTIFICATE] * 20)
    await tried(town, server, 0, 1, 5, 15)
    (id,) = await town.read(lambda c: [one.id for one in Matters(c, town.clock.now()).open_ones()])
    await town.person("admin").press(DONE, id)
    await tried(town, server, 60, 120, 240, 480)
    assert (await open_matters(town), await state(town)) == ([], ("failed", 8))


async def test_a_mail_whose_sender_dies_again_and_again_is_told_of_too(town: Town) -> None:
    await closed(town)
    for _died in range(6):
        await town.work.run(lambda c: Mails(c, town.clock.now()).claim(timedelta(minutes=10)))
        town.clock.move(minutes=10)
    assert await open_matters(town) == []
    await postman(town, Server(troubles=[CERTIFICATE])).run()
    assert "have not been mailed yet" in text(*await open_matters(town))
