"""The guard: everything that points at a person is found, work is left alone, and what is masked stays masked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import guard, numbers
from bot.domain.guard import Finding, Kind, found, masked
from config import organisations
from tests.fixtures.guard_sentences import HARMLESS, HARMLESS_LATER, NAMED, NAMED_LATER, NUMBERED, ROSTER
from tests.fixtures.sample_programmes import samples
from tests.fixtures.seed_board import POSTS

KNOWN = organisations.load().words
LANGUAGES = ("sv", "nb", "nn", "en")


def kinds(text: str, roster: tuple[str, ...] = ()) -> list[Kind]:
    return [one.kind for one in found(text, roster, KNOWN)]


def words(text: str, roster: tuple[str, ...] = ROSTER) -> list[str]:
    return [one.words for one in found(text, roster, KNOWN)]


def lines(block: str) -> list[str]:
    return [line for line in block.split("\n") if line]


def marked(line: str) -> tuple[str, list[tuple[int, int]]]:
    """The sentence, and where its braces were."""
    spans, text = [], ""
    for number, part in enumerate(re.split("[{}]", line)):
        if number % 2:
            spans.append((len(text), len(text) + len(part)))
        text += part
    return text, spans


def covers(findings: tuple[Finding, ...], spans: list[tuple[int, int]]) -> bool:
    return bool(findings) and all(any(one.start <= a and one.end >= b for one in findings) for a, b in spans)


# --- How much it finds, and how much it finds that is not there -------------------------------------------------------


def missed(block: str) -> Iterator[str]:
    for text, spans in map(marked, lines(block)):
        if not covers(found(text, ROSTER, KNOWN), spans):
            yield text


def beside(block: str) -> Iterator[str]:
    """What is found outside the braces."""
    for text, spans in map(marked, lines(block)):
        for one in found(text, ROSTER, KNOWN):
            if spans and not any(one.start < b and one.end > a for a, b in spans):
                yield f"{one.words!r} in {text!r}"


def test_P5b_everything_that_points_at_a_person_is_found() -> None:
    personal = NAMED + NUMBERED + NAMED_LATER
    total, left = len(lines(personal)), list(missed(personal))
    assert total >= 170
    assert not left, f"recall {1 - len(left) / total:.3f} of {total}: {left}"


def test_nothing_is_found_in_what_groups_write_at_work() -> None:
    harmless = [*lines(HARMLESS + HARMLESS_LATER), *(text for _role, _question, text in POSTS)]
    wrong = {text: words(text) for text in harmless if words(text)}
    assert len(harmless) >= 200
    assert not wrong, f"{len(wrong)} of {len(harmless)}: {wrong}"
    assert not list(beside(NAMED + NUMBERED))


def test_control_a_guard_that_knows_no_doubtful_names_stops_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "NOT_ALONE", frozenset())
    assert sum(bool(words(text)) for text in lines(HARMLESS)) > 5


def test_control_a_guard_without_names_or_without_numbers_misses_people(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(guard._Names, "within", lambda *_asked: iter(()))
        assert len(list(missed(NAMED))) > 60
    monkeypatch.setattr(numbers, "identity_numbers", lambda _text: iter(()))
    assert len(list(missed(NUMBERED))) > 10


def test_nothing_is_found_in_the_answers_of_the_sample_programmes() -> None:
    spoken = [entry.answer.wordings for one in samples().values() for entry in one.faq]
    answers = [text for wordings in spoken for language, text in wordings.items() if language != "en"]
    assert len(answers) > 150
    assert not {text: words(text, ()) for text in answers if words(text, ())}


# --- Identity numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "850709-9805", "8507099805", "19850709-9805", "198507099805", "121212+1212", "701063-2391",
        "20000229-0005", "13097248022", "130972 48022", "53097248016",
    ],
)  # fmt: skip
def test_identity_numbers_of_both_countries(text: str) -> None:
    assert kinds(f"Det gäller {text} hos oss") == [Kind.PERSONAL_NUMBER]


@pytest.mark.parametrize("text", ["8507099804", "13097248023", "851309-9805", "20210914", "222000-0315", "12345678901"])
def test_what_has_no_such_day_or_a_wrong_check_digit_is_no_identity_number(text: str) -> None:
    assert Kind.PERSONAL_NUMBER not in kinds(f"Det gäller {text} hos oss")


def test_a_number_that_is_said_to_be_one_or_has_the_hyphen_is_one_even_if_mistyped() -> None:
    assert (
        kinds("850709-9804") == kinds("personnummer 8507099804") == kinds("fnr 13097248023") == [Kind.PERSONAL_NUMBER]
    )


def test_norwegian_numbers_that_are_given_out_from_2032_on_are_found() -> None:
    """Their first check digit may be off by up to three; made here, since there are none yet."""
    made = (f"01013{ten:06}" for ten in range(200_000, 300_000))
    new = next(n for n in made if _rests(n) == (2, 0))
    assert kinds(f"Det gjelder {new}") == [Kind.PERSONAL_NUMBER]
    control = next(n for n in (f"01013{ten:06}" for ten in range(200_000, 300_000)) if _rests(n) == (5, 0))
    assert kinds(f"Det gjelder {control}") == []


def _rests(number: str) -> tuple[int, int]:
    return numbers._weighed(number, numbers._FIRST_WEIGHTS), numbers._weighed(number, numbers._SECOND_WEIGHTS)


def test_the_number_of_a_case_is_none() -> None:
    assert kinds("dnr 210914-1234") == kinds("Ärende KS 850709-9805") == []


# --- Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Be my ta det", "Bo på kansliet", "det är nu", "i liv och lust", "en björn", "Nu då"])
def test_short_names_on_the_roster_that_are_words_too_need_a_capital_inside_a_sentence(text: str) -> None:
    assert words(text) == (["Bo"] if text.startswith("Bo") else [])


def test_the_same_words_are_names_inside_a_sentence_or_with_a_surname() -> None:
    assert [words(f"Fråga {name}!") for name in ("My", "Bo", "Liv", "Nu")] == [["My"], ["Bo"], ["Liv"], ["Nu"]]
    assert words("My Sten vet") + words("my sten vet") == ["My Sten", "my sten"]


def test_accents_capitals_and_the_genitive_do_not_hide_a_name() -> None:
    for text in ("östlunds siffror", "Ostlunds siffror", "ØSTLUNDS siffror"):
        assert len(words(text)) == 1, text


def test_a_place_is_no_person_unless_it_acts_like_one() -> None:
    assert words("Vi var i Nora") == words("Nora kommun har en modell") == []
    assert words("Be Nora ringa") == ["Nora"]


def test_a_nynorsk_word_that_is_written_like_a_name_is_known_by_its_neighbours() -> None:
    for text in ("Vi ser mellom anna på tala", "Gjer noko anna i mai", "Ein anna enn oss", "Alt anna er klart"):
        assert words(text, ()) == []
    assert words("Spør anna på økonomi", ()) == words("Spør anna om det, mellom anna", ()) == ["anna"]
    assert words("Det er mellom Anna og meg", ()) == ["Anna"]


def test_what_stands_on_a_seat_while_nobody_is_named_is_no_name() -> None:
    seats = ("Deltagare 2", "Region Skåne, plats 1", "Rektor", "NN", "", "?")
    assert words("Fler deltagare från region skåne, en plats per rektor", seats) == []


def test_a_surname_goes_with_its_first_name() -> None:
    assert words("Fråga Anna von Essen Kvarnlöf om det") == ["Anna von Essen Kvarnlöf"]


# --- Masking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "Ring [namn], [telefon], [e-post], [personnummer]"),
        ("nb", "Ring [navn], [telefon], [e-post], [fødselsnummer]"),
        ("nn", "Ring [namn], [telefon], [e-post], [fødselsnummer]"),
        ("en", "Ring [name], [phone], [email], [personal number]"),
        ("fi", "Ring [name], [phone], [email], [personal number]"),
    ],
)
def test_masked_in_the_language_of_the_round(language: str, said: str) -> None:
    text = "Ring Eva Lind, 070-123 45 67, eva@lund.se, 850709-9805"
    assert masked(text, found(text, ROSTER), language) == said


_PARTS = [part for line in lines(NAMED + NUMBERED) for part in marked(line)[0].split()]
PIECES = st.sampled_from([*_PARTS, "\n", " ", "-", ".", "[", "]", "+46"])
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES, max_size=25).map("".join),
    st.text("0123456789 -+()/.@", max_size=60),
)
NAMES = st.lists(st.one_of(st.sampled_from(ROSTER), st.text(max_size=20)), max_size=5)


@settings(max_examples=300, deadline=None)
@given(TEXTS, NAMES, st.sampled_from(LANGUAGES))
def test_whatever_is_written_spans_lie_inside_apart_in_order_and_nothing_is_left_when_masked(
    text: str, roster: list[str], language: str
) -> None:
    findings = found(text, roster, KNOWN)
    places = [place for one in findings for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(0 <= one.start < one.end <= len(text) and text[one.start : one.end] == one.words for one in findings)
    again = masked(text, findings, language)
    assert not found(again, roster, KNOWN), again


def test_control_masking_only_the_first_finding_leaves_one() -> None:
    text = "Fråga Anna och Karin Holm"
    assert found(masked(text, found(text, ())[:1], "sv"), ())
