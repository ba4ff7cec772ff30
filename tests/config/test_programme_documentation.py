"""docs/programfiler.md names every key of a programme file, none that does not exist, and an example that works."""

import re
from datetime import date
from pathlib import Path

from config import programme_schema
from config.problems import Notes
from config.programme_files import check, read
from config.yaml_sections import root

HERE = Path(__file__)
PAGE = HERE.parents[2].joinpath("docs", "programfiler.md").read_text("utf-8")


def keys_in_code() -> dict[str, set[str]]:
    notes = Notes("every_key.yaml")
    section = root(HERE.with_name("every_key.yaml").read_text("utf-8"), notes)
    assert section is not None
    programme_schema.programme(section, None)
    return {title: set(keys) for title, keys in notes.known.items()}


def keys_on_the_page() -> dict[str, set[str]]:
    sections = re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return {title: set(re.findall(r"^\| `(\w+)`", body, re.MULTILINE)) for title, body in sections}


def test_every_key_is_documented_and_no_other() -> None:
    assert keys_on_the_page() == keys_in_code()


def test_the_example_on_the_page_has_no_problem(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    file = tmp_path / "example.yaml"
    file.write_text(example[1], "utf-8")
    assert check([file], date(2026, 11, 21)) == []
    assert read(file).occasions[0].title.wordings == {"sv": "Första träffen"}
