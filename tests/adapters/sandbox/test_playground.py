"""The sandbox put together: time passes as in life, and the moments one may want to see are offered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Connection

from bot import playground
from bot.adapters.sandbox.people import PEOPLE
from bot.assembly import Plan, Site
from bot.domain.nudges import schedule
from bot.domain.plans import PlanRow
from bot.domain.programmes import Span
from bot.domain.rounds import THRESHOLD
from bot.domain.rules import DAY_BEFORE
from bot.messages import Notice
from bot.pages import application
from config import organisations, sample_rounds
from storage import migrate
from storage.outbox import Outbox
from storage.people import People
from storage.plans import Plans
from tests.fixtures.sample_programmes import samples
from tests.fixtures.sandbox_client import SandboxClient, SandboxPerson, parse
from tests.journeys import ways

PROGRAMME = "modellkonceptet"


class Box:
    """A sandbox with the sample programmes, and a browser that looks at it."""

    def __init__(self, site: Site, client: SandboxClient) -> None:
        self.site = site
        self.client = client
        self.messages: Any = site.adapters[0]._messages  # type: ignore[attr-defined]

    async def register(self) -> SandboxPerson:
        anna = self.client.person("anna")
        await anna.say("anmäl Modellkonceptet")
        await anna.fill({"Tillfällen": ["Alla tillfällen"], ways.DECIDED["sv"]: "Ja"})
        await anna.submit("Nästa")
        await anna.fill({"Organisation": "Lunds kommun"})
        await anna.submit("Nästa")
        await anna.submit("Bekräfta")
        return anna

    async def offered(self) -> list[tuple[str, datetime]]:
        """The moments that the clock offers, each with its name."""
        page = parse(await self.client.get("/"))
        buttons = [b for b in page.every("button") if b.attributes.get("name") == "to"]
        return [(b.every("strong")[0].text(), datetime.fromisoformat(b.attributes["value"])) for b in buttons]

    async def jump(self, to: datetime) -> None:
        pairs = [("to", to.isoformat())]
        await self.client.post("/sandbox/clock", pairs, came_from="/")


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Box]:
    plan = Plan(
        database_url=f"sqlite:///{tmp_path / 'lartraff.db'}",
        key_dir=tmp_path / "keys",
        public_url="http://localhost",
        locales=Path(organisations.__file__).parent / "locales",
        directory=organisations.load(),
    )
    migrate.upgrade(plan.database_url)
    site = await playground.build(plan, [*samples().values()], folder=tmp_path, finished=sample_rounds.finished)
    runner = web.AppRunner(application(site, ticks=False))
    await site.adapters[0].start()
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    async with SandboxClient(f"http://127.0.0.1:{runner.addresses[0][1]}", settle=site.courier.empty) as client:
        yield Box(site, client)
    await site.adapters[0].stop()
    await runner.cleanup()
    await closed(site)


async def closed(site: Site) -> None:
    """Let go of both files, as the end of the process does."""
    await site.unit_of_work.close()
    site.adapters[0]._messages.close()  # type: ignore[attr-defined]


async def test_over_a_whole_programme_everything_comes_at_its_own_time(box: Box) -> None:
    await box.register()
    programme = await box.site.unit_of_work.run(lambda connection: box.site.catalogue.read(connection)[PROGRAMME])
    last = programme.occasions[-1].ends_at
    await box.jump(last + timedelta(days=2))
    came = [message.at for message in await box.messages.by_conversation("anna", most=200) if not message.author]
    assert came == sorted(came)
    for occasion in programme.occasions:
        assert occasion.starts_at - timedelta(minutes=15) in came
    assert len({moment.date() for moment in came}) > 10  # not all at the end


async def test_P4a_a_moved_meeting_is_told_when_it_has_settled_and_nothing_of_its_old_time_comes(box: Box) -> None:
    await box.register()
    programme = await box.site.unit_of_work.run(lambda connection: box.site.catalogue.read(connection)[PROGRAMME])
    first = programme.occasions[0]
    day_before = next(one.due_at for one in schedule(programme) if one.rule is DAY_BEFORE and one.about == first.id)
    await box.jump(day_before - timedelta(hours=1))
    spans = tuple(Span(day.starts_at + timedelta(days=2), day.ends_at + timedelta(days=2)) for day in first.days)
    moved = replace(first, days=spans, sequence=first.sequence + 1)
    await box.site.load([replace(programme, occasions=(moved, *programme.occasions[1:]))])
    changed_at = box.site.clock.now()
    await box.jump(spans[-1].ends_at)
    came = [one for one in await box.messages.by_conversation("anna", most=50) if one.at >= changed_at - timedelta(1)]
    told = [one.at for one in came if "NEW DATE" in str(one.view)]
    assert [round((at - changed_at).total_seconds() / 60) for at in told] == [10]
    begins = [one.at for one in came if "begins at" in str(one.view)]
    assert begins == [spans[0].starts_at - timedelta(minutes=15)]


async def test_a_message_that_is_held_back_comes_at_its_own_time(box: Box) -> None:
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    anna = PEOPLE[0]

    def put(connection: Connection) -> None:
        out = Outbox(connection, box.site.clock.now())
        out.add("held", anna.address, Notice("Senare"), person="", language=anna.language, due_at=due_at)

    await box.site.unit_of_work.run(put)
    await box.jump(due_at + timedelta(days=2))
    (came,) = [one.at for one in await box.messages.by_conversation("anna", most=50) if "Senare" in str(one.view)]
    assert came == due_at


async def test_the_clock_offers_the_days_around_the_next_meeting(box: Box) -> None:
    await box.register()
    offered = dict(await box.offered())
    assert "Lärträff 1" in " ".join(offered)
    assert sorted(offered.values()) == list(offered.values())
    assert all(at > datetime.now(UTC) for at in offered.values())
    (quarter,) = [at for name, at in offered.items() if name.startswith("15 ") and "Lärträff 1" in name]
    await box.jump(quarter)
    anna = box.client.person("anna")
    await anna.look()
    assert "Lärträff 1 börjar" in anna.messages()[-1]


async def test_who_was_away_is_welcomed_back_on_the_next_working_morning(box: Box) -> None:
    karin, erik = box.client.person("karin"), box.client.person("erik")
    await karin.say("läget")
    await karin.press("Utse processledare")
    code = karin.screen().split("koppla ")[1].split()[0]
    await erik.say(f"koppla {code}")
    await erik.say("borta två dagar")
    await box.jump(datetime.now(UTC) + timedelta(days=9))
    messages = await box.messages.by_conversation("erik", most=50)
    welcomed = [message.at for message in messages if "Welcome back" in str(message.view)]
    assert len(welcomed) == 1
    assert welcomed[0].astimezone().time() < time(11)


async def test_what_waits_for_the_reminders_of_the_morning_comes_on_the_way_too(box: Box) -> None:
    """A plan row with a day of its own is told of after ten, so that reminders and it are not two messages a day."""
    await box.register()
    now = box.site.clock.now()

    def written(connection: Connection) -> None:
        anna = str(People(connection, now).present(PEOPLE[0].actor))
        due = (now + timedelta(days=12)).date()
        row = PlanRow("r1", PROGRAMME, "SE-1281", "Lunds kommun", "Ring alla skolor", "Anna", due=due, owner=anna)
        Plans(connection, now).keep(row, by=anna)

    await box.site.unit_of_work.run(written)
    await box.jump(now + timedelta(days=14))
    told = [one for one in await box.messages.by_conversation("anna", most=200) if "due soon" in str(one.view)]
    assert len(told) == 1


async def test_one_can_jump_to_the_end_of_a_round_and_it_closes_at_its_own_time(box: Box) -> None:
    karin = box.client.person("karin")
    await karin.say("läget")
    await karin.press("Ställ frågor", "Modellkonceptet")
    await karin.fill({"Vilka frågor?": "Uppstartskonferensen"})
    await karin.submit("Nästa")
    await karin.fill({"Stänger (dag)": "imorgon", "Stänger (klockan)": "15.00"})
    await karin.submit("Förhandsgranska")
    await karin.submit("Ställ frågor")
    (closes,) = [at for name, at in await box.offered() if name == "”Uppstartskonferensen” avslutas"]
    await box.jump(closes + timedelta(days=3))
    messages = await box.messages.by_conversation("karin", most=50)
    assert [message.at for message in messages if "Closed: {title}" in str(message.view)] == [closes]


async def test_there_are_people_enough_for_answers_without_names_from_every_role() -> None:
    learners = [one for one in PEOPLE if not one.administrator]
    assert len(learners) > THRESHOLD
    assert len({one.role.message for one in learners}) == 3  # type: ignore[union-attr]
    assert {one.language.value for one in PEOPLE} == {"sv", "nb", "nn"}
