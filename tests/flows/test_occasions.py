"""When a meeting is, as people read it."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.people import Language
from bot.domain.programmes import Span
from bot.flows import occasions
from tests.flows.samples import DAYS, SINGLE, occasion
from tests.texts.resolving import translators

SWEDISH = translators(Language.SWEDISH)


def test_days_that_follow_each_other_are_one_span() -> None:
    two = occasion("a", DAYS[0], days=2)
    said = SWEDISH.say(occasions.hours(SINGLE, two))
    assert said == "tisdag 9 februari 2027 kl. 09.30 – onsdag 10 februari 2027 kl. 15.00"


def test_days_that_lie_apart_are_said_one_by_one() -> None:
    first, week = occasion("a", DAYS[0]).days[0], timedelta(days=7)
    apart = replace(occasion("a"), days=(first, Span(first.starts_at + week, first.ends_at + week)))
    said = SWEDISH.say(occasions.hours(SINGLE, apart))
    assert said == "tisdag 9 februari 2027 kl. 09.30–15.00 och tisdag 16 februari 2027 kl. 09.30–15.00"
