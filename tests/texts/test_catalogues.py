"""Every sentence is translated into every language, up to date, and written the way that language is written."""

from __future__ import annotations

import ast
import re
import shutil
import string
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from config import catalogues

ROOT = Path(__file__).parents[2]

SAME_AS_ENGLISH = {
    "sv": {"Guide", "Organisation", "Workshop", "workshop"},  # the same words in Swedish
    "nb": {"Pause", "Send", "Status", "Workshop", "administrator", "for {title}", "pause", "status", "workshop"},
    "nn": {"Pause", "Send", "Status", "Workshop", "administrator", "for {title}", "pause", "status", "workshop"},
    # the same word everywhere
    "all": {
        "Coach: {programme}",
        "Film",
        "GLN",
        "Person",
        "bokmål",
        "nynorsk",
        "plan",
        "{local} ({utc} UTC)",
        "{n} person",
    },
}
"""What may look untranslated, with the reason."""

CAPITALS_OF_ENGLISH = {"Swedish", "English"}
"""Names that have a capital in English only."""

VIEWS = {"Form", "Card", "Item", "Fact", "Notice", "Button"}
QUOTES = {"sv": ("”", "”"), "nb": ("«", "»"), "nn": ("«", "»")}
ENGLISH = re.compile(r"\b(the|and|you|your|with|please|this|that|of|is|are)\b", re.IGNORECASE)


@cache
def sources() -> Catalog:
    """What the sources say: the same for every test, and slow to find."""
    return catalogues.extract()


def problems(folder: Path = catalogues.FOLDER) -> list[str]:
    return catalogues.check(sources(), folder)


@cache
def sentences(language: str) -> tuple[tuple[str, str], ...]:
    """Each translated sentence with its translation; plural forms one by one."""
    found = catalogues.read(catalogues.FOLDER / f"{language}.po", language)
    good = (message for message in found if message.id and message.string and all(message.string))
    return tuple(pair for one in good for pair in zip(_forms(one.id), _forms(one.string), strict=True))


def _forms(words: object) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(map(str, words))  # type: ignore[call-overload]


def bare(sentence: str) -> str:
    """The sentence without its places."""
    return "".join(before for before, *_place in string.Formatter().parse(sentence))


def test_every_catalogue_is_complete_and_up_to_date() -> None:
    assert problems() == []


def test_the_template_is_up_to_date() -> None:
    written = {message.id for message in catalogues.read(catalogues.FOLDER / catalogues.TEMPLATE)}
    assert written == {message.id for message in sources()}


def test_extraction_finds_every_marked_sentence() -> None:
    """A sentence put together at run time (an f-string, a variable) would never be translated."""
    found = {catalogues._key(message) for message in sources() if message.id}
    marked = [call for folder in ("bot", "config") for path in (ROOT / folder).rglob("*.py") for call in _marks(path)]
    assert len(marked) > 200
    assert [where for where, message in marked if message not in found] == []


def _marks(path: Path) -> Iterator[tuple[str, str | None]]:
    """Each call of `_` and `n_`: where it stands and the sentence it marks, None when it is no literal."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "n_"}:
            first = node.args[0]
            literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
            yield f"{path.relative_to(ROOT)}:{node.lineno}", literal


def test_no_view_begins_with_words_that_are_not_marked() -> None:
    """`Notice("Saved")` would reach everybody in English."""
    parts = ("flows", "handlers", "adapters", "documents")
    paths = [path for part in parts for path in (ROOT / "bot" / part).rglob("*.py")]
    assert [where for path in paths for where in _unmarked(path)] == []


def _unmarked(path: Path) -> Iterator[str]:
    """Where a view or a part of one is made from a literal."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in VIEWS and node.args:
            first = node.args[0]
            if isinstance(first, ast.JoinedStr) or (isinstance(first, ast.Constant) and first.value):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_nothing_is_left_in_english(language: str) -> None:
    allowed = SAME_AS_ENGLISH[language] | SAME_AS_ENGLISH["all"]
    same = {source for source, said in sentences(language) if source == said and re.search(r"[^\W\d]", bare(source))}
    assert same <= allowed
    assert [said for _source, said in sentences(language) if ENGLISH.search(bare(said))] == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    begin, end = QUOTES[language]
    foreign = set("\"“”«»„'‘") - {begin, end}
    assert [said for _source, said in sentences(language) if foreign & set(said)] == []
    for source, said in sentences(language):
        if "“" in source:
            assert re.search(f"{begin}[^{begin}{end}]+{end}", said), said


def test_the_sources_use_typographic_quotation_marks() -> None:
    assert [source for source, _said in sentences("sv") if '"' in source] == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_sentences_end_as_their_source_ends(language: str) -> None:
    """A question stays a question, a label stays a label."""
    for source, said in sentences(language):
        assert (said[-1] in ".!?…:") == (source[-1] in ".!?…:") or said.endswith("mva."), (source, said)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_capitals_begin_what_begins_with_one_in_english(language: str) -> None:
    for source, said in sentences(language):
        if source[0].isalpha() and said[0].isalpha() and source not in CAPITALS_OF_ENGLISH:
            assert source[0].isupper() == said[0].isupper(), (source, said)


def test_catalogues_name_no_line_date_or_machine() -> None:
    for path in sorted(catalogues.FOLDER.iterdir()):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^#: (.*:\d|(.* )?/)", text, re.MULTILINE)
        assert not re.search(r"-Date:|Generated-By|@", text.partition("\n\n")[0])


def test_updating_twice_changes_nothing(copy: Path) -> None:
    catalogues.update(copy)
    once = {path.name: path.read_bytes() for path in copy.iterdir()}
    catalogues.update(copy)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == once


def test_a_comment_for_translators_is_taken_along(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "config").mkdir()
    code = '# Translators: a button\nlabel = _("Answer")\nn_("{n} seat", "{n} seats", 2)\n'
    (tmp_path / "bot" / "one.py").write_text(code, encoding="utf-8")
    found = {message.id: message for message in catalogues.extract(tmp_path) if message.id}
    assert set(found) == {"Answer", ("{n} seat", "{n} seats")}
    assert found["Answer"].auto_comments == ["a button"]
    assert found["Answer"].locations == [("bot/one.py", 2)]


# --- The checker itself: spoilt catalogues are found out ------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The catalogues, to be spoilt."""
    return Path(shutil.copytree(catalogues.FOLDER, tmp_path / "locales"))


def _blank(message: Message) -> None:
    message.string = ""


def _make_fuzzy(message: Message) -> None:
    message.flags.add("fuzzy")


def _lose_place(message: Message) -> None:
    message.string = "I morgon:"


def _add_place(message: Message) -> None:
    message.string = "I morgon: {title} {name}"


def _add_blank(message: Message) -> None:
    message.string = "I morgon: {title} "


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (_blank, "sv: not translated: 'Tomorrow: {title}'"),
        (_make_fuzzy, "sv: fuzzy: 'Tomorrow: {title}'"),
        (_lose_place, "sv: has the places [] instead of ['title']: 'Tomorrow: {title}'"),
        (_add_place, "sv: has the places ['name', 'title'] instead of ['title']: 'Tomorrow: {title}'"),
        (_add_blank, "sv: begins or ends with other blanks: 'Tomorrow: {title}'"),
    ],
)
def test_a_spoilt_entry_is_found(copy: Path, spoil: Callable[[Message], None], problem: str) -> None:
    catalogue = catalogues.read(copy / "sv.po", "sv")
    spoil(catalogue["Tomorrow: {title}"])
    catalogues._write(catalogue, copy / "sv.po")
    assert problem in problems(copy)


def test_a_plural_that_lost_a_form_or_a_place_is_found(copy: Path) -> None:
    catalogue = catalogues.read(copy / "nn.po", "nn")
    catalogue["{n} seat left"].string = ("{n} plass att", "plassar att")
    catalogues._write(catalogue, copy / "nn.po")
    assert "nn: has the places [] instead of ['n']: '{n} seat left'" in problems(copy)
    catalogue["{n} seat left"].string = ("{n} plass att",)
    assert "has 1 plural forms: '{n} seat left'" in list(catalogues._wrong(catalogue["{n} seat left"], 2))


def test_a_sentence_without_entry_and_an_entry_without_sentence_are_found(copy: Path) -> None:
    catalogue = catalogues.read(copy / "nb.po", "nb")
    catalogue.delete("Tomorrow: {title}")
    catalogue.add("Yesterday: {title}", "I går: {title}")
    catalogues._write(catalogue, copy / "nb.po")
    found = problems(copy)
    assert "nb: out of date, lacks 'Tomorrow: {title}'" in found
    assert "nb: out of date, nothing says 'Yesterday: {title}' any more" in found


def test_an_obsolete_entry_and_a_changed_plural_are_found(copy: Path) -> None:
    path = copy / "sv.po"
    text = path.read_text(encoding="utf-8").replace('msgid_plural "{n} seats left"', 'msgid_plural "{n} places left"')
    path.write_text(f'{text}\n#~ msgid "Gone"\n#~ msgstr "Borta"\n', encoding="utf-8")
    found = problems(copy)
    assert "sv: obsolete: 'Gone'" in found
    assert "sv: out of date, the plural of '{n} seat left' is another" in found
