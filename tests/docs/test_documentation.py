"""What the documentation says is there: links lead somewhere, and every command is described."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.commands import cli
from storage.links import Kind

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()]
    assert missing == []


def commands() -> list[str]:
    """Every command as it is typed, e.g. `manifest slack`."""
    top = get_command(cli)
    names: list[str] = []
    for name, command in getattr(top, "commands", {}).items():
        below = getattr(command, "commands", {})
        names += [f"{name} {sub}" for sub in below] or [name]
    return names


def test_every_command_is_described() -> None:
    written = "\n".join(page.read_text() for page in PAGES)
    assert [name for name in commands() if f"lartraff {name}" not in written] == []


def test_the_procfile_names_commands_that_exist() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    named = {line.partition(": lartraff ")[2].split()[0] for line in lines}
    assert named <= set(commands())


def test_the_readme_gives_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "python3 dev.py run" in readme
    assert "python3 dev.py test" in readme


def test_whoever_sets_up_the_proxy_reads_of_every_kind_of_link() -> None:
    table = (ROOT / "docs/drift.md").read_text()
    assert [kind for kind in Kind if f"`/{kind}/…`" not in table] == []
