"""Dates, times, money, sums and lists as each language writes them, and the text twin of every kind of view."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.people import Language
from bot.domain.words import Clock, Day, Days, Listed, Localised, Moment, Money, Period, Sum, Value, _
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Item, Notice, NumberField, Option, TextField
from bot.texts import plain
from tests.texts.resolving import translators

SV, NB, NN, EN = Language.SWEDISH, Language.BOKMAL, Language.NYNORSK, Language.ENGLISH
ZONE = "Europe/Stockholm"
MORNING = datetime(2027, 2, 9, 8, 30, tzinfo=UTC)
AFTERNOON = datetime(2027, 2, 9, 14, 0, tzinfo=UTC)
DAY_AFTER = datetime(2027, 2, 10, 14, 0, tzinfo=UTC)
SUMMER = datetime(2027, 6, 8, 22, 30, tzinfo=UTC)  # in Sweden already the next day
FEBRUARY = date(2027, 2, 18), date(2027, 2, 19)

WRITTEN: list[tuple[Value, str, str, str, str]] = [
    (
        Day(date(2027, 2, 9)),
        "tisdag 9 februari 2027",
        "tirsdag 9. februar 2027",
        "tysdag 9. februar 2027",
        "Tuesday 9 February 2027",
    ),
    (
        Day(date(2026, 12, 15), year=False),
        "tisdag 15 december",
        "tirsdag 15. desember",
        "tysdag 15. desember",
        "Tuesday 15 December",
    ),
    (Day(date(2027, 2, 9), short=True), "tis 9 feb", "tir 9. feb", "tys 9. feb", "Tue 9 Feb"),
    (Day(date(2027, 2, 6), short=True), "lör 6 feb", "lør 6. feb", "lau 6. feb", "Sat 6 Feb"),
    (Day(date(2027, 5, 2), short=True), "sön 2 maj", "søn 2. mai", "søn 2. mai", "Sun 2 May"),
    (Days(*FEBRUARY), "18–19 februari 2027", "18.–19. februar 2027", "18.–19. februar 2027", "18–19 February 2027"),
    (
        Days(date(2027, 4, 30), date(2027, 5, 2)),
        "30 april–2 maj 2027",
        "30. april–2. mai 2027",
        "30. april–2. mai 2027",
        "30 April – 2 May 2027",
    ),
    (
        Days(date(2026, 12, 30), date(2027, 1, 2)),
        "30 december 2026–2 januari 2027",
        "30. desember 2026–2. januar 2027",
        "30. desember 2026–2. januar 2027",
        "30 December 2026 – 2 January 2027",
    ),
    (
        Days(date(2027, 2, 9), date(2027, 2, 9)),
        "tisdag 9 februari 2027",
        "tirsdag 9. februar 2027",
        "tysdag 9. februar 2027",
        "Tuesday 9 February 2027",
    ),
    (
        Moment(MORNING, ZONE),
        "tisdag 9 februari 2027 kl. 09.30",
        "tirsdag 9. februar 2027 kl. 09.30",
        "tysdag 9. februar 2027 kl. 09.30",
        "Tuesday 9 February 2027 at 09:30",
    ),
    (
        Moment(SUMMER, ZONE),
        "onsdag 9 juni 2027 kl. 00.30",
        "onsdag 9. juni 2027 kl. 00.30",
        "onsdag 9. juni 2027 kl. 00.30",
        "Wednesday 9 June 2027 at 00:30",
    ),
    (Clock(MORNING, ZONE), "09.30", "09.30", "09.30", "09:30"),
    (
        Period(MORNING, AFTERNOON, ZONE),
        "tisdag 9 februari 2027 kl. 09.30–15.00",
        "tirsdag 9. februar 2027 kl. 09.30–15.00",
        "tysdag 9. februar 2027 kl. 09.30–15.00",
        "Tuesday 9 February 2027 at 09:30–15:00",
    ),
    (
        Period(MORNING, DAY_AFTER, ZONE),
        "tisdag 9 februari 2027 kl. 09.30 – onsdag 10 februari 2027 kl. 15.00",
        "tirsdag 9. februar 2027 kl. 09.30 – onsdag 10. februar 2027 kl. 15.00",
        "tysdag 9. februar 2027 kl. 09.30 – onsdag 10. februar 2027 kl. 15.00",
        "Tuesday 9 February 2027 at 09:30 – Wednesday 10 February 2027 at 15:00",
    ),
    (Money(24000), "24\xa0000\xa0kr", "24\xa0000\xa0kr", "24\xa0000\xa0kr", "SEK\xa024,000"),
    (Money(950, "NOK"), "950\xa0kr", "950\xa0kr", "950\xa0kr", "NOK\xa0950"),
    (
        Sum(((1, 24000), (3, 3000))),
        "24\xa0000 + 3 × 3\xa0000 = 33\xa0000\xa0kr",
        "24\xa0000 + 3 × 3\xa0000 = 33\xa0000\xa0kr",
        "24\xa0000 + 3 × 3\xa0000 = 33\xa0000\xa0kr",
        "24,000 + 3 × 3,000 = SEK\xa033,000",
    ),
    (
        Sum(((2, 3000),)),
        "2 × 3\xa0000 = 6\xa0000\xa0kr",
        "2 × 3\xa0000 = 6\xa0000\xa0kr",
        "2 × 3\xa0000 = 6\xa0000\xa0kr",
        "2 × 3,000 = SEK\xa06,000",
    ),
    (Sum(((1, 24000),)), "24\xa0000\xa0kr", "24\xa0000\xa0kr", "24\xa0000\xa0kr", "SEK\xa024,000"),
    (Sum(()), "0\xa0kr", "0\xa0kr", "0\xa0kr", "SEK\xa00"),
    (Listed(("a", "b", "c")), "a, b och c", "a, b og c", "a, b og c", "a, b and c"),
    (Listed(("a", "b")), "a och b", "a og b", "a og b", "a and b"),
    (Listed(("a",)), "a", "a", "a", "a"),
    (Listed(()), "", "", "", ""),
    (12345, "12\xa0345", "12\xa0345", "12\xa0345", "12,345"),
    ("<b>{x}</b> *typed*", "<b>{x}</b> *typed*", "<b>{x}</b> *typed*", "<b>{x}</b> *typed*", "<b>{x}</b> *typed*"),
]


@pytest.mark.parametrize(("value", "sv", "nb", "nn", "en"), WRITTEN)
def test_values_are_written_as_the_language_writes_them(value: Value, sv: str, nb: str, nn: str, en: str) -> None:
    assert [translators(language).say(value) for language in (SV, NB, NN, EN)] == [sv, nb, nn, en]


@pytest.mark.parametrize(
    ("wordings", "expected"),
    [
        ({"sv": "S", "nb": "B", "nn": "N", "en": "E"}, ["S", "B", "N", "E"]),
        ({"nn": "N", "da": "D", "en": "E"}, ["N", "N", "N", "E"]),
        ({"nb": "B", "en": "E"}, ["B", "B", "B", "E"]),
        ({"da": "D", "en": "E"}, ["D", "D", "D", "E"]),
        ({"sv": "S"}, ["S", "S", "S", "S"]),
        ({"sv": "", "en": "E"}, ["E", "E", "E", "E"]),
        ({"fi": "F"}, ["F", "F", "F", "F"]),
        ({}, ["", "", "", ""]),
    ],
)
def test_a_programmes_words_fall_back_to_the_nearest_language(wordings: dict[str, str], expected: list[str]) -> None:
    assert [translators(language).say(Localised(wordings)) for language in (SV, NB, NN, EN)] == expected


def test_places_are_filled_with_words_of_the_readers_language() -> None:
    text = _("register by {deadline}", deadline=Moment(AFTERNOON, ZONE))
    assert translators(SV).say(text) == "anmäl dig senast tisdag 9 februari 2027 kl. 15.00"
    assert translators(NN).say(text) == "meld deg på seinast tysdag 9. februar 2027 kl. 15.00"


def test_what_people_write_into_a_place_is_never_interpreted() -> None:
    text = _("Tomorrow: {title}", title="{name} %s")
    assert translators(SV).say(text) == "I morgon: {name} %s"


# --- The text twin ----------------------------------------------------------------------------------------------------


def test_the_twin_of_a_notice_is_its_line() -> None:
    assert plain(Notice(_("You are welcome!")), translators(SV)) == "Varsågod!"


def test_the_twin_of_a_card_has_every_line_and_every_address() -> None:
    item = Item("Leda", ("Om",), (Fact(_("Place"), "Lund"),), (Button(_("Open"), url="https://a.example"),))
    buttons = (Button(_("Undo"), Action("undo")), Button(_("Add to calendar"), url="https://b.example"))
    card = Card(_("Programmes"), ("Text",), (Fact(_("Price"), Money(950)),), (item,), buttons)
    assert plain(card, translators(SV)).splitlines() == [
        "Program",
        "Text",
        "Pris: 950\xa0kr",
        "• Leda",
        "  Om",
        "  Plats: Lund",
        "  Öppna: https://a.example",
        "Lägg till i kalendern: https://b.example",
    ]


def test_the_twin_of_a_form_numbers_its_choices_and_says_what_was_refused_before_the_question() -> None:
    options = (Option("1", "Leda", "3 platser kvar"), Option("2", "Styra"))
    fields = (
        ChoiceField("occasions", _("Meetings"), options, many=True),
        TextField("name", _("Name"), hint="Hela"),
        NumberField("places", _("Seats")),
    )
    form = Form(
        _("Registration"), fields, intro=("Program",), errors={"name": _("Please fill this in.")}, refusal="Nej."
    )
    assert plain(form, translators(SV)).splitlines() == [
        "Anmälan",
        "Nej.",
        "Program",
        "Tillfällen:",
        "  1. Leda (3 platser kvar)",
        "  2. Styra",
        "Fyll i det här.",
        "Namn:",
        "Hela",
        "Antal platser:",
    ]
