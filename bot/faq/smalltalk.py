"""What people write without asking anything: it gets no answer from the FAQ, and a kind one from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

from bot.domain.values import dataclass
from bot.faq.words import folded_words

# All words are folded; Swedish, Norwegian, Danish and English stand together.


class Courtesy(StrEnum):
    """What somebody says who asks for nothing. Of several in one message the first here is answered."""

    WISH = "wish"  # of a good day, or a merry Christmas
    THANKS = "thanks"
    PARTING = "parting"
    GREETING = "greeting"
    REGRET = "regret"
    PRAISE = "praise"  # and assent


@dataclass(frozen=True, slots=True)
class _Wording:
    """How a courtesy is worded: with a word of each of these sets, and with no others than those beside."""

    needs: tuple[frozenset[str], ...]
    beside: frozenset[str] = frozenset()

    def is_in(self, said: frozenset[str]) -> bool:
        return all(need & said for need in self.needs)

    @property
    def words(self) -> frozenset[str]:
        return self.beside.union(*self.needs)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PRAISE = _set("""
    bra jattebra kjempebra toppen topp kanon kul fint fin jattefint kjempefint flott kjempeflott super supert perfekt
    perfect grymt utmarkt stralande greit greitt underbart snallt snilt great good nice cool awesome excellent fine najs
    snyggt lysande harligt herlig bast best flink duktig smart lugnt welldone gotit forstar forstatt forstod skjonner
    skjonar skjonte understood uppfattat oppfattet oppfatta noterat notert fattar ok okej okey okay okei k kk alright
    visst javisst absolut absolutt precis akkurat javel just klart sjalvklart selvsagt sjolvsagt ja jo jada japp jepp
    yes yep yeah aha ah oh jaha jasa mm mmm haha hehe hihi lol xd
""")
_THANKING = _set("tack tackar takk takker tak thanks thank thx ty cheers tusentack tusentakk")
_FOR = "for"
_FOR_WHAT = _set("""
    hjalp hjalpen hjelp hjelpen hjelpa hjaelpen help svar svaret svaren svarene svara answer answers info infon
    informationen informasjonen paminnelsen paminnelse paminningen paminninga reminder allt alt allting everything
    the your
""") | {_FOR}
"""“Tack för svaret” is a courtesy; “svar, tack” asks for one."""
_WORDINGS: Mapping[Courtesy, _Wording] = {
    Courtesy.WISH: _Wording(
        needs=(
            _set("trevlig trevligt hyggelig god glad fin skon lycklig bra gott happy merry nice good great"),
            _set("""
                helg helgen helga kvall kveld eftermiddag ettermiddag dag vecka uke veke jul pask paske midsommar sommar
                sommer semester ferie natt tur resa reise nyttar weekend evening night day week christmas easter year
                holiday holidays summer trip
            """),
        ),
        beside=_set("ha have en ei ein a riktigt new"),
    ),
    Courtesy.THANKS: _Wording(
        needs=(_THANKING,),
        beside=_set("stort tusen hjartligt hjertelig mange a lot det it snalla skal ska ha hjalpte hjelpte helped"),
    ),
    Courtesy.PARTING: _Wording(
        needs=(
            _set("hejda adjo adieu farvel hadet hade bye goodbye ses sees syns sjaast snakkes hors vihores seeyou"),
        ),
        beside=_set("""
            vi pa i om mandag tisdag tirsdag onsdag torsdag fredag lordag laurdag sondag sundag imorgon morgon imorgen
            morgen snart senare seinare igen igjen nasta neste gang gong vecka uke veke gott godt soon later again
            tomorrow next week time then for now
        """),
    ),
    Courtesy.GREETING: _Wording(
        needs=(
            _set("""
                hej hejsan hejhej hallo halla heisann hei hi hello hey morsning morn tjena tjenare tja tjo tjabba god
                goddag godmorgon godmorgen godkvall morning test testar testing
            """),
        ),
        beside=_set("""
            pa dar der there here igen igjen again hoppsan svejs bot boten robot dag kvall kveld morgon morgen evening
            afternoon ar are
        """),
    ),
    Courtesy.REGRET: _Wording(
        needs=(_set("forlat unnskyld unnskuld undskyld ursakta sorry oops oj ojsan ojda hoppsan uff"),),
        beside=_set("fel feil jag jeg eg i skrev skreiv wrote menade mente meinte my bad wrong"),
    ),
    Courtesy.PRAISE: _Wording(
        needs=(_PRAISE,),
        beside=_set("""
            det den dette this later hores ser blir ut jag jeg eg i jobbat jobba jobb gjort na nu helt is sounds looks
            work job
        """),
    ),
}
_BESIDE_ALL = _PRAISE | _set("""
    dig deg dej er dere de dykk du ni you alla alle allihop allihopa all everybody everyone folks och og and men da sa
    nej nei no jatte valdigt hemskt veldig mycket mye mykje jattemycket very much really so verkligen
    virkelig lartraff kara kjare detvar detar deter duar duer youare itis itwas thatis
""")
_WHOLE: Mapping[str, Courtesy] = {
    said: sort
    for sort, sentences in {
        Courtesy.WISH: (
            "lycka till,lykke til,good luck,detsamma,det samma,i like mate,krya pa dig,god bedring,valkommen,velkommen,"
            "welcome"
        ),
        Courtesy.REGRET: (
            "glom det,strunt samma,strunt i det,det var inget,det var ingenting,inget,ingenting,nej inget,vanta,"
            "spelar ingen roll,vanta lite,fel av mig,glem det,ikke noe,samme det,vent,vent litt,feil av meg,gloym det,"
            "ikkje noko,same det,never mind,nevermind,forget it,nothing,wait"
        ),
        Courtesy.PRAISE: (
            "da vet jag,okej da vet jag,ok da vet jag,da gor vi sa,aha da gor vi sa,inga problem,ingen fara,da vet jeg,"
            "da gjor vi det,ingen problem,da veit eg,da gjer vi det,i see,no problem"
        ),
    }.items()
    for said in sentences.split(",")
}
"""What is a courtesy only as a whole."""
_PAIRS = frozenset(
    {
        *(("hej", "da"), ("ha", "det"), ("good", "bye"), ("see", "you"), ("vi", "hores"), ("nytt", "ar")),
        *(("well", "done"), ("got", "it"), ("det", "var"), ("det", "ar"), ("det", "er"), ("du", "ar"), ("du", "er")),
        *(("you", "are"), ("it", "is"), ("it", "was"), ("that", "is")),
    }
)
"""Two words that say something else together: “det var” tells, where “var det” asks."""
_MEETING_AGAIN = frozenset((verb, "vi") for verb in ("ses", "sees", "hors", "snakkes", "sjaast"))
"""“Ses vi på tisdag” asks, without its question mark, too."""
_EXCLAIMING = _set("vad hva kva hvor sa how what")
_JOINING = _set("""
    och eller men utan for ty samt som att om sa da ju val nog bara alltsa dock liksom og vel jo altsa and or but so
""")
_ASKING = _set("""
    hur hurdan varfor vad va var vart vem vems vilken vilket vilka nar hvordan hvorfor hva hvor hvem hvilken hvilket
    hvilke nar korleis kvifor kva kor kven kvar kvifor how why what where who whom which when then hvad
""")
_EMPTY = _JOINING | _ASKING | _set("ok okej okay ja jo jada nej nei no yes aha hm hmm nja nah")
"""Words that ask for something only beside others, such as “hur då” and “eller”."""
_LAUGHTER = "haha"


def is_small_talk(text: str) -> bool:
    """Whether a text has no word in it that could be asked about."""
    return _EMPTY.issuperset(_said(text)) or courtesy(text) is not None


def courtesy(text: str) -> Courtesy | None:
    """What a text says that asks for nothing; None for one that may ask, and for one that says nothing at all."""
    return _WHOLE.get(" ".join(folded_words(text))) or _in_words(_said(text), asks="?" in text)


def _said(text: str) -> list[str]:
    """The words that say something, folded; those of a pair as one."""
    said: list[str] = []
    for word in folded_words(text):
        if said and (said[-1], word) in _PAIRS:
            said[-1] += word
        elif any(letter.isalpha() for letter in word):
            said.append(_LAUGHTER if len(word) > 3 and set(word) <= set(_LAUGHTER) else word)
    return said


def _in_words(said: Sequence[str], *, asks: bool) -> Courtesy | None:
    exclaims = said[1:] and said[0] in _EXCLAIMING and said[1] in _PRAISE
    words = frozenset(said[1:] if exclaims else said)
    found = {sort: wording for sort, wording in _WORDINGS.items() if wording.is_in(words)}
    if (asks and Courtesy.GREETING not in found) or _MEETING_AGAIN.intersection(pairwise(said)):
        return None
    known = _BESIDE_ALL.union(*(wording.words for wording in found.values()))
    if Courtesy.THANKS in found and _FOR in words:
        known |= _FOR_WHAT
    return next(iter(found), None) if words <= known else None
