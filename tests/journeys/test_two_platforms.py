"""P9: people with two accounts, people who leave, and people whom nothing reaches."""

from __future__ import annotations

import re

import pytest

from tests.journeys import ways
from tests.journeys.people import Participant
from tests.journeys.stage import Stage

TOMORROW = "I morgon: Digitala dialoger"
ON_BOTH_DATABASES = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


async def code_of(person: Participant) -> str:
    await person.say("koppla")
    found = re.search(r"koppla ([A-Z0-9]{5}-[A-Z0-9]{5})", person.screen)
    assert found, person.screen
    return found[1]


async def link(one: Participant, other: Participant) -> None:
    """Make the two accounts one person's, by the code that the first is given."""
    code = await code_of(one)
    await other.say(f"koppla {code}")
    other.sees("Är det här ditt andra konto?", "Gå då inte vidare")
    await other.press("Ja, det är mitt")
    other.sees("Dina konton är kopplade")
    one.message("Dina konton är kopplade")


@ON_BOTH_DATABASES
async def test_P9b_one_person_on_two_platforms_gets_each_reminder_once(both: Stage) -> None:
    in_slack, in_teams = await both.person("anna", "slack"), await both.person("anna", "teams")
    await ways.register(in_slack, ways.DIGITAL)
    await in_teams.say("mina anmälningar")
    in_teams.does_not_see(ways.DIGITAL)  # the same e-mail is not enough
    await link(in_slack, in_teams)
    await in_teams.say("mina anmälningar")
    in_teams.sees(ways.DIGITAL)
    await in_slack.say("använd Slack")
    in_slack.sees("Från och med nu kommer dina påminnelser i Slack.")
    await both.at("2027-02-08 09:00")
    assert (in_slack.count(TOMORROW), in_teams.count(TOMORROW)) == (1, 0)


async def test_P9b_the_chosen_platform_gets_the_reminders(both: Stage) -> None:
    in_slack, in_teams = await both.person("anna", "slack"), await both.person("anna", "teams")
    await ways.register(in_slack, ways.DIGITAL)
    await link(in_slack, in_teams)
    await in_slack.say("använd Teams")
    await both.at("2027-02-08 09:00")
    assert (in_slack.count(TOMORROW), in_teams.count(TOMORROW)) == (0, 1)


async def test_P9b_unlinked_each_account_has_its_own_again(both: Stage) -> None:
    in_slack, in_teams = await both.person("anna", "slack"), await both.person("anna", "teams")
    await in_teams.say("hej")
    await ways.register(in_slack, ways.DIGITAL)
    await link(in_slack, in_teams)
    await in_slack.say("koppla")
    await in_slack.press("Koppla isär")
    in_teams.message("Teams är inte längre kopplat")
    await in_teams.say("mina anmälningar")
    in_teams.does_not_see(ways.DIGITAL)
    await both.at("2027-02-08 09:00")
    assert (in_slack.count(TOMORROW), in_teams.count(TOMORROW)) == (1, 0)


async def test_P9a_who_closes_one_of_two_accounts_is_reminded_in_the_other(both: Stage) -> None:
    in_slack, in_teams = await both.person("anna", "slack"), await both.person("anna", "teams")
    await ways.register(in_slack, ways.DIGITAL)
    await link(in_slack, in_teams)
    await in_slack.say("använd Slack")
    await in_slack.leave()
    await both.at("2027-02-08 09:00")
    assert (in_slack.count(TOMORROW), in_teams.count(TOMORROW)) == (0, 1)


async def test_P9a_whoever_leaves_alone_is_left_in_peace_and_the_coordinator_is_told(both: Stage) -> None:
    anna, karin = await both.person("anna", "slack"), await both.person("karin", "teams")
    await karin.say("hej")
    await ways.register(anna, ways.DIGITAL)
    await anna.leave()
    await both.at("2027-01-12 09:00")
    karin.message("Lunds kommun har platser som ingen tar hand om")
    await both.at("2027-02-08 09:00")
    assert anna.count(TOMORROW) == 0


async def test_P9c_a_removed_app_keeps_the_seat_and_the_coordinator_sees_why(both: Stage) -> None:
    anna, karin = await both.person("anna", "teams"), await both.person("karin", "slack")
    await karin.say("hej")
    await ways.register(anna, ways.DIGITAL)
    await anna.leave()
    await both.at("2027-01-12 09:00")
    karin.message("Påminnelser når inte Anna Lindqvist", "Personen har tagit bort Lärträff")
    await karin.say("läget")
    karin.sees("1 anmäld")
