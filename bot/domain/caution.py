"""How sure an answer has to be before it is given, as a programme's coordinators want it."""

from __future__ import annotations

from enum import StrEnum


class Caution(StrEnum):
    """From rather no answer than a wrong one, to rather an attempt than none."""

    CAREFUL = "careful"
    BALANCED = "balanced"
    HELPFUL = "helpful"
