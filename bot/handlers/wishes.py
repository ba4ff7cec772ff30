"""What a sentence wants done with a seat: to get one, to give it up, or to let somebody else have it."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import product

from bot.flows import buttons
from bot.handlers import registering
from bot.handlers.scene import Scene
from bot.handlers.words import plain
from bot.messages import Action

_LONGEST = 160  # characters: what is longer tells of more than a seat


def wish(scene: Scene, text: str) -> Action | None:
    """The button that a sentence stands for; None for a question, which has an answer, and for all else."""
    said = " ".join(_POLITE.sub(" ", plain(text).replace("’", "'")).split()).lstrip(" ,.!:")
    if len(said) > _LONGEST:
        return None
    if _SUBSTITUTION.search(said) and scene.bookings():  # also as a question: the button helps them most
        return Action(buttons.MINE)
    if said.endswith("?"):
        return None
    return Action(buttons.MINE) if _wants_out(said) else _wants_in(scene, said)


def _wants_out(said: str) -> bool:
    """“I cannot” may be about anything, so that what follows must say no more than to what, and when."""
    away = _after(said, _STAYS_AWAY)
    return _after(said, _GIVES_UP) is not None or (away is not None and _SAYS_WHEN.match(away) is not None)


def _wants_in(scene: Scene, said: str) -> Action | None:
    """“I want to go” may be about anything, unless it names what; “I want to register” is about a seat."""
    about = _after(said, _REGISTERS)
    if about is not None:
        return Action(buttons.REGISTER, about)
    about = _after(said, _TAKES_PART)
    return Action(buttons.REGISTER, about) if about and registering.meant(scene, about) else None


def _after(said: str, phrases: Collection[str]) -> str | None:
    """What follows the longest of these with which it begins; None when it begins with none."""
    begins = (one for one in phrases if said.startswith(one) and not said[len(one) : len(one) + 1].isalnum())
    longest = max(begins, key=len, default=None)
    return said[len(longest) :].strip() if longest is not None else None


# --- How people say so, in plain text ---------------------------------------------------------------------------------


def _each(who: str, *what: str) -> tuple[str, ...]:
    return tuple(plain(f"{one} {said}") for one, said in product(who.split(), what))


def _wishing(*what: str) -> tuple[str, ...]:
    return tuple(f"{want} {plain(said)}" for want, said in product(_WANT, what))


_POLITE = re.compile(
    r"^(?:(?:hej|hejsan|hei|heisann|hallo|hello|hi|ja|jo|nej|nei|no|yes)\b[ ,.!]*)+|"
    r"\b(?:tyvarr|dessverre|diverre|unfortunately|garna|gjerne|ocksa|ogsa|snalla|please|beklager|sorry|plutselig|nog)\b"
)
"""What changes nothing about a wish."""

_GIVES_UP = (
    *("avanmal", "avboka", "anmal mig inte", "avbestill", "meld av", "meld meg av", "meld oss av", "avmeld"),
    *("unregister", "cancel my registration", "cancel my seat", "cancel my place", "cancel our seats"),
    *_each("jag vi", "vill avboka", "vill avanmäla", "måste avboka", "måste avanmäla", "behöver avboka"),
    *_each("jag vi", "fick förhinder", "har fått förhinder", "har förhinder", "måste lämna återbud"),
    *_each("jeg vi", "vil avbestille", "må avbestille", "vil melde meg av", "må melde meg av", "må melde oss av"),
    *_each("jeg vi", "fikk forfall", "har fått forfall", "har forfall", "må melde forfall", "er forhindret"),
    *_each("eg vi me", "vil avbestille", "må avbestille", "vil melde meg av", "må melde meg av", "må melde oss av"),
    *_each("eg vi me", "fekk forfall", "har fått forfall", "har forfall", "må melde forfall", "er forhindra"),
    *_each("i we", "want to cancel", "need to cancel", "have to cancel", "must cancel", "want to unregister"),
)
_STAYS_AWAY = (
    *_each("jag vi", "kan inte", "kommer inte", "kommer inte att kunna", "hinner inte", "vill inte", "är sjuk"),
    *_each("jag vi", "är sjuka", "har blivit sjuk", "blev sjuk", "är förhindrad", "är förkyld"),
    *_each("jeg vi", "kan ikke", "kommer ikke", "rekker ikke", "vil ikke", "er syk", "er syke", "har blitt syk"),
    *_each("eg vi me", "kan ikkje", "kjem ikkje", "rekk ikkje", "vil ikkje", "er sjuk", "er sjuke", "har vorte sjuk"),
    *_each("i we", "cannot", "can not", "can't", "cant", "won't", "will not", "am ill", "am sick"),
    *("i'm ill", "i'm sick", "i am not able to", "i'm not able to", "i am not coming", "i'm not coming"),
    *("kan jag inte", "kan vi inte", "kan jeg ikke", "kan vi ikke", "kan eg ikkje", "kan vi ikkje"),
    *("kan inte", "kommer inte", "kan ikke", "kommer ikke", "kan ikkje", "kjem ikkje", "cannot", "can't"),
)
_COMING = (
    "komma|komme|kome|delta|deltaga|deltaka|narvara|medverka|ga|vara med|vere med|vare med|mote|stille|"
    "come|attend|make it|take part|participate|join|be there|go"
)
_MONTH = "(?:jan|feb|mar|apr|maj|mai|may|jun|jul|aug|sep|okt|oct|nov|dec|des)"
_WEEKDAY = "(?:man|tis|tir|tys|ons|tor|fre|lor|lau|son|sun|mon|tues|wednes|thurs|fri|satur)"
_DAY = (
    rf"\d{{1,2}}\b|(?:in? )?{_MONTH}\w*|{_WEEKDAY}\w*da[gy]\w*|"
    "i ?morgon|i ?morgen|i ?dag|i ?kvall|i ?kveld|today|tomorrow|tonight"
)
_MEETING = (
    r"(?:traff|lartraff|mote|samling|webbinari|webinar|kurs|masterclass|tillfalle|meeting|session|course|workshop)\w*"
)
_TO = "(?:pa|till|til|den|det|the|to|on|i|for|nasta|neste|next|hela|hele|heile)"
_SAYS_WHEN = re.compile(
    rf"(?:{_COMING})?(?: ?(?:{_TO} )*(?:{_DAY}|{_MEETING}))*"
    r"(?:$| ?[,.;!]| (?:for|eftersom|da|fordi|sa|men|because|but|so)\b)"
)
"""To what one does not come, and when; then the sentence ends, or goes on with another."""

_ELSE = (
    "(?:nan|nagon|en|nokon|ein) annan|(?:noen|nokon) andre|en annen|(?:somebody|someone) else|"
    "(?:en|ein|min|a|my) (?:kollega|colleague)"
)
_MY_PLACE = "i (?:mitt|min|vart) (?:stalle|sted|stad)|in my (?:place|stead)|for m(?:ig|eg)|min plass|my (?:place|seat)"
_INSTEAD = f"i ?stallet|i ?stedet|i ?staden|instead|min plats|plassen min|{_MY_PLACE}"
_OTHER_THAN = "(?!(?:ni|dere|de|du|dykk|you|jag|jeg|eg|vi|me|i|we|det|den|it|man|kan|far|can|could|may)\\b)"
_GOES = (
    "ga|gar|komma|kommer|kome|kjem|komme|delta|deltar|deltek|ta|tar|overta|overtar|hoppa in|stille|stiller|"
    "go|goes|come|comes|coming|attend|attends|take|takes|vara med|vere med|vare med"
)
_SUBSTITUTION = re.compile(
    r"(?:^|\b(?:kan|far|can|could|may|men|och|og|but|so|and) |[,.;] ?)"
    rf"(?:{_OTHER_THAN}\w+ ){{1,3}}?(?:{_GOES})\b.*\b(?:{_INSTEAD})\b|"
    rf"\b(?:kan|far|can|could|may) (?:{_ELSE}) (?:{_GOES})\b|"
    rf"\b(?:jag|jeg|eg|vi|me|i|we) (?:(?:kan|vill|vil|can|want to) )?(?:skickar?|sende?r?) "
    rf"(?:(?:{_ELSE})\b|.*\b(?:{_MY_PLACE})\b)"
)
"""Somebody else than who writes, or than us, goes, perhaps sent by them."""

_WANT = (
    *_each("jag vi", "vill", "skulle vilja", "önskar"),
    *_each("jeg vi", "vil", "skulle ville", "ønsker å"),
    *_each("eg vi me", "vil", "skulle vilje", "ynskjer å"),
    *_each("i we", "want to", "would like to", "wish to"),
    *("i'd like to", "we'd like to", "vill", "vil", "want to"),
)
_REGISTERS = _wishing(
    *("anmäla mig", "anmäla oss", "skriva upp mig", "boka plats", "boka en plats"),
    *("melde meg på", "melde oss på", "bli påmeldt", "bli påmeld"),
    *("sign up", "register", "register myself", "book a seat"),
)
_TAKES_PART = _wishing(
    *("gå", "vara med", "delta", "komma", "anmäla", "være med", "bli med", "komme", "melde på", "vere med"),
    *("kome", "join", "attend", "take part", "participate", "go", "come"),
)
