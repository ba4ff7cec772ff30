"""What people write without asking anything: it gets no answer from the FAQ."""

from __future__ import annotations

from bot.faq.words import folded_words

_GREETING = "hej hejsan hallo halla heisann hei hi hello hey hejdo morsning tjena tja god goddag godmorgon godmorgen"
_PARTING = (
    "morgon morgen morning kvall kveld good bye goodbye adjo adieu farvel hadet bra ha det vi ses snakkes see you ya"
)
_THANKS = "later horas tack tusen takk tak sa mycket mye meget hjartligt thanks thank thx ty cheers mange kjempebra"
_ASSENT = (
    "ok okej okey okay okei k kk japp jepp ja jo jada nej nei no yes yep yeah jaha jasa aha ah oh oj hm hmm mm mmm"
)
_PRAISE = "fint fin toppen topp super flott supert perfekt perfect great nice cool kul grymt utmarkt stralande greit"
_OTHERWISE = "haha hehe hihi lol xd sorry forlat unnskyld undskyld ursakta test testing testar"
_JOINING = (
    "och eller men utan for ty samt som att om sa da ju val nog bara alltsa dock liksom og vel jo altsa and or but so"
)
_ASKING = (
    "hur hurdan varfor vad va var vart vem vems vilken vilket vilka nar hvordan hvorfor hva hvor hvem hvilken hvilket "
    "hvilke nar korleis kvifor kva kor kven kvar kvifor how why what where who whom which when then hvad"
)
_SAID = frozenset(f"{_GREETING} {_PARTING} {_THANKS} {_ASSENT} {_PRAISE} {_OTHERWISE}".split())
"""Folded; Swedish, Norwegian, Danish and English together."""
_EMPTY = frozenset(f"{_JOINING} {_ASKING} {_ASSENT}".split())
"""Words that ask for something only beside others, such as “hur då” and “eller”; folded."""
_THANKING = frozenset({"tack", "takk", "tak", "thanks", "thank", "thx"})
_FOR = "for hjalp hjalpen hjelp hjelpen hjelpa hjaelpen svar svaret svaren help your the answer dig deg dere er"
_FOR_WHAT = frozenset(_FOR.split())
_LAUGHTER = frozenset("hae")


def is_small_talk(text: str) -> bool:
    """Whether a text has no word in it that could be asked about."""
    said = folded_words(text)
    if _EMPTY.issuperset(said):
        return True
    silent = _FOR_WHAT if _THANKING.intersection(said) else frozenset[str]()
    return all(word in silent or _says_nothing(word) for word in said)


def _says_nothing(word: str) -> bool:
    laughter = len(word) > 3 and set(word) <= _LAUGHTER
    return word in _SAID or laughter or not any(letter.isalpha() for letter in word)
