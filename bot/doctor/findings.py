"""What a check found, and running all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `ok` is None for what cannot be checked from here and is only worth knowing."""

    ok: bool | None
    what: str
    action: str = ""  # what to do; empty when there is nothing to do


Check = Callable[[], Awaitable[Sequence[Finding]]]


async def examine(checks: Mapping[str, Check]) -> list[Finding]:
    """Everything that the checks find, in their order. A check that breaks is a finding too."""
    findings: list[Finding] = []
    for name, check in checks.items():
        try:
            findings += await check()
        except Exception as error:  # noqa: BLE001 - every other check still has something to say
            findings.append(
                Finding(False, f"{name}: the check itself broke ({type(error).__name__})", "Please report this.")
            )
    return findings


def failed(findings: Iterable[Finding]) -> bool:
    """Whether anything must be put right: the exit status."""
    return any(finding.ok is False for finding in findings)
