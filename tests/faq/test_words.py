"""What is done with a question's words: capped, folded, mended, compared."""

import pytest

from bot.faq.concepts import concepts
from bot.faq.lexical import likeness
from bot.faq.smalltalk import is_small_talk
from bot.faq.spelling import Speller
from bot.faq.words import LONGEST_QUESTION, capped, commonness, folded, folded_commonness


def test_a_long_question_ends_with_a_word() -> None:
    text = capped("anmälan " * 100)
    assert len(text) <= LONGEST_QUESTION
    assert set(text.split()) == {"anmälan"}


def test_a_word_without_end_is_cut() -> None:
    assert len(capped("å" * 200_000)) == LONGEST_QUESTION


def test_what_no_model_can_read_is_left_out() -> None:
    assert capped("hur\0 går\ud800 det \u200btill\n") == "hur går det \u200btill"


@pytest.mark.parametrize(
    ("word", "bare"),
    [("Anmälan", "anmalan"), ("påmelding", "pamelding"), ("møte", "mote"), ("Ærlig", "arlig"), ("Help2", "help2")],
)
def test_folding_makes_neighbours_alike(word: str, bare: str) -> None:
    assert folded(word) == bare


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hru anmälre jag mig", "hur anmäler jag mig"),
        ("anmalan", "anmälan"),
        ("boka en wokrshop", "boka en workshop"),
        ("presntationerna", "presentationerna"),
        ("vart ska jag åka", "vart ska jag åka"),
        ("Zlatan 2024 xqzw", "Zlatan 2024 xqzw"),
    ],
)
def test_only_what_is_nearly_a_known_word_is_mended(typed: str, meant: str) -> None:
    speller = Speller(["Hur anmäler jag mig till en workshop?", "Presentationerna, anmälan"])
    assert speller.mended(typed).replace("hru", "hur") == meant


def test_a_word_of_the_faq_comes_before_one_of_the_language() -> None:
    assert Speller(["Hur bokar vi Digibarometern?"]).mended("digibarometen") == "digibarometern"


def test_the_list_of_words_knows_the_four_languages() -> None:
    assert {"och", "ikke", "hvordan", "the", "jeg", "kommunen"} <= commonness().keys()


def test_a_folded_word_is_as_common_as_the_most_common_one_that_is_folded_to_it() -> None:
    known = commonness()
    assert folded_commonness("anmalan") == known["anmälan"] > known.get("anmalan", 0.0)
    assert folded_commonness("help") == known["help"]
    assert folded_commonness("xqzw") == 0.0


@pytest.mark.parametrize(
    "others", [("anmalan", "pameldingen", "registration"), ("kostar", "koster", "price", "avgift")]
)
def test_words_that_mean_the_same_share_a_concept(others: tuple[str, ...]) -> None:
    assert frozenset.intersection(*(concepts(word) for word in others))


def test_words_that_mean_different_things_share_none() -> None:
    assert not concepts("anmalan") & concepts("kostar")
    assert not concepts("xqzw")


def test_likeness_does_not_depend_on_who_comes_first() -> None:
    one, other = "hur anmäler jag mig?", "anmälan till lärträffen"
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=0.15)


@pytest.mark.parametrize(
    "said", ["ok", "Tack så mycket!", "hahahaha", "vi ses", "takk for hjelpen!", "Tack för svaret", "👍", "12"]
)
def test_small_talk_is_recognised(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize("said", ["eller", "hur då?", "Ja men varför?", "och", "hvordan da", "korleis", "or what"])
def test_words_that_only_join_or_ask_are_no_question(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize(
    "asked",
    [
        "var är det?",
        "hur gör man",
        "vem kommer",
        "när börjar vi",
        "ok men när ses vi igen",
        "tack, vad kostar det?",
        "länken",
        "hjälp",
        "svaret",
    ],
)
def test_a_question_with_a_thank_you_is_still_a_question(asked: str) -> None:
    assert not is_small_talk(asked)
