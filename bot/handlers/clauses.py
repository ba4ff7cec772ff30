"""The questions in one message: “what does it cost and where is it?” is two."""

from __future__ import annotations

import re

_MOST = 3
_ASKING = (
    "vad|va|hva|hvad|kva|var|vart|hvor|kvar|kor|när|nær|når|hvornår|vem|vilken|vilket|vilka|hvem|hvilken|hvilket|hvilke|"
    "kven|hur|hvordan|korleis|finns|finnes|finst|ingår|kostar|koster|kan|får|måste|må|är|er|går det|går an|"
    "what|where|when|who|which|how|is|are|does|do|can"
)
_BETWEEN = re.compile(
    rf"\?+\s+|[,;.]?\s+(?:och|og|samt|and|å|o|&)\s+(?=(?:{_ASKING})\b)|[,;.]\s+(?=(?:{_ASKING})\b)", re.IGNORECASE
)
_AND = re.compile(r"^(?:och|og|samt|and|å|o|&)\s+", re.IGNORECASE)
_ASKS = re.compile(rf"\b(?:{_ASKING})\b", re.IGNORECASE)


def clauses(text: str) -> tuple[str, ...]:
    """The questions, where there are several; nothing where there is one."""
    parts = [_AND.sub("", part.strip(" ?!.,;")) for part in _BETWEEN.split(text)]
    whole = [part for part in parts if len(part.split()) > 1 and _ASKS.search(part)]
    return tuple(whole[:_MOST]) if len(whole) > 1 else ()
