"""What Lärträff is compared with, bare bots as their libraries' documentation has them: `… peers slack|floor|teams`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import AsyncIterator
from typing import Any

PORT = int(os.environ.get("PORT", "0"))


def slack() -> None:
    """slack-bolt: a button opens a form. No database, and a connection for each API call, as documented."""
    from slack_bolt.async_app import AsyncAck, AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

    @app.action(re.compile(".*"))
    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=_form(body["actions"][0]["value"]))

    app.start(PORT)


def floor() -> None:
    """The least that answering a button durably takes in Python: no bot, none of Slack's libraries, nothing looked up.

    aiohttp, the signature, one row in a SQLite file that is flushed before the answer, and the call over a connection
    that stays open. Rows that come together share a commit, which is waited for in the event loop: nothing is spent on
    handing it to a thread.
    """
    import asyncio
    import hashlib
    import hmac
    import json
    import sqlite3
    from urllib.parse import unquote_plus

    from aiohttp import ClientSession, web

    rows = sqlite3.connect(os.environ["FLOOR_DATABASE"], isolation_level=None)
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("PRAGMA synchronous = FULL")
    rows.execute("CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
    secret = os.environ["SLACK_SIGNING_SECRET"].encode()
    bearer = {"Authorization": f"Bearer {os.environ['SLACK_BOT_TOKEN']}"}
    coming: list[tuple[tuple[str, bytes], asyncio.Future[None]]] = []

    def commit() -> None:
        rows.execute("BEGIN IMMEDIATE")
        rows.executemany("INSERT INTO deliveries VALUES (?, ?)", [row for row, _ in coming])
        rows.execute("COMMIT")
        for _, on_disk in coming:
            on_disk.set_result(None)
        coming.clear()

    async def pressed(request: web.Request) -> web.Response:
        body = await request.read()
        stamp = request.headers["X-Slack-Request-Timestamp"].encode()
        signature = hmac.new(secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={signature}", request.headers["X-Slack-Signature"]):
            return web.Response(status=401)
        said = json.loads(unquote_plus(body.decode().removeprefix("payload=")))
        trigger = said["trigger_id"]
        loop = asyncio.get_running_loop()
        on_disk = loop.create_future()
        if not coming:
            loop.call_soon(commit)
        coming.append(((trigger, body), on_disk))
        await on_disk
        opened = {"trigger_id": trigger, "view": _form(said["actions"][0]["value"])}
        async with request.app[session].post("views.open", json=opened, headers=bearer) as answer:
            await answer.read()
        return web.Response()

    session = web.AppKey("session", ClientSession)

    async def connected(app: web.Application) -> AsyncIterator[None]:
        async with ClientSession(os.environ["SLACK_API_URL"]) as app[session]:
            yield

    app = web.Application()
    app.cleanup_ctx.append(connected)
    app.router.add_post("/slack/events", pressed)
    web.run_app(app, host="127.0.0.1", port=PORT, print=None, access_log=None)


def _form(said: str) -> dict[str, Any]:
    label = {"type": "plain_text", "text": said}
    element = {"type": "plain_text_input", "action_id": "text"}
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Echo"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{"type": "input", "block_id": "text", "label": label, "element": element}],
    }


def teams() -> None:
    """botbuilder: a message is answered with its own words.

    The front is that of botbuilder-integration-aiohttp's CloudAdapter without its branch for websockets, so that
    nothing has to be installed that Lärträff itself does not need. Microsoft's login insists on https: the token is
    asked of the stand-in with the same library (`requests`) by which MSAL asks, without what MSAL does besides.
    """
    import requests
    from aiohttp import web
    from botbuilder.core import ActivityHandler, CloudAdapterBase, MessageFactory, TurnContext
    from botbuilder.schema import Activity
    from botframework.connector.auth import (
        BotFrameworkAuthenticationFactory,
        MicrosoftAppCredentials,
        PasswordServiceClientCredentialFactory,
    )

    client_id = os.environ["TEAMS_CLIENT_ID"]
    token_url = os.environ["TEAMS_TOKEN_URL"]

    class Credentials(MicrosoftAppCredentials):  # type: ignore[misc]
        def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: ARG002 - the library's
            form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "secret"}
            return str(requests.post(token_url, data=form, timeout=5).json()["access_token"])

    class Factory(PasswordServiceClientCredentialFactory):  # type: ignore[misc]
        async def create_credentials(
            self,
            app_id: str,
            oauth_scope: str,
            login_endpoint: str,  # noqa: ARG002
            validate_authority: bool,  # noqa: ARG002
        ) -> MicrosoftAppCredentials:
            return Credentials(app_id, "secret", None, oauth_scope)

    class Echo(ActivityHandler):  # type: ignore[misc]
        async def on_message_activity(self, turn_context: TurnContext) -> None:
            await turn_context.send_activity(MessageFactory.text(f"Echo: {turn_context.activity.text}"))

    adapter = CloudAdapterBase(
        BotFrameworkAuthenticationFactory.create(
            to_channel_from_bot_login_url="https://login.microsoftonline.com/botframework.com",
            to_channel_from_bot_oauth_scope="https://api.botframework.com",
            to_bot_from_channel_token_issuer=os.environ["TEAMS_TOKEN_ISSUER"],
            to_bot_from_channel_open_id_metadata_url=os.environ["TEAMS_OPENID_METADATA_URL"],
            oauth_url="https://api.botframework.com",
            credential_factory=Factory(client_id, "secret"),
        )
    )
    bot = Echo()

    async def messages(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        await adapter.process_activity(request.headers.get("authorization", ""), activity, bot.on_turn)
        return web.Response(status=201)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=PORT, print=None, access_log=None)


if __name__ == "__main__":
    {"slack": slack, "floor": floor, "teams": teams}[sys.argv[1]]()
