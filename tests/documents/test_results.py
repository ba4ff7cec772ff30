"""A self-assessment as a report, in Word and as CSV: every figure against one computed another way."""

from __future__ import annotations

import csv
import statistics
import zlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from io import BytesIO, StringIO

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.bar_picture import bar
from bot.documents.report import Report, Table, of_comparison, of_result
from bot.documents.results import csv_of_comparison, csv_of_result, word_file
from bot.domain.assessment import Tally, compare, result
from bot.domain.people import Language
from bot.texts import bars_of
from tests.documents.dossiers import AT, HOSTILE, PROGRAMME, swedish, translators
from tests.documents.test_word import alive
from tests.domain.test_assessment import FEW, ROLES, about, asked, tally
from tests.flows.samples import words

ROUND = replace(about(), closed_at=AT)
LATER = replace(about(id="r2"), closed_at=AT.replace(year=2030))
RESULT = result(ROUND, FEW)
MORE = tally(
    politiker_mal="33445", chefer_mal="44551", strateger_mal="333445",
    politiker_roller="33333", chefer_roller="55555", strateger_roller="123451",
)  # fmt: skip
CELL = st.lists(st.integers(1, 5), max_size=12)
GIVEN = st.fixed_dictionaries({f"{role}_{id}": CELL for role in ROLES for id in ("mal", "roller", "data")})


def stored(given_: dict[str, list[int]]) -> Tally:
    return tally(**{name: "".join(map(str, values)) for name, values in given_.items()})


def table(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(written.decode("utf-8-sig")), delimiter=";"))


def rounded(value: Decimal | Fraction, places: str) -> str:
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return str(value.quantize(Decimal(places), ROUND_HALF_UP)).replace(".", ",")


def expected(ratings: Sequence[int]) -> tuple[str, str, str]:
    """n, mean and spread as a Swedish reader sees them, by way of the statistics module and decimals."""
    exact = [Decimal(one) for one in ratings]
    with_spread = statistics.pvariance(list(map(Fraction, ratings)))
    spread = (Decimal(with_spread.numerator) / Decimal(with_spread.denominator)).sqrt()
    return str(len(ratings)), rounded(Fraction(sum(ratings), len(exact)), "0.1"), rounded(spread, "0.1")


def figures_of(line: dict[str, str], when: str = "") -> tuple[str, str, str]:
    return line[f"{when}Skattningar"], line[f"{when}Medelvärde"], line[f"{when}Spridning"]


HIDDEN = ("för få för att visas",) * 3
BLOCKED = "kan inte jämföras: för få i någon roll svarade en av gångerna"


# --- CSV --------------------------------------------------------------------------------------------------------------


@given(GIVEN)
@settings(max_examples=40, deadline=None)
def test_every_figure_of_a_round_is_right_and_what_is_hidden_says_so(given_: dict[str, list[int]]) -> None:
    lines = table(csv_of_result(result(ROUND, stored(given_)), ROLES, swedish))
    found = {(line["Kortnamn"], line["Vem"]): line for line in lines if line["Typ"] != "Område"}
    for id in ("mal", "roller", "data"):
        shown = [given_[f"{role}_{id}"] for role in ROLES if len(given_[f"{role}_{id}"]) >= 5]
        every = [rating for ratings in shown for rating in ratings]
        for name, ratings in (("Alla tillsammans", every), *((r.title(), given_[f"{r}_{id}"]) for r in ROLES)):
            line = found[id, name]
            assert figures_of(line) == (expected(ratings) if len(ratings) >= 5 else HIDDEN)
            counts = [str(ratings.count(value)) for value in range(1, 6)] if len(ratings) >= 5 else [HIDDEN[0]] * 5
            assert [line[str(value)] for value in range(1, 6)] == counts


@given(GIVEN, GIVEN)
@settings(max_examples=40, deadline=None)
def test_every_figure_of_two_rounds_is_right(before: dict[str, list[int]], after: dict[str, list[int]]) -> None:
    found = compare(result(ROUND, stored(before)), result(LATER, stored(after)))
    lines = {(line["Kortnamn"], line["Vem"]): line for line in table(csv_of_comparison(found, swedish))}
    for id in ("mal", "roller", "data"):
        one, other = (
            {role: given_[f"{role}_{id}"] for role in ROLES if len(given_[f"{role}_{id}"]) >= 5}
            for given_ in (before, after)
        )
        line = lines[id, "Alla tillsammans"]
        if set(one) != set(other) or not one:
            assert line["Skillnad"] == BLOCKED
            continue
        then, now = ([rating for ratings in slices.values() for rating in ratings] for slices in (one, other))
        apart = statistics.mean(map(Fraction, now)) - statistics.mean(map(Fraction, then))
        assert figures_of(line, "Förra gången: ") == expected(then)
        assert figures_of(line, "Den här gången: ") == expected(now)
        assert line["Skillnad"].lstrip("+") == rounded(apart, "0.01").replace("-0,00", "0,00")
        assert line["Betyder"] == ("har flyttat sig" if abs(apart) >= 0.5 else "står kvar")


def test_what_was_written_is_no_formula_and_a_difference_is_a_number() -> None:
    hostile = about(asked("mal"), asked("roller"), roles=("",), threshold=1)
    box = replace(hostile.boxes[0], questions=tuple(replace(q, text=words("=1+1")) for q in hostile.boxes[0].questions))
    found = compare(result(replace(hostile, boxes=(box,)), tally(_mal="3")), result(hostile, tally(_mal="1")))
    written = csv_of_result(result(replace(hostile, boxes=(box,)), tally(_mal="3")), (), swedish)
    assert {line["Fråga eller område"] for line in table(written)} == {"'=1+1"}
    assert table(csv_of_comparison(found, swedish))[0]["Skillnad"] == "-2,00"


# --- The report -------------------------------------------------------------------------------------------------------


def board_page() -> Report:
    return of_comparison(compare(RESULT, result(LATER, MORE)), PROGRAMME)


def every_table(report: Report) -> list[Table]:
    return [one for one in (report.levels, *report.tables, *report.annex) if one is not None]


def areas(report: Report) -> list[list[str]]:
    assert report.levels is not None
    return [
        [swedish.say(one) for one in (entry.name, *line)] for entry in report.levels.entries for line in entry.lines
    ]


def test_C7_the_page_for_the_board_says_areas_moves_what_remains_and_where_people_disagree() -> None:
    report = board_page()
    assert [swedish.say(one.title) for one in report.tables] == [
        "Det som har flyttat sig mest", "Det som står kvar och är lägst", "Där man är mest oense",
    ]  # fmt: skip
    assert swedish.say(report.title) == "2027 och 2030: Skattning"
    assert len(report.method) == 2


def test_C7c_it_is_said_that_these_are_not_the_same_people() -> None:
    assert "Det är inte samma personer som har svarat båda gångerna." in swedish.say(board_page().remarks[0])


def test_before_and_after_stand_beside_each_other_with_how_many_and_how_far_apart() -> None:
    ((name, before, after, apart, meaning),) = areas(board_page())[:1]
    assert (name, before, after) == (
        "Ledning",
        "3,2 (1,5; 16)",
        "3,5 (1,4; 16)",
    )
    assert (apart, meaning) == ("+0,31", "står kvar")


def test_the_chart_has_the_figures_of_the_tables() -> None:
    report = of_result(RESULT, PROGRAMME, ROLES)
    assert report.chart is not None
    assert report.levels is not None
    drawn = {
        (swedish.say(g.label), swedish.say(b.name)): swedish.say(b.value) for g in bars_of(report.chart) for b in g.bars
    }
    heads = [swedish.say(head) for head in report.levels.heads[1:]]
    in_table = {(line[0], head): cell for line in areas(report) for head, cell in zip(heads, line[1:], strict=True)}
    assert {place: value for place, value in drawn.items() if place[1] in heads} == {
        place: cell.partition(" (")[0] for place, cell in in_table.items() if place[1] in {name for _g, name in drawn}
    }


def test_a_role_sees_itself_and_all_together_and_no_other_role() -> None:
    report = of_result(RESULT, PROGRAMME, ("politiker",))
    everything = [swedish.say(w) for t in every_table(report) for e in t.entries for line in e.lines for w in line]
    assert "Politiker" in everything
    assert "Chefer" not in everything


# --- Word -------------------------------------------------------------------------------------------------------------


def opened(report: Report, language: Language = Language.SWEDISH) -> Paper:
    return Document(BytesIO(word_file(report, translators(language), AT)))


def cells(paper: Paper) -> list[str]:
    return [cell.text for made in paper.tables for row in made.rows for cell in row.cells]


def test_the_document_has_every_table_of_the_page_with_every_cell() -> None:
    report = board_page()
    found, paper = [], opened(report)
    for one in every_table(report):
        found += [swedish.say(w) for entry in one.entries for line in entry.lines for w in (entry.name, *line)]
    assert set(found) <= {*cells(paper), *(p.text for p in paper.paragraphs)}


def test_each_bar_is_a_picture_that_is_read_out_as_its_figure() -> None:
    report = of_result(RESULT, PROGRAMME, ROLES)
    assert report.chart is not None
    read_out = [one.get("descr") for one in opened(report).element.iter(qn("wp:docPr"))]
    assert read_out[:2] == ["Ledning, Alla tillsammans: 3,0", "Ledning, Politiker: 1,9"]
    shown = [one for group in bars_of(report.chart) for one in group.bars if one.percent is not None]
    assert len(read_out) == len(shown)


@pytest.mark.parametrize("language", Language)
def test_it_is_written_in_every_language(language: Language) -> None:
    assert len(opened(board_page(), language).tables) >= 4


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_statements_stay_text(text: str) -> None:
    hostile = replace(ROUND, title=words(text), boxes=tuple(
        replace(box, questions=tuple(replace(q, text=words(text)) for q in box.questions)) for box in ROUND.boxes
    ))  # fmt: skip
    assert alive(word_file(of_result(result(hostile, FEW), PROGRAMME, ROLES), swedish, AT)) == []


@pytest.mark.parametrize(("percent", "filled"), [(0, 0), (50, 150), (100, 300)])
def test_a_bar_is_as_long_as_its_figure(percent: float, filled: int) -> None:
    picture = bar(percent, 0)
    pixels = zlib.decompress(picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8])
    row = pixels[1:901]
    assert sum(row[n : n + 3] == b"\x0d\x55\x67" for n in range(0, 900, 3)) == filled
