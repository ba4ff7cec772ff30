"""Which addresses in what people wrote become links, and where each of them leads."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.clickable import Piece, pieces

LINKS = [
    ("Se https://example.org/a", "https://example.org/a", ""),
    ("Se http://example.org.", "http://example.org", ""),
    ("HTTPS://Example.ORG/Sida", "https://example.org/Sida", ""),
    ("(https://example.org/a), och", "https://example.org/a", ""),
    ("https://example.org/a_(b)", "https://example.org/a_(b)", ""),
    ("”https://example.org/a”!", "https://example.org/a", ""),
    ("https://example.org/?q=1&b=2#c;", "https://example.org/?q=1&b=2#c", ""),
    ("https://example.org:8080/x", "https://example.org:8080/x", ""),
    ("https://örebro.se/x", "https://xn--rebro-iua.se/x", "xn--rebro-iua.se"),
    ("https://аpple.com", "https://xn--pple-43d.com", "xn--pple-43d.com"),
    ("https://example.org/år", "https://example.org/år", "example.org"),
    ("https://example.org/\u202emoc.knab", "https://example.org/", ""),
    ("https://example.org\\@evil.example", "https://example.org", ""),
    ("https://example.org<script>", "https://example.org", ""),
    ('https://example.org"onmouseover="x', "https://example.org", ""),
]  # fmt: skip

NO_LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt://example.org/%0aalert(1)",
    "data:text/html,x",
    "ftp://example.org",
    "//example.org",
    "www.example.org",
    "xhttps://example.org",
    "https://",
    "https://.",
    "https://localhost/x",
    "https://127.0.0.1/x",
    "https://2130706433/",
    "https://[::1]/",
    "https://[",
    "https://bank.se@evil.example/",
    "https://bank.se:443@evil.example/",
    "https://exa%6dple.org/",
    "https://straße.de/",
    "https://example.org:99999/",
    "https://\u202eexample.org",
    "https://-.org",
    "ingen länk alls",
    "",
]


@pytest.mark.parametrize(("text", "url", "host"), LINKS)
def test_an_address_becomes_a_link_to_where_it_says(text: str, url: str, host: str) -> None:
    (found,) = [one for one in pieces(text) if one.url]
    assert (found.url, found.host) == (url, host)


@pytest.mark.parametrize("text", NO_LINKS)
def test_everything_else_stays_words(text: str) -> None:
    assert pieces(text) == ()


def test_several_addresses_stand_between_the_words() -> None:
    assert pieces("Se https://a.example, https://b.example/x.") == (
        Piece("Se "),
        Piece("https://a.example", "https://a.example"),
        Piece(", "),
        Piece("https://b.example/x", "https://b.example/x"),
        Piece("."),
    )


ALPHABET = st.sampled_from([*"ab.:/@()[]<>\"'\\?#% \n&", "https://", "http://", "javascript:", "å", "\u202e", "\ud800"])


@given(st.lists(ALPHABET, max_size=30).map("".join))
def test_whatever_is_written_nothing_is_lost_and_links_lead_to_web_pages(text: str) -> None:
    found = pieces(text)
    assert "".join(one.text for one in found) == (text if found else "")
    for one in found:
        if one.url:
            parts = urlsplit(one.url)
            assert parts.scheme in ("http", "https")
            assert parts.username is None
            assert parts.hostname is not None
            assert parts.hostname.isascii()
            assert parts.hostname in (one.host, urlsplit(one.text).hostname)
