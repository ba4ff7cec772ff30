"""Typed words and the actions they stand for; case, accents and common misspellings are forgiven."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.faq import Courtesy, courtesy
from bot.flows import buttons, greeting, linking, own_details, welcome
from bot.handlers.vocabulary import ENOUGH, GREETINGS, LANGUAGES, SPEAK, TAKES_REST, WORDS
from bot.messages import Action
from storage.codes import code_in

_SAID_TO_ME = {
    Courtesy.WISH: greeting.SAME_TO_YOU,
    Courtesy.THANKS: greeting.THANKS,
    Courtesy.PARTING: greeting.GOODBYE,
    Courtesy.GREETING: greeting.GREET,
}
_REMARKED = {Courtesy.REGRET: greeting.NEVER_MIND, Courtesy.PRAISE: greeting.WELL}
"""What may also be somebody's answer to a question that is open to them."""
_LEAST_LIKENESS = 84  # of 100: about one letter in six is missing or too many
_ONE_LETTER = 1  # one wrong letter weighs more than that in a short word: "anmel"
_SHORTEST_FUZZY = 5
_LONGEST = 80  # a longer message is a sentence, not a command
_REMIND_ME = re.compile(
    r"(?:(?:hej|hei|hi|hello)[,!.]? )?(?:(?:kan|vill|vil) du |can you |please |snalla )*"
    r"(?:minn|minna|minne|paminn|paminna|paminne|remind) (?:mig|meg|me)\b(?!.*\b(?:inte|ikke|ikkje|not|aldrig|aldri)\b)"
)
"""How people ask for a reminder of their own, in plain text: I have none, and pass nothing so private on."""
_CALLED = (
    r"(?:(?:hej|hejsan|hei|hallo|halla|hi|hello)[,!.]? )?"
    r"(?:jag heter|mitt namn ar|jeg heter|mitt navn er|eg heiter|namnet mitt er|my name is) "
)
_MISNAMED = re.compile(
    _CALLED + r"(?:(?:fel|feil|galet|galt|wrong|miss?pel|skrev|skrive|stava).*|"
    r"\w+(?: [\w-]+){0,2} (?:nu|numera|na|no|now))"
)
"""How people say, in plain text, that they are called something else than what stands here."""
_INTRODUCES = re.compile(_CALLED + r"\w+(?: [\w-]+){0,2}")
_NEGATES = re.compile(r"\b(?:(?:av|un)\w*|inte|ej|ikke|ikkje|not)\b")
"""In plain text what makes a word its opposite, by so few letters that it would pass for misspelt."""


def plain(text: str) -> str:
    """The text without case, accents and punctuation at its ends: `"Anmäl!"` → `"anmal"`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_NORDIC)
    return " ".join(bare.split()).strip(" .!,:;/\"'“”") or text.strip()


_OUR_NAME = "lartraff"
_NORDIC = str.maketrans({"æ": "a", "ø": "o", "ß": "s"})
_BY_WORD = {plain(word): do for do, words in WORDS.items() for word in words}
_LANGUAGE_NAMES = {plain(name) for name in LANGUAGES}
_LANGUAGES_ASKED = {f"{plain(speak)} {name}": name for speak in SPEAK for name in _LANGUAGE_NAMES}
_GREETED = {plain(said) for said in GREETINGS}
_FUZZY = [word for word in _BY_WORD if len(word) >= _SHORTEST_FUZZY]
_WITH_REST = {word for word in _BY_WORD if _BY_WORD[word] in TAKES_REST} - {plain(word) for word in ENOUGH}
_FUZZY_WITH_REST = [word for word in _FUZZY if word in _WITH_REST]
_NEGATED = {word for word in _FUZZY if _NEGATES.search(word)}


def understand(text: str) -> Action | None:
    """The action that a typed message asks for; what follows a word such as "register" is what it is about."""
    if code := code_in(text):  # that is all one can do with it, whatever stands around it
        return Action(linking.LINK, code)
    typed = plain(text)
    if _REMIND_ME.match(typed):
        return Action(welcome.REMIND_ME)
    if len(text) > _LONGEST:
        return None
    if not typed:
        return Action(buttons.HELP)
    if typed.startswith("@"):  # `@channel` calls people together, and is not our word without its sign
        return None
    if _MISNAMED.fullmatch(typed):
        return Action(own_details.CORRECT)
    if _INTRODUCES.fullmatch(typed):
        return Action(greeting.GREET)
    return _meant(typed) or _after_greeting(typed) or _courteous(text, _SAID_TO_ME)


def remark(text: str) -> Action | None:
    """What to do about a message that asks for nothing, once nothing else has been made of it."""
    return _courteous(text, _REMARKED)


def _courteous(text: str, replies: Mapping[Courtesy, str]) -> Action | None:
    said = courtesy(text)
    return Action(replies[said]) if said is not None and said in replies else None


def _meant(typed: str) -> Action | None:
    return _exact(typed) or _with_rest(typed) or _misspelt(typed) or _misspelt_with_rest(typed)


def _after_greeting(typed: str) -> Action | None:
    """`Hej! Hjälp`: the word that follows a greeting; greeting us by name is a greeting, too."""
    first, _blank, rest = typed.partition(" ")
    if not rest or plain(first) not in _GREETED:
        return None
    return Action(greeting.GREET) if plain(rest) == _OUR_NAME else _meant(plain(rest))


def _exact(typed: str) -> Action | None:
    if language := typed if typed in _LANGUAGE_NAMES else _LANGUAGES_ASKED.get(typed):
        return Action(buttons.LANGUAGE, language)
    do = _BY_WORD.get(typed)
    return Action(do) if do else None


def _with_rest(typed: str) -> Action | None:
    """`link abcde-fghij`, `register masterclass`: the longest word that the message begins with."""
    for word in sorted(_BY_WORD, key=len, reverse=True):
        if word in _WITH_REST and typed.startswith(f"{word} "):
            return Action(_BY_WORD[word], typed[len(word) + 1 :])
    return None


def _misspelt(typed: str) -> Action | None:
    if len(typed) < _SHORTEST_FUZZY:
        return None
    known = _as_negative_as(typed, _FUZZY)
    match = process.extractOne(typed, known, scorer=OSA.distance, score_cutoff=_ONE_LETTER) or process.extractOne(
        typed, known, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS
    )
    return Action(_BY_WORD[match[0]]) if match else None


def _misspelt_with_rest(typed: str) -> Action | None:
    """`kopla abcde-fghij`: a misspelt word that something follows."""
    first, _blank, rest = typed.partition(" ")
    known = _as_negative_as(first, _FUZZY_WITH_REST)
    match = process.extractOne(first, known, scorer=OSA.distance, score_cutoff=_ONE_LETTER)
    return Action(_BY_WORD[match[0]], rest) if rest and match else None


def _as_negative_as(typed: str, words: Sequence[str]) -> list[str]:
    """Those among which a misspelt word may be: whoever wants out must not be taken for somebody who wants in."""
    negated = _NEGATES.search(typed) is not None
    return [word for word in words if (word in _NEGATED) is negated]
