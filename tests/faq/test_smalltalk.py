"""Courtesies are told from questions, in four languages, whatever words they are made of."""

from __future__ import annotations

import pytest

from bot.faq import Courtesy, courtesy, is_small_talk

SAID = {
    Courtesy.GREETING: (
        *("hej på dig", "Hejsan hoppsan!", "hallå där", "hallå, är du där?", "hej hej hej", "tjenare", "hej igen"),
        *("god morgon på er", "hei på deg", "hei der", "Morn!", "hello again", "hi there", "good morning everyone"),
        *("test", "hej på er alla"),
    ),
    Courtesy.PARTING: (
        *("vi ses på tisdag", "ses imorgon", "hej då på er", "ha det så bra", "vi hörs", "snakkes", "vi sees i morgen"),
        *("vi høres", "see you tomorrow", "bye for now"),
    ),
    Courtesy.WISH: (
        *("trevlig helg", "ha en riktigt bra dag", "god jul och gott nytt år", "glad påsk!", "lycka till", "god natt"),
        *("god helg", "ha en fin kveld", "lykke til", "i like måte", "have a nice weekend", "happy new year"),
        *("tack, trevlig helg",),
    ),
    Courtesy.THANKS: (
        *("tack så hemskt mycket", "tack för hjälpen", "Tack för svaret!", "tackar", "stort tack", "toppen tack 😊"),
        *("tack det var snällt", "nej tack det är bra så", "tusen tack för allt", "takk skal du ha", "takk for svaret"),
        *("tusen takk for hjelpa", "thanks a lot", "thank you for the answer", "thanks for your help"),
    ),
    Courtesy.PRAISE: (
        *("vad bra", "så fint!", "kanon", "bra jobbat", "det låter bra", "jag förstår", "då vet jag", "du är bäst"),
        *("uppfattat", "inga problem", "hahahaha", "det er greit", "kjempebra", "du er flink", "eg skjønar"),
        *("sounds good", "got it", "well done", "I see"),
    ),
    Courtesy.REGRET: (
        *("förlåt", "oj fel", "förlåt, jag skrev fel", "glöm det", "strunt samma", "inget", "unnskyld", "gløym det"),
        *("sorry my bad", "never mind"),
    ),
}


@pytest.mark.parametrize(("said", "what"), [(one, what) for what, some in SAID.items() for one in some])
def test_a_courtesy_is_recognised_for_what_it_is(said: str, what: Courtesy) -> None:
    assert (courtesy(said), is_small_talk(said)) == (what, True)


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "hjälp, tack",
            "svar tack",
            "mer info tack",
            "tack, var är det",
            "tack länken",
            "material tack",
            "bra hotell",
        ),
        *("ursäkta, var är det", "ses vi på tisdag", "ses vi på tisdag?", "är det klart", "vad är bra", "vilken dag"),
        *("jag förstår inte", "det var inte bra", "är det bra?", "tack men jag kan inte", "i morgon", "semester"),
        *("nej tack jag kan inte komma", "hej, jag kan inte komma", "bra att veta", "är det på zoom", "bra hotell"),
        *("fel datum", "jag skrev fel namn", "test av länken", "nästa gång", "hej var är det", "jag är sjuk"),
        *("hva er det", "hvor er det", "takk, men eg kan ikkje", "what is it", "sorry, wrong date", "good hotel"),
    ],
)
def test_control_what_may_ask_for_something_is_no_courtesy(asked: str) -> None:
    assert courtesy(asked) is None


@pytest.mark.parametrize("said", ["", "?", "hm", "eller", "hur då", "12", "nja"])
def test_what_says_nothing_is_no_courtesy_and_no_question(said: str) -> None:
    assert (courtesy(said), is_small_talk(said)) == (None, True)
