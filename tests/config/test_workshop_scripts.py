"""Scripts of workshops in programme files: what becomes of them, and every mistake in them named where it stands."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.people import Language
from bot.domain.words import Localised
from bot.domain.workshops import Script, Step
from config.programme_files import SAMPLES, as_lines, check, read

TODAY = date(2026, 11, 21)
EVERY_KEY = Path(__file__).with_name("every_key.yaml").read_text("utf-8")
MISTAKES = [
    ("set: uppstart}", "set: uppstarten}", "there is no question set 'uppstarten' (did you mean uppstart?)"),
    ("goes_on: fraga}", "goes_on: frga}", "goes_on: 'frga' is no earlier step with a set (did you mean fraga?)"),
    ("goes_on: fraga}", "goes_on: start}", "goes_on: 'start' is no earlier step with a set"),
    ("goes_on: fraga}", "goes_on: rosta}", "goes_on: 'rosta' is no earlier step with a set"),
    ("goes_on: fraga}", "goes_on: fraga, set: uppstart}", "a step has only one of set, goes_on, plan_of"),
    ("set: uppstart}", "set: skattning}", "plan_of: in 'fraga' everything is rated"),
    ("minutes: 45", "minutes: 601", "minutes must be a whole number from 0 to 600, not '601'"),
    ("threshold: 4", "threshold: 2", "threshold must be a whole number from 3 to 500, not '2'"),
    ("{id: planen, title", "{id: fraga, title", "id 'fraga' is already used on line"),
    ("title: Rösta", "titel: Rösta", "unknown key 'titel' in steps (did you mean title?)"),
    ("    together: no", "    together: yes", "what all agree on together is written in one box"),
]


def noticed(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in EVERY_KEY
    file = tmp_path / "p.yaml"
    file.write_text(EVERY_KEY.replace(old, new, 1), "utf-8")
    return as_lines(check([file], TODAY))


def test_every_key_becomes_what_it_means(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(EVERY_KEY, "utf-8")

    def said(text: str) -> Localised:
        return Localised({"sv": text})

    steps = (
        Step("start", said("Start"), 20, said("Hälsa alla välkomna.")),
        Step("fraga", said("Frågan"), 45, set="uppstart"),
        Step("rosta", said("Rösta"), goes_on="fraga"),
        Step("planen", said("Planen"), plan_of="fraga"),
    )
    assert read(file).workshops == (Script("dagen", said("Dagen"), steps, said("En dag tillsammans."), threshold=4),)


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    line = EVERY_KEY[: EVERY_KEY.index(old)].count("\n") + 1
    found = [one for one in noticed(tmp_path, old, new) if says in one]
    assert found, noticed(tmp_path, old, new)
    assert abs(int(found[0].split("p.yaml:")[1].split(":")[0]) - line) <= 3  # where it is, or at its own step


@pytest.mark.parametrize(("mode", "doubted"), [("sealed", True), ("notes", False)])
def test_sealed_questions_asked_twice_in_a_script_are_doubted(tmp_path: Path, mode: str, doubted: bool) -> None:
    twice = EVERY_KEY.replace("set: uppstart}", "set: skattning}").replace("goes_on: fraga}", "set: skattning}")
    found = noticed(tmp_path, EVERY_KEY, twice.replace("mode: sealed", f"mode: {mode}"))
    assert any("'skattning' is asked twice: the difference" in one for one in found) is doubted


def test_S1_the_digibarometer_has_its_whole_workshop_in_all_four_languages() -> None:
    programme = read(next(path for path in SAMPLES if path.stem == "digibarometer"))
    (script,) = programme.workshops
    assert 7 * 60 <= script.minutes <= 8 * 60
    asked = [step.set or step.goes_on or step.plan_of for step in script.steps]
    assert [one for one in asked if one] == [
        "swot", "sjalvskattning", "gemensam-skattning", "helgrupp", "omvarld", "forslag", "forslagen", "forslagen",
    ]  # fmt: skip
    spoken = [script.title, script.intro, *(words for step in script.steps for words in (step.title, step.say))]
    assert all(set(words.wordings) >= {language.value for language in Language} for words in spoken)
    whole = programme.question_set("helgrupp")
    assert whole is not None
    assert whole.together
