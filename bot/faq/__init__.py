"""Finds the answer to a question in what coordinators have written, and says when there is none."""

from bot.faq.confidence import BANDS, Bands
from bot.faq.engine import ALIKE_AT, ANSWERS_AT, SUGGESTS_AT, Answer, Engine, Suggestions, Unknown, prepare
from bot.faq.entries import Entry, Match
from bot.faq.meaning import state
from bot.faq.smalltalk import Courtesy, courtesy, is_small_talk
from bot.faq.vectors import Kind, Meaning, Space, Vectors

__all__ = [
    "ALIKE_AT",
    "ANSWERS_AT",
    "BANDS",
    "SUGGESTS_AT",
    "Answer",
    "Bands",
    "Courtesy",
    "Engine",
    "Entry",
    "Kind",
    "Match",
    "Meaning",
    "Space",
    "Suggestions",
    "Unknown",
    "Vectors",
    "courtesy",
    "is_small_talk",
    "prepare",
    "state",
]
