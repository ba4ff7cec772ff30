"""Questions as people ask them find their entry, and what is no question finds none; by meaning and by words alike."""

import pytest

from bot.faq import Answer, Engine, Entry, Suggestions, Unknown
from tests.faq.conftest import FAQ


def _best(engine: Engine, question: str) -> str:
    ranked = engine.rank(question)
    return ranked[0][0] if ranked else ""


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("hur gör man för att anmäla sig?", "register"),
        ("hvordan melder jeg meg på?", "register"),
        ("korleis melder eg meg på?", "register"),
        ("hvordan tilmelder man sig?", "register"),
        ("how do I register?", "register"),
        ("hur anmälr jag mgi", "register"),
        ("hur anmaler jag mig", "register"),
        ("avbokning av min plats", "cancel"),
        ("hva koster programmet?", "price"),
        ("what does it cost?", "price"),
        ("presntationerna", "slides"),
        ("er lokalet tilgjengelig for rullestol?", "wheelchair"),
    ],
)
def test_it_understands_the_neighbours_languages_and_bad_spelling(engine: Engine, question: str, entry: str) -> None:
    assert _best(engine, question) == entry


@pytest.mark.parametrize(
    "said", ["ok", "vi ses", "hahaha", "???", "", "   ", "tack så mycket!", "😀😀", "ja", "hej hej", "123", "...ok?"]
)
def test_what_asks_nothing_is_answered_with_nothing(engine: Engine, said: str) -> None:
    assert engine.answer(said) == Unknown()


@pytest.mark.parametrize("said", ["eller", "hur då", "var", "vem"])
def test_words_that_stand_beside_others_alone_suggest_nothing(engine: Engine, said: str) -> None:
    assert engine.answer(said) == Unknown()


def test_such_a_word_is_found_where_an_entry_has_it_as_its_own_words() -> None:
    """The positive control."""
    found = Engine([Entry("place", "Var?", "I Lund.")], meaning=None).answer("var")
    assert isinstance(found, Answer)


@pytest.mark.parametrize(
    "entry",
    [{"id": "a"}, {"id": "a", "question": " ", "answer": ""}, {"question": "Var?"}, {"id": "", "question": "?"}],
)
def test_an_entry_that_nothing_could_find_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"has no (question|id)"):
        Engine([entry], meaning=None)


def test_an_entry_may_be_an_answer_alone() -> None:
    entries = [{"id": "hund", "answer": "Hunden får följa med."}, {"id": "mat", "answer": "Lunch ingår."}]
    assert Engine(entries, meaning=None).rank("Får hunden följa med?")[0][0] == "hund"


def test_an_entry_may_have_other_ways_to_ask_and_no_question() -> None:
    assert isinstance(
        Engine([Entry("a", "", "Ja.", ("Får hunden följa med?",))], meaning=None).answer("Får hunden följa med?"),
        Answer,
    )


@pytest.mark.parametrize(
    "far", ["vem vann matchen i går?", "how tall is the Eiffel tower?", "hur lagar man köttbullar?"]
)
def test_it_says_that_it_does_not_know(engine: Engine, far: str) -> None:
    assert not isinstance(engine.answer(far), Answer)


def test_an_engine_that_always_answers_would_be_noticed(by_words: Engine) -> None:
    """The control of the test above."""
    bold = Engine(FAQ, meaning=None, answers_at=0.0)
    assert isinstance(bold.answer("hur lagar man köttbullar?"), Answer)
    assert not isinstance(by_words.answer("hur lagar man köttbullar?"), Answer)


def test_the_entrys_own_words_are_certain(engine: Engine) -> None:
    found = engine.answer("  HUR avbokar jag min plats ")
    assert isinstance(found, Answer)
    assert found.match.id == "cancel"
    assert found.match.score >= 0.99


def test_a_learnt_phrasing_is_certain() -> None:
    taught = Engine([*FAQ[1:], Entry("register", FAQ[0].question, alternates=("Får man hänga på?",))], meaning=None)
    assert dict(taught.rank("får man hänga på"))["register"] >= 0.99
    assert dict(Engine(FAQ, meaning=None).rank("får man hänga på"))["register"] < 0.5  # the control


def test_two_entries_with_the_same_words_are_both_shown() -> None:
    twins = Engine([Entry("a", "Var ses vi?"), Entry("b", "Var ses vi?"), *FAQ], meaning=None)
    found = twins.answer("var ses vi?")
    assert not isinstance(found, Unknown)
    assert {id for id, _score in twins.rank("var ses vi?")[:2]} == {"a", "b"}


def test_the_slider_moves_both_limits() -> None:
    careful = Engine(FAQ, meaning=None, answers_at=0.995, suggests_at=0.9)
    helpful = Engine(FAQ, meaning=None, answers_at=0.05, suggests_at=0.01)
    asked = "kostar det mycket pengar för kommunen?"
    assert isinstance(Engine(FAQ, meaning=None, answers_at=0.995, suggests_at=0.01).answer(asked), Suggestions)
    assert isinstance(careful.answer(asked), Unknown)
    assert isinstance(helpful.answer(asked), Answer)


def test_ranks_are_probabilities_and_fall(engine: Engine) -> None:
    scores = [score for _id, score in engine.rank("hur anmäler jag en kollega?")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_an_answer_names_the_next_likely_ones(engine: Engine) -> None:
    found = engine.answer("Hur anmäler jag mig?")
    assert isinstance(found, Answer)
    assert len(found.others) == 2
    assert found.match not in found.others


def test_suggestions_are_three_at_most() -> None:
    found = Engine(FAQ, meaning=None, answers_at=1.1, suggests_at=0.0).answer("hur gör jag med min plats?")
    assert isinstance(found, Suggestions)
    assert len(found.matches) == 3


def test_a_question_that_people_said_it_does_not_answer_is_not_answered_again(engine: Engine) -> None:
    asked = "hur anmäler jag en ny kommun?"
    entries = [Entry("register", FAQ[0].question, FAQ[0].answer, rejected=("Hur anmäler vi en ny kommun?",)), *FAQ[1:]]
    wiser = Engine(entries) if engine.semantic else Engine(entries, meaning=None)
    assert dict(wiser.rank(asked))["register"] < dict(engine.rank(asked))["register"] / 2
    assert _best(wiser, "Hur anmäler jag mig?") == "register"


def test_among_leaves_others_out_as_if_they_were_not_there(engine: Engine) -> None:
    ranked = engine.rank("hur anmäler jag mig?", among={"cancel", "price"}.__contains__)
    alone = [entry for entry in FAQ if entry.id in {"cancel", "price"}]
    assert {id for id, _score in ranked} == {"cancel", "price"}
    if not engine.semantic:  # by words, how rare a word is depends on all entries
        return
    assert ranked[0][1] == pytest.approx(Engine(alone).rank("hur anmäler jag mig?")[0][1], abs=0.05)


def test_mappings_are_read_as_they_come() -> None:
    engine = Engine.build([{"id": 7, "question": "Vad kostar det?", "alternates": None, "lang": "sv"}], meaning=None)
    assert [id for id, _score in engine.rank("vad kostar det?")] == ["7"]


def test_an_answer_is_also_found_by_what_it_says() -> None:
    entries = [Entry("a", "Tillgänglighet", "Huset har hiss och ramp."), Entry("b", "Mat", "Lunch ingår i priset.")]
    assert _best(Engine(entries, meaning=None), "finns det hiss i huset?") == "a"


def test_no_entries_know_nothing() -> None:
    assert Engine(meaning=None).answer("Hur anmäler jag mig?") == Unknown()
    assert Engine([Entry("a", "Hej?")], meaning=None).rank("x", among=lambda _id: False) == []


@pytest.mark.parametrize(
    "odd",
    [
        "\0",
        "\ud800 hej",
        "hur\0anmäler\ud83d jag mig",
        "😀" * 400,
        "å" * 200_000,
        "ord " * 50_000,
        "\u202e\u200b",
        "﷽" * 999,
    ],
)
def test_nothing_that_is_typed_is_too_odd(engine: Engine, odd: str) -> None:
    engine.answer(odd)
    engine.like(odd, [odd, "Hur anmäler jag mig?"])


def test_odd_entries_are_no_trouble() -> None:
    odd = ["\0", "\ud800", "😀", "å" * 9000, "?!"]
    engine = Engine([Entry(str(n), text, text, (text,), (text,)) for n, text in enumerate(odd)], meaning=None)
    engine.answer("Hur anmäler jag mig?")


# Likeness


def test_the_same_question_is_wholly_alike(engine: Engine) -> None:
    assert engine.like("Vad kostar det?", ["vad  kostar det"]) == [1.0]


def test_likeness_tells_the_same_question_from_another(engine: Engine) -> None:
    same, other = engine.like("hur anmäler jag mig?", ["hvordan melder jeg meg på?", "finns det hiss i huset?"])
    assert same > 0.5 > other


def test_likeness_keeps_the_order_of_the_others(engine: Engine) -> None:
    others = [f"finns det hiss i hus {number}?" for number in range(50)]
    found = engine.like("Vad kostar programmet?", [*others, "Vad kostar programmet?"])
    assert (len(found), found[-1]) == (51, 1.0)
    assert engine.like("Vad kostar programmet?", []) == []
