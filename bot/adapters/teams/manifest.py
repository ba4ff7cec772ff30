"""The app package that a Teams administrator uploads: manifest, its translations and the icons, in one zip."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.25"
ORIGINAL = "sv-se"
ACCENT = "#0F5257"  # the ground of the colour icon

PERSONAL = (
    *("help", "programmes", "register", "my registrations", "answer", "take notes", "my reminders", "pause"),
    *("materials", "plan", "status", "language"),
)
"""The words offered in one's own chat; Teams shows twelve at most."""

TOGETHER = ("help", "programmes", "register", "answer", "take notes", "materials", "channel", "group")
"""The words offered in teams and group chats."""

LISTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("personal",), PERSONAL),
    (("team", "groupChat"), TOGETHER),
)


def package(client_id: str, public_url: str, version: str, folder: Path) -> bytes:
    """The zip file. `folder` holds words.json, color.png and outline.png.

    The same input gives the same bytes. Raises `ValueError` when the address is not https, as Teams demands.
    """
    if urlsplit(public_url).scheme != "https":
        raise ValueError(f"Teams needs a public address that begins with https:// and not {public_url}")
    words: Mapping[str, Json] = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    files = {
        "manifest.json": _written(manifest(client_id, public_url, version, words)),
        **{f"{tag}.json": _written(translation(words[tag])) for tag in words if tag != ORIGINAL},
        **{icon: (folder / icon).read_bytes() for icon in ("color.png", "outline.png")},
    }
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return zipped.getvalue()


def manifest(client_id: str, public_url: str, version: str, words: Mapping[str, Json]) -> Json:
    """The manifest itself, in the original language."""
    original = words[ORIGINAL]
    address = public_url.rstrip("/")
    return {
        "$schema": f"{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": "1.25",
        "version": version,
        "id": client_id,
        "developer": {
            "name": original["name"],
            "websiteUrl": address,
            "privacyUrl": f"{address}/privacy",
            "termsOfUseUrl": f"{address}/terms",
        },
        "name": {"short": original["name"], "full": original["full_name"]},
        "description": {"short": original["description"], "full": original["full_description"]},
        "localizationInfo": {
            "defaultLanguageTag": ORIGINAL,
            "additionalLanguages": [{"languageTag": tag, "file": f"{tag}.json"} for tag in words if tag != ORIGINAL],
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": ACCENT,
        "bots": [
            {
                "botId": client_id,
                "scopes": ["personal", "team", "groupChat"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [
                    {"scopes": list(scopes), "commands": [original["commands"][key] for key in keys]}
                    for scopes, keys in LISTS
                ],
            }
        ],
        "supportsChannelFeatures": "tier1",
        "defaultInstallScope": "personal",
        "validDomains": [urlsplit(public_url).netloc],
    }


def translation(words: Json) -> Json:
    """The manifest's texts in another language, each under the path it replaces."""
    return {
        "$schema": f"{SCHEMA}/MicrosoftTeams.Localization.schema.json",
        "name.short": words["name"],
        "name.full": words["full_name"],
        "description.short": words["description"],
        "description.full": words["full_description"],
        **dict(_commands(words)),
    }


def _commands(words: Json) -> Iterator[tuple[str, str]]:
    for place, (_, keys) in enumerate(LISTS):
        for number, key in enumerate(keys):
            for part in ("title", "description"):
                path = f"bots[0].commandLists[{place}].commands[{number}].{part}"
                yield path, words["commands"][key][part]


def _written(document: Json) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
