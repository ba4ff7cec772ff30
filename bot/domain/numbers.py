"""Numbers that point at a person: Swedish and Norwegian identity numbers, telephone numbers and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

Span = tuple[int, int]

_SWEDISH = re.compile(
    r"(?<![\d/.])(?P<century>18|19|20)?(?P<date>\d{6})(?P<mark> ?[-+–−]? ?)(?P<rest>\d{4})(?![\d/]|[-.]\d)"
)
_NORWEGIAN = re.compile(r"(?<![\d/.])(?P<date>\d{6})(?P<mark>[ -]?)(?P<rest>\d{5})(?![\d/]|[-.]\d)")
_HALF = re.compile(r"(?<![\d/.])(?:18|19|20)?(?P<date>\d{6})[-+](?:[xX*]{4}|[xX*]{2,3}\d{1,2})(?!\w)")

_INTRODUCED = re.compile(r"(?:person|fødsels|fodsels|samordnings|d-)\w*(?:nummer|nr)|\b(?:pnr|fnr|p-?nr|personnr)\b")
_NO_PERSON = re.compile(
    r"(?:dnr|diarienr|diarienummer|ärende\w*|sak|saksnr|saksnummer|arkivsak\w*|org\.? ?nr|organisations?nummer"
    r"|organisasjonsnummer|isbn|issn|faktura\w*|ocr|bankgiro|plusgiro|konto\w*|ref|referens\w*|art\.? ?nr)"
    r"[.:]?(?: [a-zåäöæø]{1,4})? ?$"
)
"""What stands before a number that is about a case, a body or a bill."""

_BEFORE = 30  # characters that are looked at for a word that says what the number is


def identity_numbers(text: str) -> Iterator[Span]:
    """Swedish personal and coordination numbers, Norwegian birth and D-numbers."""
    for match in _SWEDISH.finditer(text):
        if _is_swedish(text, match):
            yield match.span()
    for match in _NORWEGIAN.finditer(text):
        if _is_norwegian(text, match):
            yield match.span()
    yield from (match.span() for match in _HALF.finditer(text) if _is_swedish_date(match["date"]))


def _before(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start].casefold()


def _is_swedish(text: str, match: re.Match[str]) -> bool:
    """A date, and a check digit or the hyphen: mistyped or made unlike on purpose it is still somebody's birthday."""
    before = _before(text, match.start())
    if not _is_swedish_date(match["date"]) or _NO_PERSON.search(before):
        return False
    dashed = match["mark"] in ("-", "+")
    return dashed or bool(_INTRODUCED.search(before)) or _luhn(match["date"] + match["rest"])


def _is_swedish_date(digits: str) -> bool:
    year, month, day = _pairs(digits)
    return _is_date(year, month, day - 60 if day > 60 else day)  # a coordination number has 60 more


def _is_norwegian(text: str, match: re.Match[str]) -> bool:
    day, month, year = _pairs(match["date"])
    before = _before(text, match.start())
    if not _is_date(year, month, day - 40 if day > 40 else day) or _NO_PERSON.search(before):  # a D-number has 40 more
        return False
    return bool(_INTRODUCED.search(before)) or _mod_11(match["date"] + match["rest"])


def _pairs(digits: str) -> tuple[int, int, int]:
    return int(digits[:2]), int(digits[2:4]), int(digits[4:])


def _is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day in this year of the last or of the present century."""
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def _mod_11(digits: str) -> bool:
    """From 2032 on the first check digit of new numbers may be off by up to three, the second one never."""
    return _weighed(digits, _FIRST_WEIGHTS) in (0, 1, 2, 3) and _weighed(digits, _SECOND_WEIGHTS) == 0


def _weighed(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11


# --- Telephone numbers ------------------------------------------------------------------------------------------------

_FOREIGN = r"(?:\+|\b00) ?\(?(?:4[4-9]|354|358|298|33|1)\)?[ -]?(?:\(0\))?[ -]?[1-9](?:[ -/]?\d){6,10}"
_SWEDISH_PHONE = r"\b0[1-9]\d{0,2} ?[-–/ ]? ?(?:\d{5,8}|\d{2,3}(?:[ -]\d{2,3}){1,3})"
_NORWEGIAN_PHONE = r"\b(?:[2-9]\d \d\d \d\d \d\d|[489]\d\d \d\d \d\d\d|[49]\d{7})"
_NAMED = "|".join(rf"(?<={word} )\d{{8}}" for word in ("tlf", r"tlf\.", "tel", r"tel\.", "mob", "telefon", "mobil"))
_PHONE = re.compile(rf"(?<![\d/.,:§-])(?:{_FOREIGN}|{_SWEDISH_PHONE}|{_NORWEGIAN_PHONE}|(?i:{_NAMED}))(?![\d/%])")
_AMOUNT = re.compile(
    r" ?(?:kr|kronor|kroner|sek|nok|tkr|mkr|mnok|msek|tsek|euro|eur|procent|prosent|st|stycken|stk|invånare"
    r"|innbyggere|innbyggjarar|personer|elever|timmar|timer|tim)\b|[ ,]*[%$€]|,\d"
)
_LEAST_DIGITS = 8  # of the shortest numbers: a Norwegian one, and one in Stockholm
_MOST_DIGITS = 10  # of a Swedish number without the country


def phone_numbers(text: str) -> Iterator[Span]:
    """Swedish, Norwegian and other international telephone numbers."""
    for match in _PHONE.finditer(text):
        counted = _AMOUNT.match(text[match.end() : match.end() + 12].casefold())
        if _is_long_enough(match[0]) and not counted and not _NO_PERSON.search(_before(text, match.start())):
            yield match.span()


def _is_long_enough(number: str) -> bool:
    digits = "".join(char for char in number if char.isdigit())
    at_home = digits.startswith("0") and not digits.startswith("00")
    return len(digits) >= _LEAST_DIGITS and not (at_home and len(digits) > _MOST_DIGITS)


# --- E-mail addresses -------------------------------------------------------------------------------------------------

_AT = r"(?:@| ?(?:\(at\)|\[at\]|\(a\)|\(snabel-?a\)|\(krøllalfa\)|<at>| snabel-?a | krøllalfa ) ?)"
_DOT = r"(?:\.| ?(?:\(dot\)|\[dot\]|\(punkt\)|\[punkt\]) ?)"
_MAIL = re.compile(rf"(?<![\w.+-])[\w.+-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)+", re.IGNORECASE)
_SPELT = re.compile(r"(?<![\w.+-])[\w.+-]+ at [\w-]+(?:\.[\w-]+)*\.(?:se|no|nu|com|org|net|eu|dk|fi)\b", re.IGNORECASE)


def mail_addresses(text: str) -> Iterator[Span]:
    """E-mail addresses, also those that are written so that no machine should know them."""
    for pattern in (_MAIL, _SPELT):
        yield from (match.span() for match in pattern.finditer(text))
