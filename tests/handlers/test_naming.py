"""What a question names, how many questions it is, and whether it is about something else altogether."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.programmes import Occasion, Programme
from bot.domain.words import Localised
from bot.handlers.beyond import is_beyond
from bot.handlers.clauses import clauses
from bot.handlers.naming import asks_when, meetings_named, programmes_named, without_names
from tests.fixtures.sample_programmes import samples

KNOWN = samples()


def _titled(*titles: str) -> tuple[Occasion, ...]:
    there = KNOWN["modellkonceptet"].occasions
    return tuple(replace(one, title=Localised({"sv": title})) for one, title in zip(there, titles, strict=False))


POLITICIANS, MODEL = KNOWN["fordjupningsprogram-toppolitiker"], KNOWN["modellkonceptet"]
MASTERCLASS = KNOWN["masterclass-medborgardialog"]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("vad kostar digibarometern?", "vad kostar det?"),
        ("sista dag för toppolitikerprogrammet", "sista dag för det"),
        ("When does the digibarometer start?", "When does the it start?"),
        ("vad kostar det?", ""),
        ("kva er fasiliterande leiing?", ""),  # leadership is no name, although one title has it
    ],
)
def test_a_programme_is_known_by_its_name_and_the_rest_is_what_is_asked(text: str, bare: str) -> None:
    named = programmes_named(text, KNOWN)
    assert bool(named) is bool(bare)
    assert without_names(text, named, KNOWN) == bare


@pytest.mark.parametrize(
    ("text", "programme", "ids"),
    [
        ("när är dialog och samspel?", POLITICIANS, {"dialog-och-samspel"}),
        ("vad gör vi på andra träffen?", MODEL, {"lartraff-2"}),
        ("hur dags är lärträff 3?", MODEL, {"lartraff-3"}),
        ("var är vi 4 maj?", MASTERCLASS, {"dialog-dar-folk-ar"}),
        ("var är vi 19 februari?", POLITICIANS, {"leda-samhallsutveckling"}),  # its second day
        ("vad gör vi på lärträff 1, lärträff 2 och lärträff 3?", MODEL, set()),
        ("när är den sista samlingen?", MODEL, {"lartraff-3"}),
        ("vilken tid är träffen i december?", MODEL, {"lartraff-1"}),
        ("når er samtalen om opptakene?", KNOWN["samskaping-webinarer"], {"samtale-om-opptakene"}),
        ("är det digitalt?", MASTERCLASS, set()),
        ("vilka andra kommer?", MODEL, set()),
        ("när är nästa träff?", replace(MODEL, occasions=_titled("Nästa träff", "Träff fika")), set()),
        ("vad är medborgardialog?", MASTERCLASS, set()),
        ("lärträff 7", MODEL, set()),
    ],
)
def test_a_meeting_is_known_by_title_number_or_day(text: str, programme: Programme, ids: set[str]) -> None:
    assert meetings_named(text, programme) == ids


def test_only_a_question_of_when_is_answered_with_a_day() -> None:
    assert asks_when("när är styrning och risker?", [POLITICIANS])
    assert asks_when("Når er masterclass om framtiden?", [MASTERCLASS])
    assert asks_when("vilken tid är träffen i december?", [MODEL])
    assert asks_when("når er samtalen om opptakene", [KNOWN["samskaping-webinarer"]])
    assert asks_when("när är digibarometern?", [KNOWN["digibarometer"]], about=True)
    assert not asks_when("vad är digibarometern?", [KNOWN["digibarometer"]], about=True)
    assert not asks_when("vad tar vi upp i styrning och risker?", [POLITICIANS])
    assert not asks_when("när får vi höra om risker med hybridmöten?", [POLITICIANS])
    assert not asks_when("när är det?", [POLITICIANS])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("vad kostar det och var är det?", ("vad kostar det", "var är det")),
        ("Når er det? Hvor er lenken?", ("Når er det", "Hvor er lenken")),
        ("vad kostar det, var är det, när är det och vem kommer?", ("vad kostar det", "var är det", "när är det")),
        ("när och var är nästa träff", ()),
        ("Ska både politiker och chefer delta?", ()),
        ("Samskaping – hvorfor, hva og hvordan?", ()),
        ("", ()),
    ],
)
def test_two_questions_in_one_message_are_two(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text) == parts


def test_a_question_about_something_else_is_not_answered_from_the_data_of_a_programme() -> None:
    everything = tuple(KNOWN.values())
    for other in ("vad kostar en detaljplan", "kva er straumprisen i dag", "finns det parkering i garaget"):
        assert is_beyond(other, everything), other
    for ours in ("vad kostar det", "hvor er lenken", "är priset med moms", "when is the next meeting"):
        assert not is_beyond(ours, everything), ours


@pytest.mark.parametrize("text", ["hur når vi rådgivningen", "bor vi på långholmen"])
def test_a_question_about_a_place_or_a_contact_is_about_the_programme_that_has_them(text: str) -> None:
    assert [is_beyond(text, [one]) for one in (POLITICIANS, MASTERCLASS)] == [False, True]
