"""docs/programfiler.md names every key of a programme file, none that does not exist, and an example that works."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.domain.rounds import boxes
from bot.domain.rules import DEFAULTS, Rule
from config import programme_schema
from config.problems import Notes
from config.programme_files import check, read
from config.reminder_schema import AUDIENCES
from config.yaml_text import root

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


def test_the_examples_on_the_page_have_no_problem(tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text("".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)), "utf-8")
    assert check([file], date(2026, 11, 21)) == []
    assert read(file).occasions[0].title.wordings == {"sv": "Första träffen"}
    assert [rule.name for rule in read(file).reminders] == ["agenda", "link", "between", "boka-rum"]
    filled = boxes(read(file).question_sets[0], [group.words for group in read(file).role_groups])[0]
    assert filled.questions[1].text.wordings["sv"] in " ".join(PAGE.split())


def reminders_on_the_page() -> dict[str, str]:
    section = re.search(r"^## Påminnelser\n(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None
    return dict(re.findall(r"^ *\| `(\w+)` \| ([^|]+) \|", section[1], re.MULTILINE))


def test_the_reminders_of_every_programme_and_all_audiences_are_documented() -> None:
    assert list(reminders_on_the_page()) == [*(rule.name for rule in DEFAULTS), *AUDIENCES]


@pytest.mark.parametrize("rule", [rule for rule in DEFAULTS if rule.days or rule.minutes], ids=lambda rule: rule.name)
def test_the_page_says_when_a_reminder_comes(rule: Rule) -> None:
    told, words = reminders_on_the_page()[rule.name], {1: ("dagen före", "dagen efter")}
    number = abs(rule.days or rule.minutes)
    in_days = (f"{number} dagar före", f"{number} dagar efter")
    assert told.startswith((*in_days, f"{number} minuter före", *words.get(number, ())))
