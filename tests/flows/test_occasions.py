"""When a meeting is and what it costs, as people read it."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.people import Language
from bot.domain.prices import quote
from bot.domain.programmes import Span
from bot.domain.words import Words
from bot.flows import occasions
from tests.flows.samples import COHORT, DAYS, SINGLE, occasion
from tests.texts.resolving import translators

SWEDISH = translators(Language.SWEDISH)


def said(words: Words) -> str:
    """As it is read, with plain spaces in sums."""
    return SWEDISH.say(words).replace("\N{NO-BREAK SPACE}", " ")


def test_days_that_follow_each_other_are_one_span() -> None:
    two = occasion("a", DAYS[0], days=2)
    said = SWEDISH.say(occasions.hours(SINGLE, two))
    assert said == "tisdag 9 februari 2027 kl. 09.30 – onsdag 10 februari 2027 kl. 15.00"


def test_days_that_lie_apart_are_said_one_by_one() -> None:
    first, week = occasion("a", DAYS[0]).days[0], timedelta(days=7)
    apart = replace(occasion("a"), days=(first, Span(first.starts_at + week, first.ends_at + week)))
    said = SWEDISH.say(occasions.hours(SINGLE, apart))
    assert said == "tisdag 9 februari 2027 kl. 09.30–15.00 och tisdag 16 februari 2027 kl. 09.30–15.00"


def test_G1_prices_are_told_for_one_seat_and_two_seats_cost_twice_as_much() -> None:
    two = dict.fromkeys((one.id for one in SINGLE.occasions), 2)
    assert [said(line) for line in occasions.price_words(SINGLE)] == [
        "Varje tillfälle kostar 1 200 kr exklusive moms per plats.",
        "Alla tillfällen tillsammans: 3 000 kr exklusive moms per plats.",
    ]
    assert said(quote(SINGLE, two, {}).in_words()) == "2 × 3 000 = 6 000 kr exklusive moms"


def test_P2_the_price_of_a_whole_programme_and_of_lodging_are_told_for_one_seat() -> None:
    assert [said(line) for line in occasions.price_words(COHORT)] == [
        "Programmet kostar 24 000 kr exklusive moms per plats.",
        "Logi och måltider: 3 000 kr exklusive moms per plats och tillfälle.",
    ]
