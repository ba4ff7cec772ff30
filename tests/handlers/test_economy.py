"""What an event may cost: counted, not timed. The times are in benchmarks/."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.people import Profile
from bot.domain.programmes import Programme
from bot.handlers.events import Inbound, Pressed
from bot.handlers.inbound import Reception
from bot.messages import Action, Answer, Form
from storage import upsert
from storage.registrations import _LEFT, _OWN
from tests.fixtures.kinds import Kind
from tests.fixtures.round_trips import counted
from tests.flows.samples import COHORT, FREE, SINGLE
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town

_ROOT = Path(__file__).parents[2]
_MOST_FOR_A_STEP = 8  # who, which form, which programmes, where they sit, what is left; the run, the delivery
_MOST_TO_BEGIN = 8


async def trace(town: Town, into: list[str]) -> None:
    """Let the database note every statement from now on."""

    def listen(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(into.append)

    await town.work.run(listen)


async def statements(town: Town, event: Awaitable[Any]) -> list[str]:
    """What the database is asked for one event, without what begins and ends the transaction."""
    traced: list[str] = []
    await trace(town, traced)
    await event
    return [sql for sql in traced if sql.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}]


async def transactions(town: Town, event: Awaitable[Any]) -> int:
    traced: list[str] = []
    await trace(town, traced)
    await event
    return sum(sql.startswith("BEGIN") for sql in traced)


async def met(town: Town) -> Person:
    """Somebody who has been here before; since then the programmes are read, too."""
    anna = town.person("anna")
    await anna.say("programmes")
    return anna


async def test_beginning_to_register_takes_few_statements(small_town: Town) -> None:
    anna = await met(small_town)
    asked = await statements(small_town, anna.press("register", SINGLE.id))
    assert len(asked) <= _MOST_TO_BEGIN, "\n".join(asked)


async def test_a_step_of_a_registration_takes_few_statements(small_town: Town) -> None:
    anna = await met(small_town)
    form = (await anna.press("register", SINGLE.id)).view
    assert isinstance(form, Form)
    asked = await statements(small_town, anna.submit(form, {"occasions": ("a",), "prerequisite": "yes"}))
    assert len(asked) <= _MOST_FOR_A_STEP, "\n".join(asked)


async def test_the_number_of_statements_does_not_grow_with_the_people(small_town: Town) -> None:
    anna = await met(small_town)
    before = await statements(small_town, anna.press("register", SINGLE.id))
    for number in range(5):
        await small_town.person(f"other{number}").register(occasions=("a",))
    bo = small_town.person("bo")
    await bo.say("programmes")
    assert len(await statements(small_town, bo.press("register", SINGLE.id))) == len(before)


async def test_an_event_of_somebody_we_know_is_one_transaction(small_town: Town) -> None:
    anna = await met(small_town)

    async def introduce() -> Profile:
        raise AssertionError("the profile has been read already")

    event = Inbound("d1", anna.actor, Pressed(Action("register", SINGLE.id)), anna.address)
    assert await transactions(small_town, small_town.reception.receive(event, introduce)) == 1


_ANSWERS: dict[str, Answer] = {
    "occasions": ("a",),
    "prerequisite": "yes",
    "name": "Anna",
    "email": "anna@example.org",
    "organisation": "Lunds kommun",
    "takes_part": "me",
    "invoice": "REF-1",
    "guide": "no",
}


@pytest.mark.parametrize(("programme", "expected"), [(SINGLE, [3, 3, 3, 4]), (COHORT, [3, 3, 4])])
async def test_a_form_of_a_registration_waits_for_postgresql_three_times(
    postgresql: Kind, programme: Programme, expected: list[int]
) -> None:
    """For who it is and which form, for what there is to know, and for the commit; the last one for the price, too."""
    async with prepared(postgresql, SINGLE, COHORT, FREE) as town:
        assert await waits(town.person("anna"), programme) == expected


async def waits(person: Person, programme: Programme) -> list[int]:
    """How often each event of a registration waits, but for the last one. None of them asks anything ahead in vain."""
    await person.say("programmes")
    waited, view = [], None
    while view is None or isinstance(view, Form):
        with counted() as trips:
            reply = await (person.submit(view, _ANSWERS) if view else person.press("register", programme.id))
        assert trips.in_vain == []
        waited.append(trips.number)
        view = reply.view
    return waited[:-1]


async def test_the_directory_is_asked_once_about_a_stranger(small_town: Town) -> None:
    asked: list[str] = []

    async def introduce() -> Profile:
        asked.append("once")
        return Profile("Anna", "anna@example.org")

    for delivery in ("d1", "d2"):
        anna = small_town.person("anna")
        event = Inbound(delivery, anna.actor, Pressed(Action("register", SINGLE.id)), anna.address)
        await small_town.reception.receive(event, introduce)
    assert asked == ["once"]


async def test_the_courier_is_woken_only_when_there_is_something_to_deliver(small_town: Town) -> None:
    woken: list[str] = []
    small_town.reception = Reception(
        small_town.work, small_town.clock, small_town.surroundings, lambda: woken.append("woken")
    )
    anna = small_town.person("anna")
    form = await anna.up_to_confirm(occasions=("a",))
    assert woken == []
    await anna.submit(form)
    assert woken == ["woken"]


async def test_statements_are_compiled_once(small_town: Town) -> None:
    anna = await met(small_town)
    await anna.register(occasions=("a",))
    forms = [dict(prepared._forms) for prepared in (_LEFT, _OWN)]
    size = upsert._ignoring.cache_info().currsize
    await small_town.person("bo").register(occasions=("a",))
    for statement, before in zip((_LEFT, _OWN), forms, strict=True):
        assert before
        assert all(statement._forms[dialect] is form for dialect, form in before.items())
    assert upsert._ignoring.cache_info().currsize == size


@pytest.mark.parametrize(
    ("started", "absent"), [("slack", ("botbuilder", "botframework", "msrest")), ("teams", ("slack_bolt", "slack_sdk"))]
)
def test_a_platform_that_is_not_configured_is_not_imported(started: str, absent: tuple[str, ...]) -> None:
    assert not _loaded(started, absent)


def test_what_no_answer_in_a_chat_needs_is_not_imported() -> None:
    """Pages, QR codes, documents, Socket Mode, another database's dialect and what only other commands need."""
    pages = ("jinja2", "segno", "docx")
    others = ("slack_sdk.socket_mode", "sqlalchemy.dialects.postgresql", "babel.messages")
    commands = ("bot.doctor", "bot.composition.records")
    assert not _loaded("slack", (*pages, *others, *commands))
    assert _loaded("slack", ("aiohttp", "babel")) == {"aiohttp", "babel"}


def test_the_command_looks_for_no_garbage_while_it_loads() -> None:
    """All that is loaded stays. Loading it as other programs do is the control."""
    as_others_do = _searches("from bot.commands import cli")
    command = "import contextlib, sys; sys.argv = ['lartraff', 'manifest', 'slack']; from bot.__main__ import main"
    assert 3 * _searches(f"{command}\nwith contextlib.suppress(SystemExit): main()") < as_others_do


def _searches(code: str) -> int:
    """How often Python looks for garbage while it runs the code."""
    count = "import gc; seen = []; gc.callbacks.append(lambda phase, about: seen.append(phase))"
    look = f"{count}\n{code}\nprint(); print(seen.count('start'))"
    done = subprocess.run([sys.executable, "-c", look], cwd=_ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def test_the_library_of_teams_waits_until_the_server_listens() -> None:
    """Whoever only sends does without it."""
    assert not _loaded("teams", ("botbuilder", "botframework", "msrest"))
    assert _loaded("teams", ("aiohttp", "jwt")) == {"aiohttp", "jwt"}


def _loaded(started: str, names: tuple[str, ...]) -> set[str]:
    """Those of the modules that a server with this platform has imported."""
    look = f"import sys, bot.commands, bot.adapters.{started}.app; print(*set({names!r}) & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", look], cwd=_ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())
