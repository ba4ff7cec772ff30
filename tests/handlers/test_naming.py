"""What a question names, how many questions it is, and whether it is about something else altogether."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.programmes import Occasion, Programme
from bot.domain.words import Localised
from bot.flows.facts import Asked
from bot.flows.timetable import Parts, hours_of
from bot.handlers.asked_times import Times, asks_who_speaks, times_asked
from bot.handlers.beyond import is_beyond
from bot.handlers.clauses import clauses
from bot.handlers.naming import editions_meant, meetings_named, programmes_named, without_names
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
    ("text", "own", "meant"),
    [
        ("vad kostar masterclass?", {"i år"}, {"i år"}),
        ("vad kostar masterclass 2028?", {"i år"}, {"nästa"}),
        ("vad kostar masterclass?", set(), {"i år", "nästa"}),
        ("vad kostar masterclass?", {"i år", "nästa"}, {"i år", "nästa"}),
        ("vad kostar digibarometern?", {"i år"}, {"digibarometer"}),
    ],
)
def test_of_two_editions_of_a_programme_the_one_that_is_said_is_meant_or_ones_own(
    text: str, own: set[str], meant: set[str]
) -> None:
    """A published copy has the same title: before, neither had a name of its own any more."""
    this, following = replace(MASTERCLASS, edition="våren 2027"), replace(MASTERCLASS, edition="våren 2028")
    visible = {"i år": this, "nästa": following, "digibarometer": KNOWN["digibarometer"]}
    assert editions_meant(text, programmes_named(text, visible), frozenset(own), visible) == meant
    assert without_names("när är masterclass?", frozenset(visible), visible) == "när är det?"


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


def asks_when(text: str, programme: Programme, *, about: bool = False) -> bool:
    asked = times_asked(text, programme, about=about)
    return asked.asked is Asked.DATES and asked.is_answered


def test_only_a_question_of_when_is_answered_with_a_day() -> None:
    assert asks_when("när är styrning och risker?", POLITICIANS)
    assert asks_when("Når er masterclass om framtiden?", MASTERCLASS)
    assert asks_when("vilken tid är träffen i december?", MODEL)
    assert asks_when("når er samtalen om opptakene", KNOWN["samskaping-webinarer"])
    assert asks_when("när är digibarometern?", KNOWN["digibarometer"], about=True)
    assert not asks_when("vad är digibarometern?", KNOWN["digibarometer"], about=True)
    assert not asks_when("vad tar vi upp i styrning och risker?", POLITICIANS)
    assert not asks_when("när får vi höra om risker med hybridmöten?", POLITICIANS)
    assert not asks_when("när är det?", POLITICIANS)
    assert not asks_when("när är nästa lärträff?", MODEL)  # one thing on its agenda is to plan until the next meeting


DIGITAL, FIRST = "digitala-dialoger", "leda-samhallsutveckling"


@pytest.mark.parametrize(
    ("text", "programme", "asked", "meetings"),
    [
        ("när pratar ni om hybridmöten?", MASTERCLASS, Asked.DATES, {DIGITAL: Parts(topics=(6,))}),
        ("Når er det lunsj?", MASTERCLASS, Asked.DATES, {DIGITAL: Parts((3,))}),
        ("What time is lunch?", MASTERCLASS, Asked.DATES, {DIGITAL: Parts((3,))}),
        ("Når snakker dere om digitalisering?", POLITICIANS, Asked.DATES, {FIRST: Parts(topics=(2,))}),
        ("vilken dag är den sista träffen?", MODEL, Asked.DATES, {"lartraff-3": Parts()}),
        ("hur dags slutar vi sista dagen?", MODEL, Asked.DATES, {"lartraff-3": Parts()}),
        ("hur lång är lunchen?", MASTERCLASS, Asked.LENGTH, {DIGITAL: Parts((3,))}),
        ("hur lång är lunchrasten?", MASTERCLASS, Asked.LENGTH, {DIGITAL: Parts((3,))}),
        ("Kor lenge varer læringssamling 2?", MODEL, Asked.LENGTH, {"lartraff-2": Parts()}),
        ("How long is the meeting?", MODEL, Asked.LENGTH, {}),
    ],
)
def test_a_time_is_found_by_what_a_meeting_is_called_or_is_about(
    text: str, programme: Programme, asked: Asked, meetings: dict[str, Parts]
) -> None:
    assert times_asked(text, programme) == Times(asked, meetings)


@pytest.mark.parametrize(
    "text",
    [
        "när är träffen om AI?",
        "Når er samlinga om budsjett?",
        "hur långt är det till stationen?",
        "hur lång är bussresan?",
        "hur lång är pausen?",
    ],
)
def test_a_time_of_what_a_programme_does_not_have_is_not_told(text: str) -> None:
    assert times_asked(text, MASTERCLASS).beside


def test_how_long_a_part_lasts_is_not_told_where_nobody_knows_its_end() -> None:
    assert times_asked("hur lång är lunchen?", POLITICIANS).beside  # it is the last thing of the day


def test_what_has_its_time_is_told_before_what_a_meeting_is_merely_about() -> None:
    about = replace(MASTERCLASS.occasions[0], id="om", agenda=(), topics=(Localised({"sv": "Lunch för alla"}),))
    both = replace(MASTERCLASS, occasions=(about, *MASTERCLASS.occasions))
    assert times_asked("när är det lunch?", both).meetings == {DIGITAL: Parts((3,))}
    only = replace(MASTERCLASS, occasions=(about,))
    assert times_asked("när är det lunch?", only).meetings == {"om": Parts(topics=(0,))}


def test_a_part_of_a_day_that_there_is_no_more_has_no_hours() -> None:
    meeting = next(one for one in MASTERCLASS.occasions if one.id == DIGITAL)
    assert hours_of(MASTERCLASS, meeting, 3) is not None
    later = replace(meeting, agenda=tuple(replace(item, day=2) for item in meeting.agenda))
    assert hours_of(MASTERCLASS, later, 3) is None


@pytest.mark.parametrize("text", ["vilka datum", "vilka dagar träffas vi?", "hvilke datoer", "hvilke dager er det?"])
def test_which_days_there_are_is_asked_of_no_part_of_a_day(text: str) -> None:
    assert times_asked(text, MODEL) == Times()


@pytest.mark.parametrize(
    "text",
    [
        "hur länge kan man anmäla sig?",
        "How long do you keep my data?",
        "vad är lunch?",
        "när får vi veta något om budgeten?",
    ],
)
def test_what_asks_for_no_time_has_none(text: str) -> None:
    assert times_asked(text, MASTERCLASS) == Times()


@pytest.mark.parametrize(
    ("text", "programme", "day"),
    [
        ("när får jag mina basfakta?", POLITICIANS, "basfakta"),
        ("När ska vi skicka in planen?", MODEL, "skicka-planering"),
        ("Når er introduksjonsopplæringen?", MODEL, "introduktionsutbildning"),
    ],
)
def test_a_day_that_is_no_meeting_is_found_by_its_title(text: str, programme: Programme, day: str) -> None:
    assert times_asked(text, programme).days == {day}


def test_who_speaks_is_a_question_of_its_own() -> None:
    assert asks_who_speaks("Hvem holder foredraget om kommuneloven?")
    assert asks_who_speaks("vem pratar om AI?")
    assert not asks_who_speaks("vem håller i träffarna?")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("vad kostar det och var är det?", ("vad kostar det", "var är det")),
        ("Når er det? Hvor er lenken?", ("Når er det", "Hvor er lenken")),
        ("vad kostar det, var är det, när är det och vem kommer?", ("vad kostar det", "var är det", "när är det")),
        ("hur lång är den, går det att dela upp den?", ("hur lång är den", "går det att dela upp den")),
        ("Kan jeg bytte? Og hvor melder jeg meg av?", ("Kan jeg bytte", "hvor melder jeg meg av")),
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
