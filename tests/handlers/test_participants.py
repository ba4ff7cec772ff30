"""The participant list: whom a coordinator is handed by name, with what they told the organiser, and nobody else is."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.people import Role
from bot.handlers.visit import Visit
from bot.keys import link_token
from bot.messages import Card
from bot.texts import Translators
from bot.web.ground import Ground
from bot.web.headers import guarded
from bot.web.participants import ParticipantFiles
from config.catalogues import FOLDER
from storage.links import Kind, Links
from storage.people import People
from tests.documents.test_tables import alive, sheets, strings
from tests.flows.samples import COHORT, FREE, HABO, SINGLE, with_capacity
from tests.handlers.test_changing import cancel
from tests.handlers.town import Person, Town, buttons, text

KEY = b"k" * 32
Client = TestClient[web.Request, web.Application]
SEATS = ["Meeting", "When", "State", "Name", "E-mail", "Organisation", "Role group", "Prior knowledge"]
TOLD = ["Access needs", "Registered by", "E-mail of whoever registered"]


@pytest.fixture
async def client(town: Town) -> AsyncIterator[Client]:
    app = web.Application(middlewares=[guarded])
    ParticipantFiles(Ground(town.work, town.surroundings, KEY, Translators(FOLDER), town.clock)).routes(app)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def admin(town: Town) -> Person:
    admin = town.person("admin")
    await admin.say("hello")
    return admin


async def page(town: Town, admin: Person, programme: str = SINGLE.id) -> str:
    """Where the files lie that somebody has been given, as the site would address them."""
    await admin.press("participant_list", programme)
    about = f"{programme} {await id_of(town, admin)}"
    id = await town.read(lambda c: Links(c, town.clock.now()).given_out(Kind.PARTICIPANTS, about))
    assert id is not None
    return f"/participants/{id}-{link_token(KEY, id)}"


async def id_of(town: Town, person: Person) -> str:
    found = await town.read(lambda c: People(c, town.clock.now()).present(person.actor))
    assert found is not None
    return found


async def table(client: Client, file: str) -> list[list[str]]:
    answer = await client.get(f"{file}?language=en")
    assert answer.status == 200
    return list(csv.reader(StringIO((await answer.read()).decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_the_organiser_reads_who_comes_and_what_they_need(town: Town, client: Client, admin: Person) -> None:
    await town.person("anna").register(occasions=("b", "a"), needs="Hearing loop")
    await town.person("bo").register(occasions=("a",), organisation=HABO.name, prerequisite="no")
    head, *rows = await table(client, f"{await page(town, admin)}/participants.csv")
    assert head == [*SEATS, *TOLD]
    assert [(row[0], row[2], row[3], row[4], row[5], row[7], row[8]) for row in rows] == [
        ("Träff a", "Registered", "Bo", "bo@example.org", "Habo kommun", "Not yet", ""),
        ("Träff a", "Registered", "Anna", "anna@example.org", "Lunds kommun", "Yes", "Hearing loop"),
        ("Träff b", "Registered", "Anna", "anna@example.org", "Lunds kommun", "Yes", "Hearing loop"),
    ]
    assert rows[0][1] == "Tuesday 9 February 2027 at 09:30–15:00"


async def test_who_waits_who_was_offered_a_seat_and_who_cancelled(town: Town, client: Client, admin: Person) -> None:
    await town.load(with_capacity(SINGLE, 1))
    for name in ("anna", "bo", "cia"):
        await town.person(name).register(occasions=("a",))
        town.clock.move(minutes=1)
    before = await table(client, f"{await page(town, admin)}/participants.csv")
    assert [row[2:4] for row in before[1:]] == [
        ["Registered", "Anna"],
        ["On the waiting list, place 1", "Bo"],
        ["On the waiting list, place 2", "Cia"],
    ]
    await cancel(town.person("anna"))
    town.clock.move(minutes=11)
    await town.tick.run()
    after = await table(client, f"{await page(town, admin)}/participants.csv")
    assert [row[3] for row in after[1:]] == ["Cia", "Bo", "Anna"]
    assert after[1][2] == "On the waiting list, place 1"
    assert after[2][2].startswith("Offered until")
    assert after[3][2] == "Cancelled Monday 11 January 2027 at 12:03"


async def test_the_invoice_basis_adds_up_what_each_organisation_holds(
    town: Town, client: Client, admin: Person
) -> None:
    await town.person("anna").register(occasions=("a", "b", "c"), invoice="REF-1")
    town.clock.move(minutes=1)
    await town.person("bo").register(occasions=("a",), invoice="REF-2")
    await town.person("cia").register(occasions=("b",), organisation=HABO.name, invoice="REF-3")
    head, *rows = await table(client, f"{await page(town, admin)}/invoices.csv")
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [one["Organisation"] for one in told] == ["Habo kommun", "Lunds kommun"]
    assert [one["Total excluding VAT"] for one in told] == ["1200", "4200"]
    assert told[1]["Calculation"] == "3,000 + 1,200 = SEK\N{NO-BREAK SPACE}4,200 excluding VAT"
    assert told[1]["Invoice reference"] == "REF-1\nREF-2"
    assert told[1]["Seats"] == "Träff a: 2\nTräff b: 1\nTräff c: 1"
    assert told[1]["Registered by"] == "Anna anna@example.org\nBo bo@example.org"
    assert told[1]["Late cancellations"] == "0"


async def test_a_late_cancellation_costs_in_the_basis_what_was_said_when_it_was_made(
    town: Town, client: Client, admin: Person
) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    town.clock.at = SINGLE.occasion("a").starts_at - timedelta(days=3)
    await cancel(anna)
    town.clock.move(hours=1)
    await town.tick.run()
    assert "600 excluding VAT" in (await anna.received())[-1]
    # What it costs today is another matter: the prices are new, and the last day free of charge is not over.
    prices = replace(SINGLE.prices, occasion=9_000)
    later = tuple(replace(one, free_until=one.starts_at) for one in SINGLE.occasions)
    await town.load(replace(SINGLE, prices=prices, occasions=later))
    head, row = await table(client, f"{await page(town, admin)}/invoices.csv")
    told = dict(zip(head, row, strict=True))
    assert (told["Total excluding VAT"], told["Late cancellations"], told["Seats"]) == ("0", "600", "")


async def test_seats_given_up_together_cost_together_and_what_is_taken_back_costs_nothing(
    town: Town, client: Client, admin: Person
) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b", "c"))
    town.clock.at = SINGLE.occasion("a").starts_at - timedelta(days=3)
    await cancel(anna, "a", "b")
    for cost in ("600", "0"):  # only the first is late
        head, row = await table(client, f"{await page(town, admin)}/invoices.csv")
        assert dict(zip(head, row, strict=True))["Late cancellations"] == cost
        await anna.click("Undo")


async def test_the_workbook_holds_both_tables_and_nothing_that_is_computed(
    town: Town, client: Client, admin: Person
) -> None:
    evil = '=HYPERLINK("https://evil.example")'
    await town.person("anna").register(occasions=("a",), needs=evil, invoice="@SUM(1)")
    answer = await client.get(f"{await page(town, admin)}/participants.xlsx?language=sv")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Deltagarlista-Dialog.xlsx"')
    written = await answer.read()
    assert alive(written) == []
    assert {evil, "@SUM(1)", "Anmäld", "Fakturareferens"} <= set(strings(written))
    assert [name for name in sheets(written) if "worksheets/sheet" in name] == [
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    ]
    await town.person("anna").register(FREE.id)
    free = await client.get(f"{await page(town, admin, FREE.id)}/participants.xlsx")
    assert "xl/worksheets/sheet2.xml" not in sheets(await free.read())
    assert (await client.get(f"{await page(town, admin, FREE.id)}/invoices.csv")).status == 404


async def test_lodging_has_a_column_where_it_is_asked_for(town: Town, client: Client, admin: Person) -> None:
    await town.person("anna").register(COHORT.id, lodging=("ett",))
    head, *rows = await table(client, f"{await page(town, admin, COHORT.id)}/participants.csv")
    assert [row[head.index("Lodging and meals")] for row in rows] == ["Yes", "", ""]


async def test_what_the_card_says_and_where_it_leads(town: Town, admin: Person) -> None:
    nobody = await admin.press("participant_list", SINGLE.id)
    assert "Nobody has registered yet." in text(nobody.view)
    assert not list(buttons(nobody.view))
    await town.person("anna").register(needs="Hearing loop")
    await town.person("bo").register()
    card = (await admin.press("participant_list", SINGLE.id)).view
    assert isinstance(card, Card)
    assert "Registrations: 2" in text(card)
    assert "Access needs: in 1 registration" in text(card)
    files = [urlsplit(button.url).path.rpartition("/")[2] for button in card.buttons]
    assert files == ["participants.xlsx", "participants.csv", "invoices.csv"]
    assert "Hearing loop" not in text(card)  # a file can be deleted, a message cannot


async def test_typed_it_asks_which_programme_and_means_something_else_to_others(town: Town, admin: Person) -> None:
    await town.person("anna").register()
    asked = (await admin.say("deltagarlista")).view
    assert [button.label for button in buttons(asked)] == [one.title for one in (SINGLE, FREE, COHORT)]
    assert (await admin.say("fakturaunderlag")).view == asked
    other = text((await town.person("anna").say("deltagarlistan")).view)
    assert "participants.csv" not in other
    assert other == text((await town.person("anna").say("vilka är med")).view)


@pytest.mark.parametrize("wrong", ["token", "kind", "file", "late", "former", "erased"])
async def test_every_link_that_does_not_open_gets_the_same_answer(
    town: Town, client: Client, admin: Person, wrong: str
) -> None:
    karin = town.person("karin")
    await karin.say("hello")
    id = await id_of(town, karin)

    async def appoint(role: Role) -> None:
        await town.read(lambda c: Visit(c, town.clock.now(), town.surroundings).people.appoint(id, role))

    await appoint(Role.COORDINATOR)
    await town.person("anna").register()
    link = await page(town, karin)
    file = f"{link}/participants.csv"
    assert (await client.get(file)).status == 200
    match wrong:
        case "token":
            file = f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}/participants.csv"
        case "kind":
            file = file.replace("/participants/", "/documents/")
        case "file":
            file = f"{link}/people.csv"
        case "late":
            town.clock.move(hours=1)
        case "former":
            await appoint(Role.PARTICIPANT)
        case "erased":
            await karin.press("erase_me_now")
    answer = await client.get(file)
    assert (answer.status, await answer.text()) == (404, "404: Not Found")


async def test_after_the_names_have_gone_the_basis_still_says_what_was_held(
    town: Town, client: Client, admin: Person
) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",), needs="Hearing loop", invoice="REF-1")
    await anna.press("erase_me_now")
    where = await page(town, admin)
    for file in ("participants.csv", "invoices.csv"):
        rows = await table(client, f"{where}/{file}")
        assert not any("Anna" in cell or "anna@" in cell or "Hearing" in cell for row in rows for cell in row)
    assert (await table(client, f"{where}/invoices.csv"))[1][1] == "REF-1"
