"""The benchmark measures what it says, and the engine does not fall behind what it measured."""

import pytest

from benchmarks.faq import sets
from benchmarks.faq.bm25 import BM25, stem
from benchmarks.faq.engine import build, by_words
from benchmarks.faq.measures import Result, ask, auroc, calibration_error, figures
from bot.faq import ANSWERS_AT, SUGGESTS_AT, Engine


def _figure(results: list[Result], name: str) -> float:
    found = figures(results, ANSWERS_AT, SUGGESTS_AT)[name]
    assert found is not None
    return found


def test_words_alone_find_far_more_than_stemmed_bm25() -> None:
    own = sets.read(sets.OWN)[0]
    ours, theirs = ask(by_words, own), ask(BM25, own)
    assert _figure(ours, "acc@1") >= 0.58  # measured .62
    assert _figure(theirs, "acc@1") < 0.3  # the control: the set is not easy
    assert _figure(ours, "precise") >= 0.9
    assert _figure(ours, "false far") == 0


def test_meaning_finds_more_than_words(by_meaning: Engine) -> None:
    own = sets.read(sets.OWN)[0]
    results = ask(build, own)
    assert _figure(results, "acc@1") >= 0.67  # measured .71
    assert _figure(results, "precise") >= 0.85
    assert _figure(results, "false near") <= 0.15


@pytest.mark.parametrize(
    ("word", "left"), [("anmälningarna", "anmälning"), ("träffar", "träff"), ("viktigt", "vikt"), ("kommuns", "kommun")]
)
def test_words_are_stemmed_as_snowball_does(word: str, left: str) -> None:
    assert stem(word) == left


def test_auroc_is_one_when_all_answerable_ones_score_above() -> None:
    assert auroc([0.9, 0.8], [0.1]) == 1.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([], [0.5]) is None


def test_a_promise_that_is_kept_is_no_error() -> None:
    question = sets.Question("?", frozenset({"a"}))
    assert calibration_error([Result(question, 1, 1.0, 0.0)]) == 0
    assert calibration_error([Result(question, 0, 1.0, 0.0)]) == 1
