"""What is wrong when a database refuses, and what to do, in words of ours: its own name hosts and users."""

from __future__ import annotations

import re

from bot.doctor.files import OURS
from bot.doctor.findings import Finding
from storage.trouble import original

_UNLOCK = "Another program keeps it locked: end that, such as a backup by other means than docs/drift.md says."
_RESTORE = "Put the last backup back: docs/drift.md."

_SQLITE = {
    "SQLITE_BUSY": _UNLOCK,
    "SQLITE_LOCKED": _UNLOCK,
    "SQLITE_FULL": "The disk is full: make room on it. Nothing has to be started again.",
    "SQLITE_IOERR": "The disk is full, is failing or is not in this machine: make room on it, or use another.",
    "SQLITE_READONLY": f"{OURS} Or its disk can only be read.",
    "SQLITE_CANTOPEN": OURS,
    "SQLITE_CORRUPT": _RESTORE,
    "SQLITE_NOTADB": _RESTORE,
}
"""What to do about an error of SQLite's, by the first two words of its name."""

_POSTGRESQL = (
    (
        r"password authentication failed|no password supplied|role .* does not exist",
        "it refuses the user or the password",
        "Check both in LARTRAFF_DATABASE_URL. Special characters in a password are percent-encoded: docs/drift.md.",
    ),
    (
        r"database .* does not exist",
        "it has no such database",
        "Make it, docs/drift.md says how, or name another one in LARTRAFF_DATABASE_URL.",
    ),
    (
        r"failed to resolve host|could not translate host name",
        "no machine is found by its name",
        "Check the host in LARTRAFF_DATABASE_URL, and this machine's name look-up.",
    ),
    (
        r"Connection refused|No such file or directory",
        "nothing listens there",
        "Start PostgreSQL, or check host and port in LARTRAFF_DATABASE_URL.",
    ),
    (
        r"timeout expired|timed out|unreachable",
        "no answer comes from there",
        "Let this machine reach it: firewall. Or check host and port in LARTRAFF_DATABASE_URL.",
    ),
    (
        r"does not support SSL",
        "it does not speak TLS, which LARTRAFF_DATABASE_URL demands",
        "Switch TLS on there. On this machine or a network of your own, sslmode=prefer does without.",
    ),
    (
        r"no encryption|SSL off",
        "it lets nobody in without TLS, or not this user from this machine",
        "Add ?sslmode=require to LARTRAFF_DATABASE_URL, or a line to the server's pg_hba.conf.",
    ),
    (
        r"no pg_hba\.conf entry",
        "it does not let this user in from this machine",
        "Add a line to the server's pg_hba.conf.",
    ),
    (
        r"invalid connection option|bad value for|invalid \S+ value",
        "LARTRAFF_DATABASE_URL has an option that PostgreSQL's driver does not know",
        "Correct what stands after the question mark.",
    ),
)
"""What libpq says, which gives no code when it cannot connect; what it means; and what to do."""


def no_answer(error: Exception, whose: str) -> Finding:
    """The database cannot be read. `whose` says whose SQLite's files are, and is empty for PostgreSQL."""
    if whose:
        return _of_sqlite(error, "cannot be opened", whose)
    said = str(original(error))
    for pattern, meaning, action in _POSTGRESQL:
        if re.search(pattern, said):
            return Finding(False, f"The database does not answer: {meaning}", action)
    action = "Check LARTRAFF_DATABASE_URL, and that the database runs and lets this machine in."
    return Finding(False, f"The database does not answer ({type(error).__name__})", action)


def no_writes(error: Exception, whose: str) -> Finding:
    """The database can be read and not written."""
    if whose:
        return _of_sqlite(error, "takes no writes", whose)
    return Finding(False, f"The database takes no writes ({type(error).__name__})", "Give its user the right to write.")


def _of_sqlite(error: Exception, what: str, whose: str) -> Finding:
    name = str(getattr(original(error), "sqlite_errorname", type(error).__name__))
    action = _SQLITE.get("_".join(name.split("_")[:2]), f"{OURS} Check the space on the disk.")
    if action == _RESTORE:
        return Finding(False, "The database file is damaged, or is no database", action)
    return Finding(False, f"The database file {what} ({name}): {whose}", action)
