"""The words and labels that are the same on every surface; no sentence names a word that nobody understands."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.domain.dates import read_day
from bot.domain.people import Language
from bot.domain.words import Text
from bot.flows import appointing, buttons, welcome, workshop_lists
from bot.flows.sealing import WHAT_IS_STORED
from bot.handlers.vocabulary import WORDS
from bot.handlers.words import understand
from bot.messages import Action, Item
from config import catalogues
from tests.flows.scenes import SCENES
from tests.handlers.town import buttons as drawn
from tests.texts.resolving import translators

TYPED = {
    "help": ("hjälp", "hjelp", "hjelp"),
    "programmes": ("program", "program", "program"),
    "register": ("anmäl", "meld på", "meld på"),
    "my registrations": ("mina anmälningar", "mine påmeldinger", "mine påmeldingar"),
    "materials": ("material", "materiell", "materiell"),
    "answer": ("svara", "svar", "svar"),
    "take notes": ("anteckna", "noter", "noter"),
    "group": ("grupp", "gruppe", "gruppe"),
    "plan": ("plan", "plan", "plan"),
    "challenge": ("utmaning", "utfordring", "utfordring"),
    "status": ("läget", "status", "status"),
    "language": ("språk", "språk", "språk"),
    "pause": ("pausa", "pause", "pause"),
    "my reminders": ("mina påminnelser", "mine påminnelser", "mine påminningar"),
    "calendar": ("kalender", "kalender", "kalender"),
    "ask questions": ("ställ frågor", "still spørsmål", "still spørsmål"),
    "channel": ("kanal", "kanal", "kanal"),
    "away": ("borta", "borte", "borte"),
    "who does what": ("vem gör vad", "hvem gjør hva", "kven gjer kva"),
    "use Teams": ("använd Teams", "bruk Teams", "bruk Teams"),
    "my data": ("mina uppgifter", "mine opplysninger", "mine opplysningar"),
    "link": ("koppla", "koble", "kople"),
}

BUTTONS = {
    "Answer": ("Svara", "Svar", "Svar"),
    "Take notes": ("Anteckna", "Noter", "Noter"),
    "Register": ("Anmäl dig", "Meld deg på", "Meld deg på"),
    "Confirm": ("Bekräfta", "Bekreft", "Stadfest"),
    "My registrations": ("Mina anmälningar", "Mine påmeldinger", "Mine påmeldingar"),
    "Change": ("Ändra", "Endre", "Endre"),
    "Cancel registration": ("Avboka", "Meld av", "Meld av"),
    "Undo": ("Ångra", "Angre", "Angre"),
    "Change person": ("Byt person", "Bytt person", "Byt person"),
    "Snooze": ("Snooza", "Slumre", "Slumre"),
    "Pause": ("Pausa", "Pause", "Pause"),
    "I cannot come": ("Jag kan inte", "Jeg kan ikke", "Eg kan ikkje"),
}

FIELDS = {
    "Name": ("Namn", "Navn", "Namn"),
    "E-mail": ("E-post", "E-post", "E-post"),
    "Organisation": ("Organisation", "Organisasjon", "Organisasjon"),
    "Meetings": ("Tillfällen", "Samlinger", "Samlingar"),
    "Invoice reference": ("Fakturareferens", "Fakturareferanse", "Fakturareferanse"),
    "Challenge": ("Utmaning", "Utfordring", "Utfordring"),
    "Access needs": ("Särskilda behov", "Behov for tilrettelegging", "Behov for tilrettelegging"),
}

TYPED_FOR_A_WHILE = {
    **dict.fromkeys(("borta", "borte", "away"), appointing.LEAVE),
    **dict.fromkeys(("pausa", "pause"), buttons.PAUSE),
}
"""What can be followed by the day until which it is to last."""

LANGUAGES = (Language.SWEDISH, Language.BOKMAL, Language.NYNORSK)
TEMPLATE = catalogues.read(catalogues.FOLDER / catalogues.TEMPLATE)  # as test_catalogues holds it against the sources
MARKED = {catalogues._key(message) for message in TEMPLATE if message.id}


ONLY_WHERE_IT_STANDS = {"No, keep it", "New link", "I will be away", "See the questions"}
"""Labels that answer what stands above them, or that mean different things to different people."""


def _labelled() -> list[tuple[str, str]]:
    """What buttons are called that lead to where a word leads, whatever they stand below."""
    shown = [(one.label, one.action) for view in SCENES.values() for one in drawn(view)]
    called = {(label.message, it.do) for label, it in shown if isinstance(label, Text) and it and not it.about}
    return sorted(one for one in called if one[1] in WORDS and one[0] not in ONLY_WHERE_IT_STANDS)


@pytest.mark.parametrize(("label", "do"), [*_labelled(), (WHAT_IS_STORED.message, buttons.STORED)])
def test_a_button_called_by_its_label_does_what_it_does_when_pressed(label: str, do: str) -> None:
    for language in Language:
        said = translators(language).say(Text(label))
        assert (meant := understand(said)) is not None, said
        assert meant.do == do, said


@pytest.mark.parametrize(
    "item", [*welcome.help_card(coordinator=True).items, *workshop_lists.HELP], ids=lambda one: str(one.title)
)
def test_whatever_help_lists_can_be_typed(item: Item) -> None:
    for language in Language:
        assert understand(translators(language).say(item.title)) is not None


@pytest.mark.parametrize("source", [word for word in TYPED if word in MARKED])
def test_a_typed_word_is_called_as_the_table_says_and_is_understood(source: str) -> None:
    assert tuple(translators(language).say(Text(source)) for language in LANGUAGES) == TYPED[source]
    meant = understand(source)
    assert meant is not None
    assert [understand(word) for word in TYPED[source]] == [meant] * 3


@pytest.mark.parametrize(("source", "labels"), (BUTTONS | FIELDS).items())
def test_a_label_is_called_as_the_table_says(source: str, labels: tuple[str, str, str]) -> None:
    assert source in MARKED
    assert tuple(translators(language).say(Text(source)) for language in LANGUAGES) == labels


@pytest.mark.parametrize("source", sorted(s for s in MARKED if re.search("“[^{]+”", s)))
def test_a_word_quoted_in_a_sentence_is_one_that_is_understood(source: str) -> None:
    """Who reads «Write “help”» in their language and types what stands there gets help."""
    quoted = re.findall("“([^{”]+)”", source)
    for language in LANGUAGES:
        said = re.findall("[”«]([^”»{]+)[”»]", translators(language).say(Text(source, _filled(source))))
        assert [understand(word) for word in said] == [understand(word) for word in quoted], said


def _filled(source: str) -> dict[str, str]:
    return dict.fromkeys(catalogues.places(source), "x")


@pytest.mark.parametrize("source", sorted(s for s in MARKED if re.search(r"\blink (ABCDE|\{code)", s)))
def test_a_sentence_about_a_code_begins_it_with_the_word_that_claims_it(source: str) -> None:
    values = dict.fromkeys(catalogues.places(source), "ABCDE-FGHIJ")
    for language, word in zip(LANGUAGES, TYPED["link"], strict=True):
        assert f"{word} ABCDE-FGHIJ" in translators(language).say(Text(source, values))


@pytest.mark.parametrize("source", sorted(s for s in MARKED if re.search("(away|pause) .*15 August", s)))
def test_an_example_of_being_away_names_the_day_of_coming_back(source: str) -> None:
    """“Away 15 August” would read as away on that very day, which is the day on which one is back."""
    for language in Language:
        said = translators(language).say(Text(source, _filled(source)))
        example = re.search(r": (\w+) ((?:till|til|until) 15\.? [Aa]ugusti?)", said)
        assert example, said
        word, day = example.groups()
        assert understand(f"{word} {day}") == Action(TYPED_FOR_A_WHILE[word], day.casefold())
        assert read_day(day, date(2027, 1, 20)) == date(2027, 8, 15)


NAMED = {
    "Change person": "Change person",
    "Cancel registration": "Cancel registration",
    "My registrations": "My registrations",
    "New link": "New link",
    "Add to Outlook": "Add to Outlook",
    "Open Google Calendar": "Open Google Calendar",
}
"""How a sentence that tells people to choose a button names it, and the button."""


@pytest.mark.parametrize("source", sorted(s for s in MARKED if re.search("[Cc]hoose [A-Z]", s)))
def test_a_button_named_in_a_sentence_is_called_as_on_the_button(source: str) -> None:
    named = [label for name, label in NAMED.items() if re.search(f"[Cc]hoose {name}", source)]
    assert named or "Choose Swedish" in source
    for language in LANGUAGES:
        say = translators(language).say
        assert all(say(Text(label)) in say(Text(source, _filled(source))) for label in named)


# Slack shows a modal's own buttons and titles within 24 characters, and a button's label within 75.
@pytest.mark.parametrize("source", ["Next", "Confirm", "Continue", "Cancel", "Close", "Back", "Send"])
def test_the_buttons_of_a_window_fit_in_every_language(source: str) -> None:
    assert all(len(translators(language).say(Text(source))) <= 24 for language in Language)


@pytest.mark.parametrize(
    ("typed", "do"),
    [
        *((said, "language") for said in ("tala norska", "Prata svenska!", "snakk nynorsk", "speak English")),
        *((said, "greet") for said in ("God morgon", "god dag!", "Hej Lärträff", "good morning", "hei hei")),
        ("Hej!\r\n\r\nhjälp", "help"),
        *((said, "goodbye") for said in ("Hej då!", "ha det", "Ha det bra!", "bye", "vi snakkes")),
        ("Hej, anmäl mig", "register"),
        *((said, "thanks") for said in ("ok", "Okej!", "👍")),
    ],
)
def test_P9_T2_greetings_and_a_wish_for_a_language_are_never_taken_for_questions(typed: str, do: str) -> None:
    assert understand(typed) is not None
    assert understand(typed).do == do  # type: ignore[union-attr]


def test_control_a_question_that_begins_with_a_greeting_is_still_one() -> None:
    assert understand("Hej! Vad kostar det?") is None


UNREGISTERING = (
    *("avanmäl", "Avanmäl mig!", "anmäl mig inte", "Jag vill avanmäla mig", "jag vill inte vara med"),
    *("Meld meg av", "meld av", "jeg vil melde meg av", "eg vil melde meg av", "avbestill", "unregister me"),
)


@pytest.mark.parametrize("typed", UNREGISTERING)
def test_whoever_wants_out_is_not_taken_for_somebody_who_wants_in(typed: str) -> None:
    assert understand(typed) == understand("my registrations")
    assert understand(typed) != understand("register")


@pytest.mark.parametrize("typed", ["avanmäl mi", "avnmäl mig", "unregistr", "jag vil inte vara med", "nei angre"])
def test_what_is_misspelt_stays_as_negative_as_it_was_meant(typed: str) -> None:
    assert understand(typed) == understand("my registrations")


@pytest.mark.parametrize("typed", ["avanmäl till", "det hjälpte ej", "meld ikke på", "not register"])
def test_a_no_is_never_taken_for_a_misspelt_yes(typed: str) -> None:
    assert understand(typed) not in (understand("register"), understand("it helped"))


@pytest.mark.parametrize("typed", ["nej ångra!", "Ångra det", "nei angre", "nei, angre det", "no, undo that"])
def test_whoever_regrets_says_so_in_more_words_than_one(typed: str) -> None:
    assert understand(typed) == understand("undo")
