"""`lartraff manifest`: files ready to upload to Slack or Teams."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.commands import needs
from config import settings

commands = typer.Typer(help="Files ready to upload to Slack or Teams.", no_args_is_help=True)

_ICONS = Path(settings.__file__).parent / "manifests" / "teams"


@commands.command("slack")
def manifest_slack(
    socket_mode: Annotated[bool, typer.Option(help="For Socket Mode, without a public address.")] = False,
) -> None:
    """Print the app manifest to paste into Slack."""
    from bot.adapters.slack import manifest as slack_manifest

    address = needs.read_settings().public_url
    try:
        # Slack cannot reach an address that only this machine has.
        made = slack_manifest.manifest(address if address.startswith("https:") else None, socket_mode=socket_mode)
    except ValueError as error:
        raise needs.refuse(str(error)) from None
    typer.echo(json.dumps(made, ensure_ascii=False, indent=2))


@commands.command("teams")
def manifest_teams(
    out: Annotated[Path, typer.Option(help="Where to write the package.")] = Path("lartraff-teams.zip"),
) -> None:
    """Write the app package to upload to Teams."""
    from bot.adapters.teams import manifest as teams_manifest

    found = needs.read_settings()
    if found.teams is None:
        raise needs.refuse("TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID are needed for the Teams package.")
    try:
        package = teams_manifest.package(found.teams.client_id, found.public_url, __version__, _ICONS)
    except ValueError as error:
        raise needs.refuse(f"{error}: set LARTRAFF_PUBLIC_URL.") from None
    try:
        out.write_bytes(package)
    except OSError as error:
        raise needs.refuse(f"{out} cannot be written ({error.strerror}): choose another place with --out.") from None
    typer.echo(f"Written: {out}")
