"""The app package: what Microsoft's own schemas accept, with icons of the right size and every word translated."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.adapters.teams.manifest import package
from bot.handlers.words import understand
from tests.fixtures.teams_person import CLIENT_ID

FIXTURES = Path(__file__).parents[2] / "fixtures"
FOLDER = Path(__file__).parents[3] / "config" / "manifests" / "teams"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(
        io.BytesIO(package(CLIENT_ID, "https://larande.example.se/", "0.1.0", folder=FOLDER))
    ) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def validate(document: Any, schema: str) -> None:
    jsonschema.Draft4Validator(json.loads((FIXTURES / schema).read_text())).validate(document)


def test_the_manifest_is_what_microsoft_describes(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    validate(manifest, "teams_manifest.schema.1.25.json")
    assert manifest["validDomains"] == ["larande.example.se"]
    named = [language["file"] for language in manifest["localizationInfo"]["additionalLanguages"]]
    assert {*named, "manifest.json", "color.png", "outline.png"} == set(files)


def test_control_the_schema_notices_what_is_wrong(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    for broken in ({"name": {"short": "x" * 31}}, {"supportsChannelFeatures": "tier9"}, {"unheardOf": 1}):
        with pytest.raises(jsonschema.ValidationError):
            validate({**manifest, **broken}, "teams_manifest.schema.1.25.json")


@pytest.mark.parametrize("language", ["nb-no", "nn-no", "en"])
def test_every_text_has_its_translation(language: str, files: dict[str, bytes]) -> None:
    translated = json.loads(files[f"{language}.json"])
    validate(translated, "teams_localization.schema.1.25.json")
    lists = json.loads(files["manifest.json"])["bots"][0]["commandLists"]
    paths = [
        f"bots[0].commandLists[{place}].commands[{number}].{part}"
        for place, commands in enumerate(lists)
        for number in range(len(commands["commands"]))
        for part in ("title", "description")
    ]
    assert [path for path in paths if not translated[path].strip()] == []
    assert len(translated) == len(paths) + 5  # the four texts about the app, and the schema


def test_the_commands_are_words_that_are_understood(files: dict[str, bytes]) -> None:
    personal, together = (each["commands"] for each in json.loads(files["manifest.json"])["bots"][0]["commandLists"])
    titles = [command["title"] for command in (*personal, *together)]
    translated = [json.loads(files[f"{tag}.json"]) for tag in ("nb-no", "nn-no", "en")]
    titles += [text for each in translated for path, text in each.items() if path.endswith(".title")]
    assert titles[:4] == ["hjälp", "program", "anmäl", "mina anmälningar"]
    assert [title for title in titles if understand(title) is None] == []


def test_a_team_is_not_offered_the_coordinators_view(files: dict[str, bytes]) -> None:
    _personal, together = (each["commands"] for each in json.loads(files["manifest.json"])["bots"][0]["commandLists"])
    assert "läget" not in [command["title"] for command in together]


@pytest.mark.parametrize(("icon", "pixels"), [("color.png", 192), ("outline.png", 32)])
def test_icons_have_the_size_that_teams_wants(icon: str, pixels: int, files: dict[str, bytes]) -> None:
    header = files[icon][:24]
    assert header.startswith(b"\x89PNG")
    assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (pixels, pixels)


def test_the_same_input_gives_the_same_file() -> None:
    assert package(CLIENT_ID, "https://a.se", "1.0.0", folder=FOLDER) == package(
        CLIENT_ID, "https://a.se", "1.0.0", folder=FOLDER
    )


def test_an_address_without_https_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        package(CLIENT_ID, "http://localhost:3978", "1.0.0", folder=FOLDER)
