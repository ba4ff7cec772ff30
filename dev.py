#!/usr/bin/env python3
"""The two commands of everyday work, with nothing installed but Python.

python3 dev.py run  [...]   start the sandbox on http://localhost:3978 (no account, no credentials)
python3 dev.py test [...]   everything CI runs; with arguments only pytest, e.g. `test tests/flows -k register`
python3 dev.py lock [...]   make the locks again after a change in pyproject.toml, e.g. `lock --upgrade` (needs uv)

The first start builds `.venv` beside this file, from a lock that names every package with its hash. Later starts
notice that nothing changed and go straight on.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "built"

RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-dev.lock"  # holds all of RUN_LOCK, in the same versions

GATES = {
    "style": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy", "bot", "storage", "config", "tests", "dev.py"),
    "layers": ("lint-imports",),
    "tests": ("pytest", "-n", "auto", "--dist", "worksteal", "-m", "not alone"),
    "reliability": ("pytest", "tests/reliability", "-m", "alone"),
}
ASIDE = "types"  # keeps one core busy for half a minute, which the others need not wait for
ALONE = "reliability"


def main() -> int:
    """Do what the first word says, and pass the rest on."""
    if sys.version_info < (3, 11):
        return refuse(f"Lärträff needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    command, *arguments = sys.argv[1:] or ["help"]
    os.chdir(ROOT)
    if command == "run":
        return build(RUN_LOCK) or become("-m", "bot", "sandbox", *arguments)
    if command == "test":
        return build(TEST_LOCK) or test(arguments)
    if command == "lock":
        return lock(arguments)
    if command in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    return refuse(f"There is no command {command!r}.\n\n{__doc__}")


def refuse(sentence: str) -> int:
    """Say why not, and give the exit status that means so."""
    print(sentence, file=sys.stderr)
    return 1


# --- .venv ----------------------------------------------------------------------------------------------------------


def build(lock_name: str) -> int:
    """Make `.venv` hold what the lock names; at once when it does already.

    The stamp is removed first and written last, so a build that was interrupted is never taken for a finished one.
    """
    fingerprint = hashlib.sha256(f"{sys.version} {sys.base_prefix} {ROOT}".encode())
    for name in (RUN_LOCK, TEST_LOCK):
        fingerprint.update((ROOT / name).read_bytes())
    stamps = {name: f"{fingerprint.hexdigest()} {name}" for name in (RUN_LOCK, TEST_LOCK)}

    built = STAMP.read_text() if STAMP.exists() else ""
    if built in (stamps[lock_name], stamps[TEST_LOCK]):
        return 0

    uv = shutil.which("uv")
    if not uv and not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return refuse(
            "This Python cannot make a virtual environment. On Debian and Ubuntu, this line (as root) puts that right:"
            f"\n\n    apt-get install -y python{version}-venv\n"
        )

    print(f"Building .venv from {lock_name}, once: about a minute …", flush=True)
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)
    for step in (with_uv if uv else with_pip)(lock_name, fresh=built != stamps[RUN_LOCK]):
        if subprocess.call(step) != 0:
            return refuse("\nThe build of .venv stopped; the lines above say why. The next start tries again.")
    STAMP.write_text(stamps[lock_name])
    print(f"Built in {time.monotonic() - started:.0f} s.\n", flush=True)
    return 0


def with_uv(lock_name: str, *, fresh: bool) -> list[list[str]]:
    """The commands that build `.venv` where uv is at hand."""
    make = ["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    fill = ["uv", "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), lock_name]
    return [make, fill] if fresh else [fill]


def with_pip(lock_name: str, *, fresh: bool) -> list[list[str]]:
    """The commands that build `.venv` with what Python brings along. The lock is complete: nothing is resolved."""
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    fill = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", lock_name]
    return [make, fill] if fresh else [fill]


def become(*arguments: str) -> int:
    """Become the program in `.venv`, so that Ctrl-C and signals go straight to it."""
    if os.name != "nt":  # Windows cannot replace a process
        os.execv(PYTHON, [str(PYTHON), *arguments])
    return subprocess.call([PYTHON, *arguments])


# --- commands -------------------------------------------------------------------------------------------------------


def test(arguments: list[str]) -> int:
    """Run every gate, also after one has failed, and sum up; with arguments, run pytest alone."""
    if arguments:
        return become("-m", "pytest", *arguments)

    with ThreadPoolExecutor() as beside, TemporaryFile() as report:
        aside = beside.submit(run, ASIDE, report)
        results = [run(name) for name in GATES if name not in (ASIDE, ALONE)]
        results.append(aside.result())
        report.seek(0)
        print(title(ASIDE), report.read().decode(errors="replace"), sep="\n", flush=True)
    results.append(run(ALONE))

    for name, passed, seconds in results:
        print(f"{'passed' if passed else 'FAILED'}  {name:8}{seconds:6.1f} s")
    return 0 if all(passed for _, passed, _ in results) else 1


def run(name: str, report: IO[bytes] | None = None) -> tuple[str, bool, float]:
    """Run a gate: its name, whether it passed, and its seconds. What it says goes into `report` where there is one.

    What Python compiles is kept, whatever the environment says: the tests start our program many times.
    """
    if not report:
        print(title(name), flush=True)
    program, *arguments = GATES[name]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    started = time.monotonic()
    status = subprocess.call(
        [PYTHON.with_name(program), *arguments], env=environment, stdout=report, stderr=report and subprocess.STDOUT
    )
    if not report:
        print(flush=True)
    return name, status == 0, time.monotonic() - started


def title(name: str) -> str:
    """The line above what a gate says."""
    return f"── {name}: {' '.join(GATES[name])}"


def lock(arguments: list[str]) -> int:
    """Write both locks, for every platform and Python at once, with hashes and without addresses."""
    if not shutil.which("uv"):
        return refuse("Making the locks needs uv: `pipx install uv` (or `pip install uv` in a virtual environment).")
    compile_ = [
        *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
        *("--no-emit-index-url", "--no-annotate", "--no-header", "--extra", "postgres", "--extra", "semantic"),
        *(*arguments, "pyproject.toml"),
    ]
    return subprocess.call([*compile_, "-o", RUN_LOCK]) or subprocess.call(
        [*compile_, "--group", "dev", "--constraint", RUN_LOCK, "-o", TEST_LOCK]
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
