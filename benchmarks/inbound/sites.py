"""Lärträff as an administrator would start it, against the stand-ins, and a look into its database afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.inbound import programme, servers, slack

_ROOT = Path(__file__).parents[2]
_SAMPLES = sorted((_ROOT / "config" / "programmes").glob("*.yaml"))


def settings(folder: Path, database_url: str = "") -> dict[str, str]:
    """The settings of a site that keeps everything in `folder`."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    return {
        "LARTRAFF_DATABASE_URL": database_url or f"sqlite:///{folder / 'data' / 'lartraff.db'}",
        "LARTRAFF_KEY_DIR": str(folder / "keys"),
        "LARTRAFF_ALLOW_EPHEMERAL": "1",  # the measurement's own folder is gone afterwards
    }


def slack_settings(port: int) -> dict[str, str]:
    """The settings for Slack, or what stands in for it on a port of this machine."""
    return {
        "SLACK_BOT_TOKEN": slack.BOT_TOKEN,
        "SLACK_SIGNING_SECRET": slack.SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
    }


def prepare(environment: Mapping[str, str], folder: Path, today: date) -> None:
    """Make the tables and load the programmes: the five samples, and the one that is registered for."""
    _command(environment, "migrate")
    _command(environment, "programme", "load", *map(str, (*_SAMPLES, programme.write(folder, today))))


def _command(environment: Mapping[str, str], *words: str) -> None:
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-m", "bot", *words],
        cwd=_ROOT,
        env={**environment, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"lartraff {words[0]} failed:\n{done.stdout}{done.stderr}")


def start(
    name: str, environment: Mapping[str, str], folder: Path, core: int | None, *, module: str = "bot"
) -> servers.Server:
    """`lartraff serve --with-worker` on one core."""
    arguments = ["-m", module, "serve", "--with-worker", "--host", "127.0.0.1"]
    return servers.start(name, arguments, environment=environment, folder=folder, core=core)


def count(environment: Mapping[str, str], what: str) -> int:
    """How many rows there are of `what`, such as `runs WHERE done`."""
    engine = create_engine(environment["LARTRAFF_DATABASE_URL"])
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one())  # noqa: S608 - our own
    finally:
        engine.dispose()
