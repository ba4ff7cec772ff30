"""`lartraff faq` as an administrator uses it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from config.programme_files import SAMPLES

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
