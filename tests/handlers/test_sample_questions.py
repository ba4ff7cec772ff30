"""What people ask about the five sample programmes, by words alone: the right answer, or an honest “I do not know”."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from bot.domain.words import Words
from bot.flows.facts import TITLES, WHEN, Asked
from bot.messages import Card
from config.programme_files import SAMPLES, read
from tests.fixtures.kinds import Kind
from tests.fixtures.sample_programmes import samples
from tests.handlers.town import Person, open_town

MASTERCLASS, MODEL = "masterclass-medborgardialog", "modellkonceptet"
POLITICIANS, WEBINARS = "fordjupningsprogram-toppolitiker", "samskaping-webinarer"
DIGIBAROMETER = "digibarometer"

ANSWERED = {
    "måste jag gå på alla dagarna?": (MASTERCLASS, "enskilda-tillfallen"),
    "får vi rabatt om vi bokar hela serien?": (MASTERCLASS, "paketpris"),
    "jag har inte använt zoom förut": (MASTERCLASS, "zoom"),
    "pratar ni om hybridmöten?": (MASTERCLASS, "motesregler"),
    "vad är uppsökande dialog?": (MASTERCLASS, "uppsokande"),
    "Hvilke forkunnskaper må jeg ha?": (MASTERCLASS, "forkunskaper"),
    "vad är digibarometern för något?": (DIGIBAROMETER, "vad"),
    "klarar kommunen workshopen på egen hand?": (DIGIBAROMETER, "egen-hand"),
    "hur gick det för Örebro kommun?": (DIGIBAROMETER, "igen"),
    "hur lång tid tar workshoppen?": (DIGIBAROMETER, "tid"),
    "Can our municipality run the workshop on its own?": (DIGIBAROMETER, "egen-hand"),
    "får jag fråga om kollektivavtal?": (POLITICIANS, "arbetsratt"),
    "ingår boendet?": (POLITICIANS, "boende"),
    "vad är basfakta för något?": (POLITICIANS, "basfakta"),
    "vilka är de fyra stegen?": (POLITICIANS, "fyra-steg"),
    "Hvem er inspirator?": (POLITICIANS, "inspirator"),
    "hvem er Torfing?": (WEBINARS, "torfing"),
    "Korleis kjem vi i gang med samskapinga?": (WEBINARS, "komme-i-gang"),
    "vilka kommuner är med i projektet?": (WEBINARS, "kommuner"),
    "How do we get started with cocreation?": (WEBINARS, "komme-i-gang"),
    "vad gör mentorsregionerna?": (MODEL, "mentorer"),
    "vart mejlar vi planeringen?": (MODEL, "skicka-planering"),
    "behövs det ett politiskt beslut?": (MODEL, "beslut"),
    "Hvem skal ta notater i gruppen?": (MODEL, "dokumentera"),
    "hur använder man padlet?": (MODEL, "tavlan"),
}
FROM_DATA = {
    "vad kostar det?": Asked.PRICE,
    "när är nästa lärträff?": Asked.NEXT,
    "hur avbokar jag?": Asked.CANCEL,
    "Hvor finner jeg lenken til møtet?": Asked.LINK,
    "kan någon se vem som har skrivit?": Asked.ANONYMITY,
    "vad kostar digibarometern?": Asked.PRICE,
    "vem är kontaktperson för masterclass?": Asked.CONTACT,
    "är jag anmäld?": Asked.MINE,
    "Er jeg påmeldt?": Asked.MINE,
    "Who else is coming?": Asked.OTHERS,
    "hur lång är lunchen?": Asked.LENGTH,
    "Hvor lenge varer samtalen om opptakene?": Asked.LENGTH,
    "hur lång är den?": Asked.LENGTH,
    "hur mycket kostar det att avboka?": Asked.CANCEL,
    "kan jag skicka en ersättare?": Asked.CANCEL,
    "hur byter jag träff?": Asked.CANCEL,
    "vem håller i det?": Asked.CONTACT,
    "Kven held kurset?": Asked.CONTACT,
    "länk till zoom masterclass": Asked.LINK,
    "jag kommer inte in": Asked.LINK,
    "vad händer nästa gång?": Asked.AGENDA,
    "What is the next step?": Asked.AGENDA,
    "blir det inspelat?": Asked.MATERIALS,
    "vilka är de andra i gruppen?": Asked.OTHERS,
}
NAMED = (
    "när är dialog och samspel?",
    "vilken dag är sista lärträffen?",
    "hur dags börjar självskattningen?",
    "Når snakker dere om risikoanalyse?",
    "när får vi våra basfakta?",
    "när ska vi skicka in planeringen?",
)
UNKNOWN = (
    "vilken är din favoritfärg?",
    "hur lagar man en punktering?",
    "vem vann fotbollsmatchen igår?",
    "Hva blir været i morgen?",
    "säljer ni hundkex?",
    "får jag kursintyg?",
)


@pytest.fixture(scope="module")
def titles(sqlite: Kind) -> Mapping[str, Words]:
    """What stands above the answer to each question, all asked by somebody who is registered nowhere."""
    with sqlite.copy(sqlite.empty) as url:
        return asyncio.run(_asked(url))


async def _asked(url: str) -> dict[str, Words]:
    async with open_town(url, *samples().values()) as town:
        anna = town.person("anna")
        return {question: await _title(anna, question) for question in (*ANSWERED, *FROM_DATA, *NAMED, *UNKNOWN)}


async def _title(anna: Person, question: str) -> Words:
    answer = (await anna.say(question)).view
    assert isinstance(answer, Card)
    return answer.title


def question_of(programme: str, id: str) -> Words:
    """An entry's question as its programme's file has it."""
    (path,) = (path for path in SAMPLES if path.stem == programme)
    return next(entry.question for entry in read(path).faq if entry.id == id)


@pytest.mark.parametrize("question", ANSWERED)
def test_a_question_about_a_sample_programme_gets_its_answer(titles: Mapping[str, Words], question: str) -> None:
    assert titles[question] == question_of(*ANSWERED[question])


@pytest.mark.parametrize("question", FROM_DATA)
def test_what_a_programme_s_data_tells_is_answered_from_it(titles: Mapping[str, Words], question: str) -> None:
    assert titles[question] == TITLES[FROM_DATA[question]]


@pytest.mark.parametrize("question", NAMED)
def test_a_meeting_is_found_by_its_title_its_number_and_what_it_is_about(
    titles: Mapping[str, Words], question: str
) -> None:
    assert titles[question] == WHEN


@pytest.mark.parametrize("question", UNKNOWN)
def test_what_no_programme_tells_is_not_known(titles: Mapping[str, Words], question: str) -> None:
    assert getattr(titles[question], "message", "") == "I do not know that yet"
