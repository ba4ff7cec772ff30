"""Questions that are rated: how they are shared out over forms, and what stands above and below each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language
from bot.domain.rounds import Area, Asked, Question, QuestionSet, Scale
from bot.flows import asking, rating
from bot.flows.round_drafts import Draft, Facts, Reach, wanted
from bot.messages import Form
from tests.flows.samples import FREE, NOW, words
from tests.handlers.town import text

SCALE = Scale(1, 5, words("Inte alls"), words("Helt"))
HINT = words("Tänk efter.")
AREAS = (Area("a", words("Ledning")), Area("b", words("Teknik")))


def asked(*areas: str) -> tuple[Asked, ...]:
    return tuple(Asked(f"q{n}", words(f"Fråga {n}"), scale=SCALE, area=area) for n, area in enumerate(areas))


@pytest.mark.parametrize(
    ("areas", "sizes"),
    [
        ("", [0]),
        ("-" * 10, [10]),
        ("-" * 11, [6, 5]),
        ("-" * 40, [10, 10, 10, 10]),
        ("aaabbbcccddd", [6, 6]),
        ("a" * 12, [6, 6]),
        ("a" * 8 + "b" * 8 + "c" * 8, [8, 8, 8]),
        ("a" * 9 + "b" + "c" * 5, [9, 6]),
        ("a" * 5 + "b" * 5 + "c" * 5 + "d" * 5 + "e" * 4, [10, 10, 4]),
    ],
)
def test_questions_are_shared_out_over_forms_and_areas_stay_together(areas: str, sizes: list[int]) -> None:
    pages = rating.pages(asked(*(area.strip("-") for area in areas)))
    assert [len(page) for page in pages] == sizes
    assert [one.id for page in pages for one in page] == [f"q{n}" for n in range(len(areas))]


def test_one_goes_on_with_the_first_form_in_which_nothing_is_answered() -> None:
    pages = rating.pages(asked(*["a"] * 5, *["b"] * 10))
    assert [rating.begin_at(pages, found) for found in ((), ("q0",), ("q9",), ("q0", "q14"))] == [0, 1, 0, 0]


def test_an_area_is_named_once_above_its_first_question_and_the_ends_of_the_scale_beside_their_numbers() -> None:
    labelled = rating.labels((*asked("a", "a", "b", ""),), AREAS)
    fields = tuple(rating.field(one.id, label, SCALE, hint=HINT) for one, label in labelled)
    said = [line.rstrip(":") for line in text(Form("x", fields)).splitlines() if "Fråga" in line]
    assert said == ["Ledning: Fråga 0", "Fråga 1", "Teknik: Fråga 2", "Fråga 3"]
    assert [field.hint for field in fields] == [HINT] * 4
    options = [option.label for option in fields[0].options]
    assert [text(Form(one)).strip() for one in options] == ["1 – Inte alls", "2", "3", "4", "5 – Helt", "Don’t know"]


def test_S1_what_a_set_says_of_its_scales_is_frozen_into_the_round_and_shown_before_it_is_asked() -> None:
    rated = tuple(Question(f"q{n}", words(f"Fråga {n}"), scale=SCALE, area="a", was=("old",)) for n in range(2))
    found = QuestionSet("s", words("Skattning"), rated, by_role=False, version="2027", areas=AREAS)
    programme = replace(FREE, question_sets=(found,))
    facts = Facts(programme, NOW, Language.ENGLISH, (), lambda _wanted: Reach(), lambda _wanted, _box: 9)
    draft = Draft(programme.id, f"set:{found.id}", preset=True)
    made = wanted(draft, facts)
    assert (made.set_version, made.areas) == ("2027", AREAS)
    assert [(one.scale, one.area, one.was) for one in made.boxes[0].questions] == [(SCALE, "a", ("old",))] * 2
    shown = asking.ask_preview(draft, facts)
    assert isinstance(shown, Form)
    said = text(shown)
    assert "Skattning (2027)" in said
    assert "Ledning: Fråga 0" in said
    assert said.count("Scale\n  1 – Inte alls, 5 – Helt") == 1
