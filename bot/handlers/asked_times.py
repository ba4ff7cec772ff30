"""What a question asks of the timetable: when something is, or how long it lasts, and which meeting or part that is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import lru_cache, partial

from rapidfuzz import fuzz

from bot.domain.programmes import Occasion, Programme
from bot.domain.values import dataclass
from bot.domain.words import Localised
from bot.faq.concepts import concepts
from bot.flows.facts import Asked
from bot.flows.timetable import Parts, hours_of
from bot.handlers.naming import meetings_said, names_one, without_days
from bot.handlers.words import plain

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Times:
    """What is asked for: nothing, or of which meetings, and of which parts of their agendas."""

    asked: Asked | None = None  # DATES or LENGTH
    meetings: Mapping[str, Parts] = field(default_factory=dict)  # by occasion
    days: frozenset[str] = frozenset()  # that are no meetings, such as the last one to send something in
    beside: bool = False  # it asks when or how long, of something that the programme does not have

    @property
    def is_answered(self) -> bool:
        return self.asked is not None and not self.beside


NOTHING = Times()


def times_asked(text: str, programme: Programme, *, about: bool = False) -> Times:
    """What a question asks of this programme's timetable; `about`: it names the programme."""
    said = without_days(plain(text))
    if _HOW_LONG.search(said):
        return _length(text, said, programme)
    if _WHEN.search(said) and not _NEXT.search(said):
        return _when(text, said, programme, about=about)
    return NOTHING


def asks_who_speaks(text: str) -> bool:
    """Whether a question is who gives a talk."""
    return _WHO_SPEAKS.search(plain(text)) is not None


def asks_length(text: str, other: str = "") -> bool:
    """Whether a question is how long a meeting is, whichever, or of the sort that another question names."""
    said = plain(text)
    same = not other or any(_is_same(one, its) for one in _sorts_of_meetings(other) for its in _sorts_of_meetings(text))
    return _HOW_LONG.search(said) is not None and not _words(said, _LASTING) and same


def _sorts_of_meetings(text: str) -> frozenset[str]:
    """What a question calls the meeting: a workshop, a course."""
    return frozenset(_MEETING.split()).intersection(_plain_words(text))


_WHO_SPEAKS = re.compile(
    r"^(?:vem|vilka|hvem|kven|who) (?:\w+ )?(?:pratar?|talar?|forelaser|foredrar|snakkar|snakker?|foreleser|forelesar|"
    r"(?:haller|holder|held|holdt|holl|heldt) (?:i )?(?:fore|talk)\w*|speaks?|talks?|gives|gave)\b"
)

# --- When -------------------------------------------------------------------------------------------------------------

_DAY = r"(?:dagen|dag|dato|datum|tid|veckodag|ukedag|vekedag|date|day|time|klockslag)"
_WHEN = re.compile(rf"\b(?:nar|hvornar|when|dags|datum|dato|date|tid|(?:vilken|hvilken|kva|hva|which|what) {_DAY})\b")
_NEXT = re.compile(r"\b(?:nasta|neste|naste|next)\b")
_ABOUT = re.compile(r"\b(?:om|about)\s+\w")
_MEETING = (
    "traffen traff traffar traffarna lartraffen lartraff tillfalle tillfallet samling samlingen samlinga webinar "
    "webinaret webbinarium webbinariet mote motet meeting session dagen dag dagar day days del delen part masterclass "
    "kursen kurset course verkstedet verkstaden workshopen workshoppen workshop samtalet samtalen samtala conversation"
)
_BESIDE_IT = (
    "nar hvornar when datum dato date tid tiden dags klockan klokka klokken time veckodag ukedag vekedag ar er is are "
    "hur den det the it on in i pa kl om about of for at a an vilket vilken hvilken hvilket kva hva what which med "
    "with e ska skal blir ager rum borjar starter startar byrjar begynner begins begin start starts slutar slutter "
    "sluttar finish end ends forsta andra tredje forste andre siste sista last first second third ni man jag jeg eg "
    "dere de me we do does you vi pratar talar prata tala tar ta tek upp opp gar igenom gjennom gjennomgar diskuterar "
    "diskuterer handlar handler jobbar jobber arbetar lar gor gjor gjer snakker snakkar talk discuss cover "
    "snackar har have go through passet pass punkten punktet schemat skjemaet schedule agendan agenda "
    "dagordningen dagsorden programmet vilka hvilke"
)
_AROUND = frozenset(_MEETING.split()) | frozenset(_BESIDE_IT.split())


def _when(text: str, said: str, programme: Programme, *, about: bool) -> Times:
    named = meetings_said(text, programme)
    titles = _titles(programme, named, about=about)
    rest = [word for word in _words(said) if not names_one(word, titles)]
    if not rest:
        return Times(Asked.DATES, dict.fromkeys(named, Parts())) if named or about else NOTHING
    if found := _told(rest, programme, named):
        return Times(Asked.DATES, found)
    if days := _days(rest, programme):
        return Times(Asked.DATES, days=days)
    return Times(Asked.DATES, beside=True) if _ABOUT.search(said) and _names_a_meeting(said) else NOTHING


def _days(rest: Sequence[str], programme: Programme) -> frozenset[str]:
    """The days whose title has all of these words, but for those that are about oneself."""
    asked = [word for word in rest if word not in _ONESELF]
    return frozenset(one.id for one in programme.dates if asked and _is_about(asked, _all_words(one.title)))


_OF_ONESELF = (
    "far fa mina min mitt mine vara var vart vare era dykkar deres our my get gets receive senast senest seinast "
    "latest maste ma must should due inne vere vaere be klar klart ferdig"
)
_ONESELF = frozenset(_OF_ONESELF.split())


def _titles(programme: Programme, named: Collection[str], *, about: bool) -> set[str]:
    meant = [programme.title] if about else []
    meant += [one.title for one in programme.occasions if one.id in named]
    return {word for title in meant for word in _all_words(title)}


def _names_a_meeting(said: str) -> bool:
    return not frozenset(_MEETING.split()).isdisjoint(_WORD.findall(said))


# --- How long ---------------------------------------------------------------------------------------------------------

_HOW_LONG = re.compile(
    r"^(?:och |og |and )?(?:(?:hur|hvor|kor) (?:langt?|langa|lange|lenge|lang tid|manga timmar|mange tim\w+)"
    r"|how (?:long|many hours))\b(?! (?:kan|far|spar|lagr|har|can|may|do you|will you))"
)
_BESIDE_LENGTH = (
    "lang langt langa lange lenge manga mange timmar timer timar hours many long how hvor kor varar varer vara vare "
    "pagar haller holder haldi halla halda holde take takes lasts run runs kommer till til varje kvar hver each every "
    "sjalva selve langd nasta neste next"
)
_LASTING = _AROUND | frozenset(_BESIDE_LENGTH.split())
_BREAKS = ("rast", "paus", "pause", "break")


def _length(text: str, said: str, programme: Programme) -> Times:
    named = meetings_said(text, programme)
    titles = _titles(programme, named, about=False)
    rest = [word for word in _words(said, _LASTING) if not names_one(word, titles)]
    if not rest:
        return Times(Asked.LENGTH, dict.fromkeys(named, Parts()))
    parts = [word for word in rest if not word.startswith(_BREAKS)] or rest
    told = _told(parts, programme, named).items()
    found = {id: Parts(ending) for id, there in told if (ending := _ending(programme, id, there.agenda))}
    return Times(Asked.LENGTH, found, beside=not found)


def _ending(programme: Programme, id: str, parts: Sequence[int]) -> tuple[int, ...]:
    """Those of a meeting's parts of which it is known how long they last."""
    occasion = next(one for one in programme.occasions if one.id == id)
    return tuple(part for part in parts if hours_of(programme, occasion, part) is not None)


# --- What is told -----------------------------------------------------------------------------------------------------


def _words(said: str, around: frozenset[str] = _AROUND) -> list[str]:
    return [word for word in _WORD.findall(said) if word not in around and not word.isdigit()]


def _told(asked: Collection[str], programme: Programme, named: Collection[str]) -> dict[str, Parts]:
    """The meetings that are about all of these words, and what of them is."""
    among = [one for one in programme.occasions if not named or one.id in named]
    found = {one.id: _parts(asked, one) for one in among if _is_about(asked, _subjects(one))}
    with_times = {id: parts for id, parts in found.items() if parts.agenda}
    return with_times or found


def _parts(asked: Collection[str], occasion: Occasion) -> Parts:
    agenda = (number for number, item in enumerate(occasion.agenda) if _is_about(asked, _all_words(item.what)))
    topics = (number for number, topic in enumerate(occasion.topics) if _is_about(asked, _all_words(topic)))
    return Parts(tuple(agenda), tuple(topics))


def _subjects(occasion: Occasion) -> frozenset[str]:
    told = (occasion.title, *occasion.topics, *(item.what for item in occasion.agenda))
    return frozenset(word for words in told for word in _all_words(words))


def _all_words(words: Localised) -> Iterator[str]:
    """Its words in every language, folded."""
    return (word for text in words.wordings.values() for word in _plain_words(text))


@lru_cache(maxsize=5000)
def _plain_words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(plain(text)))


def _is_about(asked: Iterable[str], told: Iterable[str]) -> bool:
    there = frozenset(told)
    return all(any(map(partial(_is_same, word), there)) for word in asked)


_SHORTEST = 4  # letters that two words share at least
_KEPT = 0.7  # of the longer word is left when its ending changes
_TELLING = 7  # letters of a word that may be spelt otherwise: riskanalys, risikoanalyse
_ALIKE = 82  # percent


@lru_cache(maxsize=20_000)
def _is_same(asked: str, told: str) -> bool:
    """Whether one is the other with another ending, in a compound of a break, or in the neighbour's language."""
    shorter, longer = sorted((asked, told), key=len)
    if asked == told or concepts(asked) & concepts(told):
        return True
    if len(told) >= _SHORTEST and asked.startswith(told) and asked[len(told) :].startswith(_BREAKS):
        return True
    kept = max(_SHORTEST, round(_KEPT * len(longer)))
    if len(shorter) >= kept and shorter[:kept] == longer[:kept]:
        return True
    return len(shorter) >= _TELLING and fuzz.ratio(asked, told) >= _ALIKE
