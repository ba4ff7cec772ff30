"""Meanings of texts as vectors: who makes them, who keeps them, and how each text is made into one once only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Protocol


class Kind(StrEnum):
    """What a text is to the model, which reads questions and answers differently."""

    QUESTION = "question"
    ANSWER = "answer"


Text = tuple[Kind, str]


class Space(Protocol):
    """Many vectors, to which one is compared."""

    def cosines(self, vector: bytes) -> Sequence[float]:
        """How alike the vector is to each of them, in their order."""


class Meaning(Protocol):
    """A model that knows how alike texts are in meaning."""

    @property
    def name(self) -> str:
        """The model with its version: vectors of another one mean something else."""

    @property
    def usual(self) -> bytes:
        """The vector of a question about nothing in particular."""

    def vector(self, kind: Kind, text: str) -> bytes:
        """The meaning of a text; any text at all."""

    def space(self, vectors: Sequence[bytes]) -> Space:
        """Vectors ready to be compared with."""


class Vectors(Protocol):
    """Where vectors are kept between starts."""

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those of the keys that are kept."""

    def put(self, vectors: Mapping[str, bytes]) -> None:
        """Keep these; a key that is there already has the same vector."""


def key(meaning: Meaning, text: Text) -> str:
    """What a text's vector is kept under."""
    kind, words = text
    return sha256(f"{meaning.name}\n{kind}\n{words}".encode("utf-8", "replace")).hexdigest()


def vectors_of(texts: Iterable[Text], meaning: Meaning, kept: Vectors | None) -> dict[Text, bytes]:
    """The vector of every text; only those that are not kept yet are made, one at a time, which needs least memory."""
    keys = {text: key(meaning, text) for text in texts}
    known = dict(kept.get(set(keys.values()))) if kept else {}
    new: dict[str, bytes] = {}
    for text, its_key in keys.items():
        if its_key not in known:
            known[its_key] = new[its_key] = meaning.vector(*text)
    if kept and new:
        kept.put(new)
    return {text: known[its_key] for text, its_key in keys.items()}
