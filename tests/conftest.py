"""What every test can ask for, and what watches over all of them."""

import gc

# A fixture that is named here is known to all tests.
from tests.fixtures.chromium import chromium, windows  # noqa: F401
from tests.fixtures.databases import (  # noqa: F401
    _sqlite_template,
    databases,
    engine,
    engine_url,
    postgresql,
    postgresql_server,
    postgresql_url,
    sqlite,
    sqlite_url,
)
from tests.fixtures.network import network_stays_here  # noqa: F401
from tests.fixtures.quickness import statements_are_compiled_once, what_is_slow_to_read_is_read_once  # noqa: F401
from tests.texts.resolving import every_text_resolves  # noqa: F401


def pytest_collection_finish() -> None:
    """What has been collected stays: looking through it again and again would cost every test."""
    gc.collect()
    gc.freeze()
