"""One contestant's turn: real registrations, measured form by form, and every effect looked for afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from statistics import median, quantiles
from typing import Any

from benchmarks.inbound import sites, slack, teams
from benchmarks.inbound.http import Answer, Load
from benchmarks.inbound.servers import Server

Json = dict[str, Any]
PRESS = "press"
_RECEIPTS_PER_SECOND = 525 / 60
"""As many messages as Slack takes from one workspace: receipts come no faster, however fast the forms are answered."""

_names = count(1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast requests are sent: so many at once all the time, or so many a second."""

    at_once: int = 0
    per_second: float = 0.0


@dataclass(slots=True)
class Measured:
    """What one kind of event took."""

    cpu_ms: float  # for each event
    seconds: list[float]  # until the answer to each

    @property
    def p50_ms(self) -> float:
        return median(self.seconds) * 1000

    @property
    def p99_ms(self) -> float:
        return quantiles(self.seconds, n=100)[98] * 1000


@dataclass
class Contestant:
    """A server with what sends to it and what it calls."""

    server: Server
    load: Load
    environment: Mapping[str, str] = field(default_factory=dict)
    events: int = 0  # sent so far, and so the rows its deliveries must have
    registered: int = 0

    async def send(self, requests: Sequence[bytes], pace: Pace) -> tuple[list[Answer], float]:
        """What came back, and the seconds of CPU until then. Raises `AssertionError` when anything was not answered."""
        before = self.server.cpu()
        if pace.per_second:
            answers = await self.load.at_rate(requests, per_second=pace.per_second)
        else:
            answers = await self.load.saturate(requests, at_once=pace.at_once)
        used = self.server.cpu() - before
        self.events += len(requests)
        wrong = [answer for answer in answers if answer.status not in (200, 201)]
        example = f"{wrong[0].status} {wrong[0].body[:200]!r}" if wrong else ""
        assert not wrong, f"{self.server.name}: {len(wrong)} of {len(answers)} not answered well: {example}"
        return answers, used

    async def measure(self, requests: Sequence[bytes], pace: Pace) -> tuple[Measured, list[Answer]]:
        answers, used = await self.send(requests, pace)
        return Measured(used * 1000 / len(requests), [answer.seconds for answer in answers]), answers


def newcomers(number: int) -> list[str]:
    """People whom no server has met yet."""
    return [f"U{next(_names):07}" for _ in range(number)]


async def slack_presses(
    contestant: Contestant, workspace: slack.Workspace, people: Sequence[str], pace: Pace
) -> tuple[Measured, list[Json]]:
    """Everybody presses the button; the one form that was opened for each."""
    workspace.opened.clear()
    crowd = slack.Crowd(contestant.server.port)
    pressed = [crowd.press(person) for person in people]
    triggers = [trigger for trigger, _ in pressed]
    before = contestant.server.cpu()
    measured, _ = await contestant.measure([written for _, written in pressed], pace)
    await until(lambda: len(workspace.opened) >= len(triggers))  # Bolt answers first and opens the form afterwards
    measured.cpu_ms = (contestant.server.cpu() - before) * 1000 / len(people)
    return measured, slack.opened_forms(workspace, triggers)


async def slack_registrations(
    contestant: Contestant,
    workspace: slack.Workspace,
    people: Sequence[str],
    pace: Pace,
    steps: Sequence[str] = slack.STEPS,
) -> dict[str, Measured]:
    """Everybody registers, from the button to the receipt or as far as `steps` go; what each kind of event took."""
    crowd = slack.Crowd(contestant.server.port)
    found = {}
    found[PRESS], views = await slack_presses(contestant, workspace, people, pace)
    for step in steps:
        for view in views:
            slack.check_form(view, step)
        filled = [crowd.submit(*pair) for pair in zip(people, views, strict=True)]
        before = contestant.server.cpu()
        found[step], answers = await contestant.measure(filled, pace)
        views = slack.next_forms(answers, step)
        if step == slack.STEPS[-1]:  # the receipt belongs to it
            patience = 30.0 + len(people) / _RECEIPTS_PER_SECOND
            await until(lambda: all(workspace.messages[person] for person in people), seconds=patience)
            found[step].cpu_ms = (contestant.server.cpu() - before) * 1000 / len(people)
            contestant.registered += len(people)
            assert all(workspace.messages[person] == 1 for person in people), "a receipt was sent twice"
    return found


async def teams_presses(
    contestant: Contestant, tenant: teams.Tenant, people: Sequence[str], pace: Pace
) -> tuple[Measured, list[Json]]:
    """Everybody presses the button; the one form that was sent to each."""
    crowd = teams.Crowd(tenant, contestant.server.port)
    measured, answers = await contestant.measure([crowd.press(person) for person in people], pace)
    return measured, teams.next_cards(tenant, people, answers, teams.STEPS[0])


async def teams_registrations(
    contestant: Contestant, tenant: teams.Tenant, people: Sequence[str], pace: Pace
) -> dict[str, Measured]:
    """Everybody registers as far as the last question; what each kind of event took."""
    crowd = teams.Crowd(tenant, contestant.server.port)
    found = {}
    found[PRESS], cards = await teams_presses(contestant, tenant, people, pace)
    for step, after in zip(teams.STEPS, teams.STEPS[1:], strict=False):
        filled = [crowd.submit(*pair) for pair in zip(people, cards, strict=True)]
        found[step], answers = await contestant.measure(filled, pace)
        cards = teams.next_cards(tenant, people, answers, after)
    return found


async def teams_echoes(
    contestant: Contestant, tenant: teams.Tenant, people: Sequence[str], pace: Pace
) -> dict[str, Measured]:
    """Everybody says something to the echo, and gets it back once, before the answer."""
    crowd = teams.Crowd(tenant, contestant.server.port)
    measured, _ = await contestant.measure([crowd.greeting(person) for person in people], pace)
    for person in people:
        assert len(tenant.sent.pop(f"a:{person}", [])) == 1, "an echo was lost or doubled"
    return {PRESS: measured}


async def until(met: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Return once it is so; raises `TimeoutError` when it never is."""
    async with asyncio.timeout(seconds):
        while not met():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.02)


async def check_database(contestant: Contestant, *, greeted: int) -> None:
    """Every event and every effect is there, once. Raises `AssertionError`, or `TimeoutError` if not all is sent."""
    site = contestant.environment
    await until(lambda: not sites.count(site, "outbox WHERE state <> 'sent'"))  # noted just after it was sent
    expected = {
        "deliveries": contestant.events,
        "registrations": contestant.registered,
        "runs WHERE done": contestant.registered,
        "seats": 2 * contestant.registered,
        "people": greeted,
        "outbox": contestant.registered,
    }
    for what, number in expected.items():
        there = sites.count(site, what)
        assert there == number, f"{contestant.server.name}: {there} {what}, and there should be {number}"
