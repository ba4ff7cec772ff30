"""The app as Slack is told of it: names, rights and events. Printed by `lartraff manifest slack`."""

from __future__ import annotations

from typing import Any

COMMAND = "/lartraff"

SCOPES = {
    "app_mentions:read": "svara när någon skriver @Lärträff i en kanal",
    "chat:write": "skicka kallelser, påminnelser och kvitton, och ändra dem när något ändras",
    "commands": "kommandot /lartraff",
    "im:history": "läsa det som skrivs direkt till Lärträff, och se att ett meddelande inte skickas två gånger",
    "im:write": "öppna den direkta konversationen för att kunna se efter vad som redan har skickats",
    "users:read": "namn, språk och tidszon, och att få veta när ett konto avslutas",
    "channels:read": "märka när Lärträff läggs till i eller tas bort från en öppen kanal, och kanalens namn",
    "groups:read": "samma sak i en privat kanal",
}
"""Every right the app asks for, and what for. It reads no channel: only what is written to it."""

OPTIONAL_SCOPES = {
    "users:read.email": "fylla i e-postadressen i anmälan, så att ingen behöver skriva den",
}
"""Rights that an administrator can decline; the form then asks instead."""

BOT_SCOPES = (*SCOPES, *OPTIONAL_SCOPES)

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_left",
    "member_joined_channel",
    "message.im",
    "tokens_revoked",
    "user_change",
)

_ABOUT = "Följer med genom hela lärprogrammet: anmälan, ändringar och påminnelser."
_ABOUT_LONGER = (
    "Lärträff håller ihop ett lärprogram där kommuner och regioner deltar tillsammans. Du anmäler dig själv eller "
    "dina kollegor, ser vad det kostar innan du bekräftar, byter person eller avbokar när något ändras och blir påmind "
    "i lagom tid före varje lärträff. Det fungerar likadant i Slack och i Microsoft Teams, så ett program kan ha "
    "deltagare i båda. Skriv hjälp till Lärträff så visas vad du kan göra."
)


def manifest(public_url: str | None, *, socket_mode: bool) -> dict[str, Any]:
    """The manifest to paste into Slack. Without Socket Mode, Slack has to reach `public_url`.

    Raises `ValueError` when it could not work.
    """
    if not socket_mode and not public_url:
        raise ValueError("Slack needs LARTRAFF_PUBLIC_URL, the address where it reaches Lärträff, or else Socket Mode.")
    here = {} if socket_mode else {"request_url": f"{public_url}/slack/events"}
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Lärträff",
            "description": _ABOUT,
            "long_description": _ABOUT_LONGER,
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Lärträff", "always_online": True},
            "slash_commands": [_command(public_url, socket_mode=socket_mode)],
        },
        "oauth_config": _oauth(public_url),
        "settings": {
            "event_subscriptions": {**here, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **here},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,  # cannot be switched off again
        },
    }


def _command(public_url: str | None, *, socket_mode: bool) -> dict[str, Any]:
    command = {
        "command": COMMAND,
        "description": "Anmäl dig, se och ändra dina anmälningar",
        "usage_hint": "[hjälp | anmäl | mina anmälningar | svara | anteckna | plan | mina påminnelser | pausa]",
        "should_escape": False,
    }
    return command if socket_mode else {**command, "url": f"{public_url}/slack/events"}


def _oauth(public_url: str | None) -> dict[str, Any]:
    scopes = {"bot": list(BOT_SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}
    redirect = {"redirect_urls": [f"{public_url}/slack/oauth_redirect"]} if public_url else {}
    return {**redirect, "scopes": scopes}
