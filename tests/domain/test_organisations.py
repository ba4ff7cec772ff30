"""A typed name finds its organisation in spite of spelling, and never the wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.organisations import MAX_SUGGESTIONS, Directory, Matches, Organisation
from config.organisations import load

EXACT = {
    "Örebro kommun": "SE-1880",
    "orebro kommun": "SE-1880",
    "ÖREBRO KOMMUN": "SE-1880",
    "region örebro": "SE-18",
    "Örebro län": "SE-18",
    "Region Örebro län": "SE-18",
    "Lunds kommun": "SE-1281",
    "Lund kommun": "SE-1281",
    "Lunds": "SE-1281",
    "Lund kommune": "NO-1112",
    "Göteborg": "SE-1480",
    "goteborgs stad": "SE-1480",
    "Gothenburg": "SE-1480",
    "Stockholms stad": "SE-0180",
    "Stockholms kommun": "SE-0180",
    "Region Stockholm": "SE-01",
    "VGR": "SE-14",
    "Västra Götalandsregionen": "SE-14",
    "vastra gotaland": "SE-14",
    "Region Södermanland": "SE-04",
    "Jämtland": "SE-23",
    "Region Gotland": "SE-0980",
    "Gotlands kommun": "SE-0980",
    "upplandsbro": "SE-0139",
    "Håbo": "SE-0305",
    "Falun": "SE-2080",
    "Stad kommune": "NO-4649",  # a municipality whose name is a Swedish word for municipality
    "Stad": "NO-4649",
    "Oslo": "NO-0301",
    "Oslo fylkeskommune": "NO-0301",
    "Trondheim kommune": "NO-5001",
    "Hámmerfeasta": "NO-5603",
    "Bærum": "NO-3201",
    "bärum": "NO-3201",
    "Malmø": "SE-1280",
    "rogaland": "NO-11",
    "Møre og Romsdal fylke": "NO-15",
    "SKR": "SE-SKR",
}

SUGGESTED = {
    "Örebro": ["SE-1880", "SE-18"],  # the municipality first
    "Orebro": ["SE-1880", "SE-18"],
    "Stockholm": ["SE-0180", "SE-01"],
    "Lund": ["SE-1281", "NO-1112"],  # Sweden first
    "Region Lund": ["SE-1281", "NO-1112"],
    "lunds komun": ["SE-1281"],
    "Lunds kommune": ["SE-1281", "NO-1112"],  # Swedish name, Norwegian word: not for us to decide
    "Götebrog": ["SE-1480"],
    "gteborg": ["SE-1480"],
    "malmö satd": ["SE-1280"],
    "Vestra götaland": ["SE-14"],
    "Hesleholm": ["SE-1293"],
    "Sundsval": ["SE-2281"],
    "trondhjem": ["NO-5001"],
    "Baerum": ["NO-3201"],
    "Habo": ["SE-0643", "SE-0305"],  # perhaps Håbo, typed on a keyboard without å
    "Herøy kommune": ["NO-1515", "NO-1818"],
    "Våler i Østfold": ["NO-3114"],
    "Upplands": ["SE-0114", "SE-0139"],
    "Barn- och utbildningsförvaltningen, Örebro kommun": ["SE-1880"],
    "Kommunstyrelsen i Falun": ["SE-2080"],
}

ANOTHER = {  # an accent that the name does not have: the resemblance alone does not make it exact
    "Värdö": "NO-5634",  # Vardø, or Värmdö with a letter missing
    "Kæfjord": "NO-5540",  # Kåfjord, or Kvæfjord
    "Ærdal": "NO-4643",  # Årdal, or Lærdal
}

NOTHING = ["", "  ", "!!!", "ö", "microsoft", "asdfgh", "Volvo AB", "hej på dig", "kommun", "region", "å" * 5000]


@pytest.mark.parametrize(("typed", "key"), EXACT.items())
def test_a_name_that_can_only_mean_one_organisation_is_exact(typed: str, key: str) -> None:
    assert load().search(typed) == Matches(exact=load().get(key))


@pytest.mark.parametrize(("typed", "keys"), SUGGESTED.items())
def test_a_doubtful_name_gives_suggestions_best_first(typed: str, keys: list[str]) -> None:
    found = load().search(typed)
    assert found.exact is None
    assert [organisation.key for organisation in found.suggestions][: len(keys)] == keys
    assert len(found.suggestions) <= MAX_SUGGESTIONS


@pytest.mark.parametrize(("typed", "key"), ANOTHER.items())
def test_a_foreign_accent_makes_a_name_doubtful(typed: str, key: str) -> None:
    found = load().search(typed)
    assert found.exact is None
    assert load().get(key) in found.suggestions
    assert len(found.suggestions) > 1


@pytest.mark.parametrize("typed", NOTHING)
def test_nothing_is_suggested_when_nothing_is_like_it(typed: str) -> None:
    assert load().search(typed) == Matches()


def test_the_letters_decide_where_two_names_differ_by_an_accent() -> None:
    marker = Organisation("SE-1", "Håbo kommun", "Håbo", "SE", "municipality")
    plain = Organisation("SE-2", "Habo kommun", "Habo", "SE", "municipality")
    directory = Directory([marker, plain])
    assert directory.search("HÅBO kommun").exact == marker
    assert directory.search("habo kommun").suggestions == (plain, marker)


@given(st.text(max_size=200))
def test_whatever_is_typed_gets_an_answer(typed: str) -> None:
    found = load().search(typed)
    assert not (found.exact and found.suggestions)
    assert len(found.suggestions) <= MAX_SUGGESTIONS
