"""`lartraff faq` as an administrator uses it."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner, Result

from bot.commands import cli
from bot.domain.caution import Caution
from bot.domain.programmes import Programme
from config.programme_files import SAMPLES
from storage import programmes
from storage.unit_of_work import unit_of_work

PROGRAMME = "masterclass-medborgardialog"
(MASTERCLASS,) = (path for path in SAMPLES if path.stem == PROGRAMME)


def settings(home: Path) -> dict[str, str]:
    database = home / "data" / "lartraff.db"
    return {"LARTRAFF_DATABASE_URL": f"sqlite:///{database}", "LARTRAFF_KEY_DIR": str(home / "keys")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a programme that has questions of its own."""
    home = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings(home).items():
            patch.setenv(name, value)
        assert lartraff("programme", "load", MASTERCLASS).exit_code == 0
    return home


@pytest.fixture
def folder(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with such a site in it."""
    shutil.copytree(site, tmp_path / "site")
    for name, value in settings(tmp_path / "site").items():
        monkeypatch.setenv(name, value)
    return tmp_path


def lartraff(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def faq(*words: str | Path, programme: str = PROGRAMME) -> list[str]:
    done = lartraff("faq", *words, "--programme", programme)
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def page(folder: Path, answer: str) -> Path:
    path = folder / "fragor.md"
    path.write_text(f"## Var parkerar jag?\n\n{answer}\n\n- plats 1\n\n## Finns det paketpris?\n\nJa.\n", "utf-8")
    return path


def test_a_file_is_looked_through_before_it_is_loaded_and_loading_twice_changes_nothing(folder: Path) -> None:
    file = page(folder, "Framför huset.")
    seen = faq("check", file)
    assert seen[:2] == [f"new      {PROGRAMME}.var-parkerar-jag: Var parkerar jag?", "           Framför huset."]
    assert seen[-3:-1] == [
        f"alike?   {PROGRAMME}.finns-det-paketpris: Finns det paketpris?",
        f"         {PROGRAMME}.paketpris (våren 2027): Finns det något paketpris?",
    ]
    assert seen[-1] == "2 new, 0 changed, 0 the same, 1 perhaps there already."
    assert faq("load", file) == seen
    assert faq("load", file) == ["0 new, 0 changed, 2 the same."]


def test_a_changed_answer_is_shown_with_its_difference(folder: Path) -> None:
    faq("load", page(folder, "Framför huset."))
    assert faq("check", page(folder, "Bakom huset.")) == [
        f"changed  {PROGRAMME}.var-parkerar-jag: Var parkerar jag?",
        "         answer (sv)",
        "           - Framför huset.",
        "           + Bakom huset.",
        "",
        "             - plats 1",
        "0 new, 1 changed, 1 the same.",
    ]


@pytest.mark.parametrize("name", ["ut.csv", "ut.md"])
def test_what_was_exported_is_loaded_without_any_change(folder: Path, name: str) -> None:
    (said,) = faq("export", folder / name)
    count = said.rpartition(" ")[2]
    assert said == f"Written: {folder / name}, questions: {count}"
    assert lartraff("faq", "load", folder / name).output == f"0 new, 0 changed, {count} the same.\n"


def test_questions_for_all_programmes_need_none(folder: Path) -> None:
    assert lartraff("faq", "load", page(folder, "Där.")).exit_code == 0
    assert lartraff("faq", "export", folder / "ut.csv", "--programme", "gemensam").exit_code == 0
    written = (folder / "ut.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[:2] for line in written if line.startswith("common;")] == [
        ["common", "finns-det-paketpris"],
        ["common", "var-parkerar-jag"],
    ]


def test_a_file_with_a_fault_is_refused_whole(folder: Path) -> None:
    file = folder / "fel.csv"
    file.write_text("Fråga;Svar\nHur?;Så.\nVar?;\n", "utf-8")
    for command in ("check", "load"):
        refused = lartraff("faq", command, file)
        assert refused.exit_code == 1
        assert refused.output == f"{file}:3:1: error: answer is missing\n"
    file.write_text("Fråga;Svar\nHur?;Så.\n", "utf-8")
    assert faq("check", file)[-1].startswith("1 new")


def questions(folder: Path, *lines: str) -> Path:
    path = folder / "prov.csv"
    path.write_text("\n".join(("Fråga;Förväntat", *lines, "")), "utf-8")
    return path


def test_S12_questions_of_a_file_are_asked_and_the_exit_status_tells_whether_one_fails(folder: Path) -> None:
    right = "Finns det något paketpris?;paketpris"
    passed = lartraff("faq", "test", questions(folder, right), "--programme", PROGRAMME)
    assert (passed.exit_code, passed.output.splitlines()[:1]) == (0, ["pass  Finns det något paketpris?"])
    assert f" {PROGRAMME}.paketpris (Finns det något paketpris?)" in passed.output.splitlines()[1]
    failed = lartraff("faq", "test", questions(folder, right, "Finns det något paketpris?;"), "--programme", PROGRAMME)
    assert failed.exit_code == 1
    assert failed.output.splitlines()[2:4] == ["FAIL  Finns det något paketpris?", "      expected: no answer"]
    assert failed.output.splitlines()[-1] == "1 passed, 1 failed, 0 with nothing expected."


def test_a_file_of_yaml_says_the_same(folder: Path) -> None:
    file = folder / "prov.yaml"
    file.write_text(
        "tests:\n"
        "  - {question: Finns det något paketpris?, expected: paketpris}\n"
        "  - {question: Sjunger blåbärspajen?, expected: }\n"
        "  - question: Finns det något paketpris?\n",
        "utf-8",
    )
    done = lartraff("faq", "test", file, "--programme", PROGRAMME)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "2 passed, 0 failed, 1 with nothing expected.")


def test_a_file_of_tests_with_a_fault_is_refused_by_its_line(folder: Path) -> None:
    unknown = questions(folder, "Var?;finns-inte")
    refused = {
        f"{unknown}:2:1: error: no question 'finns-inte' is in use": lartraff("faq", "test", unknown),
        "no such programme has been loaded: nej": lartraff("faq", "test", questions(folder, "Var?"), "--programme=nej"),
        "question is missing": lartraff("faq", "test", questions(folder, ";paketpris")),
        "no question was found": lartraff("faq", "test", questions(folder)),
        "must be one of .csv": lartraff("faq", "test", folder / "prov.html"),
        "cannot be opened": lartraff("faq", "test", folder / "borta.csv"),
    }
    for sentence, result in refused.items():
        assert (result.exit_code, sentence in result.output) == (1, True), result.output


def test_loading_a_programme_says_that_the_word_in_chat_on_how_sure_to_be_is_kept(folder: Path) -> None:
    async def say_in_chat() -> None:
        unit = unit_of_work(settings(folder / "site")["LARTRAFF_DATABASE_URL"])
        await unit.run(lambda c: programmes.load(c, replace(here(c), chat_caution=Caution.HELPFUL), datetime.now(UTC)))
        await unit.close()

    kept = "how sure an answer has to be in chat is kept, whatever the file says: helpful."
    assert kept not in lartraff("programme", "load", MASTERCLASS).output
    asyncio.run(say_in_chat())
    assert kept in lartraff("programme", "load", MASTERCLASS).output


def here(connection: Connection) -> Programme:
    found = programmes.locked(connection, PROGRAMME)
    assert found is not None
    return found


def test_refusals_are_sentences(folder: Path) -> None:
    file = page(folder, "Där.")
    refused = {
        "no such programme has been loaded: nej": lartraff("faq", "load", file, "--programme", "nej"),
        "must end with .csv or .md": lartraff("faq", "export", folder / "ut.pdf"),
        "fi is not one of sv": lartraff("faq", "check", file, "--language", "fi"),
        "No such file or directory": lartraff("faq", "export", folder / "nej" / "ut.csv"),
    }
    for sentence, result in refused.items():
        assert result.exit_code == 1
        assert sentence in result.output
        assert "Traceback" not in result.output
