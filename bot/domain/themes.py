"""Themes: the words that come back in many posts, counted simply, without any model of language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field

from bot.domain.values import dataclass

LEAST_POSTS = 3
"""What fewer posts have in common may be chance."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A word, with those of the same stem or meaning, that several posts have."""

    words: tuple[str, ...]  # as they stand in the posts, the most common one first
    posts: tuple[int, ...]  # which of the posts that were looked at, from 0
    roles: tuple[str, ...]  # in the order in which they first say it
    looked_at: int  # posts altogether

    @property
    def count(self) -> int:
        """In how many posts it stands; a post that says it twice counts once."""
        return len(self.posts)


def themes(posts: Iterable[tuple[str, str]], besides: Collection[str] = ()) -> tuple[Theme, ...]:
    """What comes back in at least three posts, the most common first.

    Parameters
    ----------
    posts
        Role group and text of each post.
    besides
        Texts whose words are no themes, such as the questions: who answers a question repeats its words.
    """
    looked_at = tuple(posts)
    echoed = {theme for text in besides for theme, _word in _themes_of(text)}
    heard = _Heard()
    for number, (_role, text) in enumerate(looked_at):
        for theme, word in _themes_of(text):
            if theme not in echoed:
                heard.note(theme, word, number)
    found = (heard.theme(theme, looked_at) for theme in _joined(heard.posts))
    enough = [theme for theme in found if theme.count >= LEAST_POSTS]
    return tuple(sorted(enough, key=lambda one: (-one.count, -len(one.roles), one.words)))


@dataclass
class _Heard:
    """Which stem stands in which posts, and in which forms."""

    posts: dict[str, set[int]] = field(default_factory=dict)
    forms: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, theme: str, word: str, post: int) -> None:
        self.posts.setdefault(theme, set()).add(post)
        self.forms.setdefault(theme, Counter())[word] += 1

    def theme(self, stems: Sequence[str], looked_at: Sequence[tuple[str, str]]) -> Theme:
        where = tuple(sorted(set().union(*(self.posts[stem] for stem in stems))))
        forms: Counter[str] = sum((self.forms[stem] for stem in stems), Counter())
        words = sorted(forms, key=lambda word: (-forms[word], len(word), word))
        return Theme(tuple(words), where, tuple(dict.fromkeys(looked_at[n][0] for n in where)), len(looked_at))


def _joined(stems: Collection[str]) -> Iterable[tuple[str, ...]]:
    """Each stem with the compounds of it that others have written, as kunskap with sakkunskap.

    A compound counts with the shortest stem that it begins or ends with, and with that one only.
    """
    whole = [stem for stem in stems if len(stem) >= _LEAST_PART and stem not in _FAMILIES]
    head = {stem: min((one for one in whole if _is_part(one, stem)), key=len, default=stem) for stem in stems}
    for stem in stems:
        if head[stem] == stem:
            yield stem, *(other for other in stems if other != stem and head[other] == stem)


_LEAST_PART = 6  # letters; shorter stems begin words that have nothing to do with them
_LEAST_REST = 3


def _is_part(part: str, compound: str) -> bool:
    """Whether one stem begins or ends another, with a word's length besides."""
    if compound in _FAMILIES or len(compound) < len(part) + _LEAST_REST:
        return False
    return compound.startswith(part) or compound.endswith(part)


# --- Words and stems --------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+")

_FAMILIES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{pattern})", re.IGNORECASE)
    for name, pattern in {
        "together": r"tillsammans|sammanhållning\w*|håll\w* (?:oss )?ihop|samhold\w*|samhald\w*|hold\w* sammen"
        r"|hald\w* saman|together",
        "facts": r"statistik\w*|nyckeltal\w*|nulägesbild\w*|nulägesanalys\w*|nuläge\w*|statistikk\w*|nøkkeltall\w*"
        r"|nykeltal\w*|nåsituasjon\w*|statistics?|indicators?|key figures",
        "communication": r"kommunik\w+|kommunic\w+|communicat\w+",
        "resources": r"\w*resurs\w*|\w*ressurs\w*|resource\w*",
        "follow-up": r"uppfölj\w+|följ\w* upp|oppfølg\w+|følg\w* opp|oppfylgj\w+|fylgj\w* opp|follow\w*[ -]up",
    }.items()
}
"""Words of one meaning, where their spelling hides it, and words whose stems are those of other words."""

_ENDINGS = (
    "ningarna", "heterna", "ningene", "hetene", "ningar", "ningen", "ernas", "arnas", "ornas", "heten", "heter",
    "ernes", "elser", "elsen", "anden", "ning", "enes", "else", "erna", "arna", "orna", "aren", "arne", "erne",
    "ande", "ende", "ades", "het", "ade", "ing", "are", "ene", "ane", "ers", "ens", "ets", "ar", "er", "or", "en",
    "et", "an", "as", "es", "at", "na", "te", "a", "e", "s", "n", "t",
)  # fmt: skip
_LEAST_STEM = 4


def _themes_of(text: str) -> Iterable[tuple[str, str]]:
    """(stem or family, word) of all that a text says."""
    for name, pattern in _FAMILIES.items():
        for match in pattern.finditer(text):
            yield name, match[0].casefold()
        text = pattern.sub(" ", text)
    for word in _words(text):
        yield _stem(word), word


def _words(text: str) -> Iterable[str]:
    for match in _WORD.finditer(text):
        word = match[0].casefold()
        if len(word) >= _LEAST_STEM and word not in _STOP and _stem(word) not in _STOP_STEMS:
            yield word


def _stem(word: str) -> str:
    """Without its endings, as far as four letters are left."""
    for ending in () if word.endswith("ss") else _ENDINGS:  # process keeps its own
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return _stem(word[: -len(ending)])
    return word


_STOP = frozenset(
    """
    about alla alle allerede allt alltid also andra andre annan annat annet antal arbeid arbeide arbeidet arbeta
    arbetar arbete arbetet arbetsgruppen att bara bare because been begge behov behöva behöver behövs being better
    bland ble blei bli blir blivit borde bra bruke både börja bør could deira dela delar denna denne deras deres
    dess dessa det detta dette diskutera disse does driva där därför each efter eftersom egen eget egna eigen eigne
    ein eit eller enbart enno ennå ett etter every exempel finns fleire fler flera flere flest fordi former formerna
    fortgå fortsatt fra fram framåt from frå fråga frågan frågor frågorna från få får fått för före först första
    förut først genom genomföra gjennom gjere gjort gjøre god goda gode godt gärna gång gånger gör göra ha hadde
    hade hans har have hela heller hellre help helt hennes hitta hjelp hjelpe hjelper hjälp hjälpa hjälper hos hur
    hva hvem hver hvis hvor hvordan hvorfor här hålla håller ibland idag igen ikke ikkje important ingen inget innan
    innen inom inte into inåt istället jobba jobbar just kan kanske know komma komme kommer konceptet korleis krävs
    kunde kunna kunne kva kvar kven kvifor lage like lite litt långt låta make mange med medan meir mellan mellom
    mer mera mest mindre minst mitt more most much must mycket mye mykje må mån många måste måtte möjligt need needs
    noe noen noko nokon nye när nästa någon någonting något några och också ofta også olika område oss osv other
    others ours over positivt redan rent respektive rätt sade sak saken saker same samma sammanhang sammen samt
    samtidigt sedan seg should sidan siden sin sina sitt ska skaffa skal skall skapa skape skulle slik slike snart
    som some spørsmål spørsmålet stor stort ställa står större større such svårt svært säga sätt sätta så sådan
    sådant ta tar tas than that their them then there these they thing things this those through tid tidigt til till
    time treng trenger trengs tror tycker tydlig tydliga tydligt under upp ur ut utan uten utifrån utåt vad var vara
    varandra varför varit varje vart vem vere verkligen very vet vi vid viktig viktiga viktigast viktige viktigst
    viktigt vil vilja vilka vilket vill ville visa vise vore väl väldigt vår våra våre vårt være vært want well were
    what when where which while will with work would your ännu är även åt över
    """.split()  # noqa: SIM905
)
_STOP_STEMS = frozenset(map(_stem, ("arbete", "fråga", "viktig", "tydlig", "arbeid", "spørsmål", "question")))
"""Words that say what one does at work, or that hold a sentence together: they are in every board."""
