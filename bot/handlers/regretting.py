"""Whether somebody wants an answer back that they have given without their name."""

from __future__ import annotations

import re

from bot.handlers.words import plain

_LONGEST = 80  # characters: what is longer may itself be an answer
_BACK = re.compile(
    r"\b(?:angra|andra|ta (?:till)?baka|ta bort|dra (?:till)?baka|radera|slette?|angre|endre|ta tilbake|ta attende|"
    r"trekke?(?:je)? (?:tilbake|attende)|fjern\w*|take \w* ?back|withdraw|undo|delete|remove|change)\b"
)
_ANSWER = re.compile(
    r"\b(?:svar\w*|skattning\w*|vurdering\w*|answers?|rating|reply|"
    r"det (?:jag|jeg|eg) (?:skrev|skreiv|skickade|sendte?|svarade|svarte|svara)|what i (?:wrote|sent|answered|said))\b"
)
_MAY_I = r"(?:(?:kan|far|vill) jag |(?:kan|vil) (?:jeg|eg) |can i |i want to )?"
_ALONE = re.compile(rf"{_MAY_I}(?:ta|take)(?: (?:det|it))? (?:tillbaka|tilbake|attende|back)(?: (?:det|it))?")


def wants_it_back(text: str) -> bool:
    """“Ta tillbaka mitt svar”, “kan jeg endre svaret mitt?”, “take it back”, and nothing more."""
    said = plain(text)
    if len(said) > _LONGEST:
        return False
    return _ALONE.fullmatch(said) is not None or (_BACK.search(said) is not None and _ANSWER.search(said) is not None)
