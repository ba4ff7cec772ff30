"""A round's documents: mailed once when it closes, tried again, given up aloud, and handed out in chat."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from sqlalchemy import Connection, select

from bot.documents.tables import csv_file, excel_file
from bot.documents.word import word_file
from bot.domain.board import Standing
from bot.domain.people import Language
from bot.domain.plans import PlanRow
from bot.domain.rounds import Mode, Round
from bot.flows import buttons
from bot.flows.documents import NEW_LINK
from bot.handlers import mailing, shelf
from bot.handlers.mailing import Postman
from bot.handlers.visit import Visit
from bot.messages import Card
from bot.ports import Mail, Trouble, Undeliverable
from bot.texts import Translators
from config.catalogues import FOLDER
from storage.answers import Answers, NewAnswer
from storage.links import Kind, Links
from storage.mails import Mails
from storage.matters import Matters
from storage.plans import Plans
from storage.tables import mails
from storage.unit_of_work import unit_of_work
from tests.flows.samples import HABO, LUND
from tests.handlers import urn_scenes
from tests.handlers.town import Town, text
from tests.handlers.workshop import MODEL, ROUND, close, group, open_round

TO = "diariet@example.se"


@dataclass
class Server:
    """A mail server that keeps what it is sent, and fails as told."""

    taken: list[Mail] = field(default_factory=list)
    troubles: list[Undeliverable] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append(mail)


def postman(town: Town, server: Server | None, *, work: Any = None) -> Postman:
    return Postman(work or town.work, town.clock, town.surroundings, Translators(FOLDER), server)


def visit(town: Town, connection: Connection) -> Visit:
    return Visit(connection, town.clock.now(), town.surroundings)


async def closed(town: Town, **changes: Any) -> Round:
    """A round that has closed, with what the strategists of Lund wrote; those of Habo wrote nothing."""
    await town.load(MODEL)
    opened = await open_round(town, mail_to=TO, **changes)
    lund = await group(town, "strateger", "Lund", organisation_key=LUND.key)
    await group(town, "chefer", "Habo", organisation_key=HABO.key)
    new = NewAnswer("strateger", "bidra", "Mandat", lund if opened.mode is Mode.NOTES else "")
    await town.work.run(lambda c: Answers(c, town.clock.now()).add(ROUND, [new]))
    await close(town)
    await enqueue(town, opened)
    return opened


async def enqueue(town: Town, opened: Round) -> None:
    await town.work.run(lambda c: mailing.mail_round(visit(town, c), opened))


async def open_matters(town: Town) -> list[Card]:
    return await town.read(lambda c: [one.view for one in Matters(c, town.clock.now()).open_ones()])


async def state(town: Town) -> tuple[str, int]:
    return await town.read(lambda c: tuple(c.execute(select(mails.c.state, mails.c.attempts)).one()))


async def read(town: Town) -> shelf.Shelf:
    def found(connection: Connection) -> shelf.Shelf | None:
        one = visit(town, connection)
        return shelf.read(connection, one.now, one.programmes, one.surroundings.directory, ROUND)

    held = await town.read(found)
    assert held is not None
    return held


# --- The mail ---------------------------------------------------------------------------------------------------------


async def test_C6_the_documents_of_a_closed_round_are_mailed_to_the_programmes_address(town: Town) -> None:
    await closed(town)
    server = Server()
    await postman(town, server).run()
    (mail,) = server.taken
    assert (mail.recipient, mail.subject) == (TO, "Uppstartskonferensen: dokument från Modellkonceptet")
    assert [one.name for one in mail.attachments] == [
        "Uppstartskonferensen-2027-01-11.docx", "Uppstartskonferensen-2027-01-11.xlsx"
    ]  # fmt: skip
    assert "Mandat" in [p.text for p in Document(BytesIO(mail.attachments[0].content)).paragraphs]
    assert (await state(town))[0] == "sent"


async def test_C6b_the_letter_names_groups_and_organisations_that_are_missing_and_no_person(small_town: Town) -> None:
    await closed(small_town)
    row = PlanRow("p1", MODEL.id, LUND.key, LUND.name, "Börja", "Anna")
    await small_town.work.run(lambda c: Plans(c, small_town.clock.now()).keep(row))
    server = Server()
    await postman(small_town, server).run()
    (mail,) = server.taken
    assert "På tavlan finns 1 inlägg." in mail.body
    assert "De här grupperna har inte skrivit något:\n- Habo\n" in mail.body
    assert "De här organisationerna har ingen plan än:\n- Habo kommun\n" in mail.body
    assert "Anna" not in mail.body


async def test_the_letter_says_so_when_nobody_has_a_plan(small_town: Town) -> None:
    await closed(small_town)
    server = Server()
    await postman(small_town, server).run()
    assert "Ingen organisation har skrivit någon plan än." in server.taken[0].body


async def test_closing_twice_and_ticking_twice_mails_once(town: Town) -> None:
    opened = await closed(town)
    await enqueue(town, opened)
    server = Server()
    for _again in range(2):
        await postman(town, server).run()
    assert len(server.taken) == 1


async def test_two_processes_at_the_same_moment_mail_once(town: Town) -> None:
    await closed(town)
    server, other = Server(), unit_of_work(town.url)
    await asyncio.gather(postman(town, server).run(), postman(town, server, work=other).run())
    await other.close()
    assert len(server.taken) == 1


async def test_without_an_address_in_the_programme_nothing_is_mailed(small_town: Town) -> None:
    opened = await closed(small_town)
    await enqueue(small_town, replace(opened, id="r2", mail_to=""))
    assert await small_town.count(mails) == 1


async def test_C6a_a_mail_that_fails_is_tried_again_until_it_gets_through(small_town: Town) -> None:
    await closed(small_town)
    server = Server(troubles=[Undeliverable(Trouble.LATER, "SMTP 451"), Undeliverable(Trouble.UNKNOWN, "no answer")])
    for minutes in (0, 1, 5):
        small_town.clock.move(minutes=minutes)
        await postman(small_town, server).run()
    assert (len(server.taken), await state(small_town)) == (1, ("sent", 3))
    assert await open_matters(small_town) == []


async def test_nothing_is_tried_before_its_time(small_town: Town) -> None:
    await closed(small_town)
    server = Server(troubles=[Undeliverable(Trouble.LATER, "SMTP 451")])
    await postman(small_town, server).run()
    small_town.clock.move(seconds=59)
    await postman(small_town, server).run()
    assert server.taken == []


async def test_C6a_a_refusal_for_good_becomes_a_matter_with_the_links(town: Town) -> None:
    await closed(town)
    server = Server(troubles=[Undeliverable(Trouble.GONE, "SMTP 550")])
    await postman(town, server).run()
    (matter,) = await open_matters(town)
    said = text(matter)
    assert "The documents of Uppstartskonferensen could not be mailed" in said
    assert TO in said
    assert "SMTP 550" in said
    assert "https://bot.example.org/documents/" in said
    town.clock.move(days=1)
    await postman(town, server).run()
    assert (server.taken, len(await open_matters(town))) == ([], 1)


async def test_C6a_a_server_that_stays_away_is_given_up_in_the_end(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed(small_town)
    monkeypatch.setattr("bot.documents.word.word_file", lambda *_all: b"")  # written eight times over
    server = Server(troubles=[Undeliverable(Trouble.LATER, "no connection")] * 20)
    for _try in range(12):
        await postman(small_town, server).run()
        small_town.clock.move(hours=8)
    assert await state(small_town) == ("failed", 8)
    assert len(await open_matters(small_town)) == 1


async def test_without_a_mail_server_coordinators_get_the_links_at_once(town: Town) -> None:
    await closed(town)
    await postman(town, None).run()
    (matter,) = await open_matters(town)
    assert "No mail server is set up" in text(matter)
    assert {button.url.rpartition("?")[2] for button in matter.buttons} == {"language=sv"}


async def test_a_process_that_dies_while_it_sends_leaves_the_mail_to_the_next(town: Town) -> None:
    await closed(town)
    await town.work.run(lambda c: Mails(c, town.clock.now()).claim(timedelta(minutes=10)))
    server = Server()
    await postman(town, server).run()
    assert server.taken == []
    town.clock.move(minutes=10)
    await postman(town, server).run()
    assert len(server.taken) == 1


async def test_who_was_too_slow_changes_nothing_any_more(town: Town) -> None:
    await closed(town)
    slow = await town.work.run(lambda c: Mails(c, town.clock.now()).claim(timedelta(minutes=10)))
    assert slow is not None
    town.clock.move(minutes=10)
    await postman(town, Server()).run()
    assert not await town.work.run(lambda c: Mails(c, town.clock.now()).failed(slow, "late"))
    assert (await state(town))[0] == "sent"


async def test_the_document_is_what_stands_on_the_board_when_it_is_sent(small_town: Town) -> None:
    await closed(small_town)
    town = small_town

    def hide(connection: Connection) -> None:
        store = Answers(connection, town.clock.now())
        store.stand(store.of_round(ROUND)[0], Standing.HIDDEN, "person")

    await town.work.run(hide)
    server = Server()
    await postman(town, server).run()
    said = [p.text for p in Document(BytesIO(server.taken[0].attachments[0].content)).paragraphs]
    assert "Mandat" not in said
    assert [line for line in said if line.startswith("1 inlägg har dolts")]


async def test_a_document_that_cannot_be_written_is_given_up_aloud(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed(small_town)
    monkeypatch.setattr("bot.documents.word.word_file", lambda *_all: 1 / 0)
    for _try in range(8):
        with pytest.raises(ZeroDivisionError):
            await postman(small_town, Server()).run()
        small_town.clock.move(minutes=10)
    await postman(small_town, Server()).run()
    (matter,) = await open_matters(small_town)
    assert "no answer" in text(matter)


async def test_mails_are_forgotten_after_a_year_but_never_before_they_are_sent(town: Town) -> None:
    await closed(town)
    town.clock.move(days=401)
    await town.tick.tidy()
    assert await town.count(mails) == 1
    await postman(town, Server()).run()
    await town.tick.tidy()
    assert await town.count(mails) == 0


# --- In parts ---------------------------------------------------------------------------------------------------------


async def test_C6_a_group_gets_its_own_posts_and_no_others(small_town: Town) -> None:
    await closed(small_town)
    found = await read(small_town)
    habo, lund = found.own_groups()
    written, silent = shelf.of_group(found, lund.id), shelf.of_group(found, habo.id)
    assert written is not None
    assert silent is not None
    assert [part.role for part in written.board.parts] == ["strateger"]
    assert (written.board.posts, silent.board.posts) == (1, 0)
    assert written.missing is None
    assert shelf.of_group(found, "another") is None


async def test_C6_an_organisation_gets_what_its_groups_wrote_and_its_plan(small_town: Town) -> None:
    await closed(small_town)
    row = PlanRow("p1", MODEL.id, LUND.key, LUND.name, "Börja", "Anna")
    await small_town.work.run(lambda c: Plans(c, small_town.clock.now()).keep(row))
    found = await read(small_town)
    lund, habo = shelf.of_organisation(found, LUND.key), shelf.of_organisation(found, HABO.key)
    assert lund is not None
    assert habo is not None
    assert (lund.board.posts, [plan.organisation for plan in lund.plans]) == (1, [LUND.name])
    assert (habo.board.posts, habo.plans) == (0, ())


async def test_C6c_answers_that_everybody_gave_for_themselves_are_in_no_part(small_town: Town) -> None:
    await closed(small_town, mode=Mode.SEALED)
    found = await read(small_town)
    assert found.own_groups() == ()
    assert found.own_organisations() == {}
    assert shelf.whole(found).board.posts == 1
    assert shelf.missing(found).groups == ()


@pytest.mark.parametrize(("people", "shown"), [(2, False), (3, True)], ids=["below", "control"])
async def test_C6c_nothing_below_the_threshold_is_in_any_format(small_town: Town, people: int, shown: bool) -> None:
    who = await urn_scenes.together(small_town, *urn_scenes.NAMES)
    await urn_scenes.opened(small_town)
    await urn_scenes.all_answer(who[:people])
    await urn_scenes.closed(small_town)
    found, translator = await read(small_town), Translators(FOLDER)(Language.SWEDISH)
    for made in (shelf.whole(found), shelf.of_plans(found)):
        files = [write(made, translator) for write in (word_file, excel_file, csv_file)]
        seen = ["Hinder, säger" in unpacked(file) for file in files]
        assert seen == [shown and bool(made.board.parts)] * 3


def unpacked(file: bytes) -> str:
    """Everything that is written in a file."""
    if not file.startswith(b"PK"):
        return file.decode()
    with ZipFile(BytesIO(file)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


async def test_control_a_sealed_round_read_as_notes_has_parts(small_town: Town) -> None:
    await closed(small_town, mode=Mode.SEALED)
    found = await read(small_town)
    as_notes = replace(found, board=replace(found.board, round=replace(found.board.round, mode=Mode.NOTES)))
    assert len(as_notes.own_groups()) == 2


async def test_a_group_that_is_asked_nothing_is_not_missing(small_town: Town) -> None:
    opened = await closed(small_town)
    found = await read(small_town)
    for_mentors = tuple(
        replace(box, questions=tuple(replace(one, organisations=("mentor",)) for one in box.questions))
        for box in opened.boxes
    )
    asked = replace(found, board=replace(found.board, round=replace(opened, boxes=for_mentors)))
    assert [group.name for group in found.own_groups()] == ["Habo", "Lund"]
    assert shelf.missing(found).groups == ("Habo",)
    assert shelf.missing(asked).groups == ()


# --- In chat ----------------------------------------------------------------------------------------------------------


async def test_a_coordinator_gets_the_links_and_hears_of_the_mail(town: Town) -> None:
    await closed(town)
    admin = town.person("admin")
    assert f"Mail: On its way to {TO}" in text((await admin.press(buttons.DOCUMENTS, ROUND)).view)
    await postman(town, Server()).run()
    card = (await admin.press(buttons.DOCUMENTS, ROUND)).view
    assert isinstance(card, Card)
    assert f"Mail: Sent to {TO}, Monday 11 January 2027 at 12:00" in text(card)
    assert [button.url.partition("-token")[2] for button in card.buttons] == [
        "/all.docx?language=en",
        "?language=en",
        "",
    ]


async def test_a_new_link_closes_the_old_one(town: Town) -> None:
    await closed(town)
    admin = town.person("admin")
    before = await given_out(town)
    assert text((await admin.press(buttons.DOCUMENTS, ROUND)).view).count(before) == 2
    after = text((await admin.press(NEW_LINK, ROUND)).view)
    assert before not in after
    assert "The old link opens nothing any more." in after
    assert await town.read(lambda c: Links(c, town.clock.now()).open(before, Kind.DOCUMENTS)) is None


async def given_out(town: Town) -> str:
    return await town.work.run(lambda c: Links(c, town.clock.now()).give_out(Kind.DOCUMENTS, ROUND))


@pytest.mark.parametrize("action", [buttons.DOCUMENTS, NEW_LINK])
@pytest.mark.parametrize("about", ["", "nobody", "r1 x"])
async def test_a_round_that_is_not_there_has_no_documents(small_town: Town, action: str, about: str) -> None:
    assert "There is nothing to download" in text((await small_town.person("admin").press(action, about)).view)


async def test_a_participant_gets_no_link(small_town: Town) -> None:
    await closed(small_town)
    for action in (buttons.DOCUMENTS, NEW_LINK):
        assert "Only coordinators" in text((await small_town.person("eva").press(action, ROUND)).view)
