"""Slack installations: one sealed token a workspace, and the secrets of installations that are under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection, delete, insert, select

from bot.ports import Clock
from storage.tables import install_states, installations
from storage.unit_of_work import UnitOfWork
from storage.upsert import upsert


class Installed(Protocol):
    """What is kept of the app in one workspace. The token comes and goes sealed."""

    @property
    def workspace(self) -> str: ...
    @property
    def bot_user(self) -> str: ...
    @property
    def scopes(self) -> str: ...
    @property
    def sealed_token(self) -> bytes: ...


Kept = TypeVar("Kept", bound=Installed)


class Installations(Generic[Kept]):
    """The installations of a deployment, one transaction for each call.

    `make` builds the adapter's own record from the names of `Installed` and `name`, so that storage need not know
    the adapter.
    """

    def __init__(self, uow: UnitOfWork, clock: Clock, make: Callable[..., Kept]) -> None:
        self._uow = uow
        self._clock = clock
        self._make = make

    async def find(self, workspace: str) -> Kept | None:
        """The installation of this workspace, if there is one."""
        query = select(installations).where(installations.c.workspace == workspace)
        row = await self._uow.run(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        return self._make(
            workspace=row.workspace, name="", bot_user=row.bot_user, scopes=row.scopes, sealed_token=row.token
        )

    async def save(self, installation: Kept) -> None:
        """Keep it, in place of an earlier one of the same workspace."""
        now = self._clock.now()

        def work(connection: Connection) -> None:
            upsert(
                connection,
                installations,
                workspace=installation.workspace,
                bot_user=installation.bot_user,
                token=installation.sealed_token,
                scopes=installation.scopes,
                installed_at=now,
            )

        await self._uow.run(work)

    async def delete(self, workspace: str, until: datetime) -> None:
        """Forget the workspace and its token, if it was installed by then."""
        those = (installations.c.workspace == workspace) & (installations.c.installed_at <= until)
        await self._uow.run(lambda connection: connection.execute(delete(installations).where(those)))

    async def issue_state(self, digest: str, expires: float) -> None:
        """Keep the digest of an installation's secret until `expires` (seconds since 1970), and drop expired ones."""
        now = self._clock.now()
        row = {"digest": digest, "browser": digest, "expires_at": datetime.fromtimestamp(expires, UTC)}

        def work(connection: Connection) -> None:
            connection.execute(delete(install_states).where(install_states.c.expires_at <= now))
            connection.execute(insert(install_states), row)

        await self._uow.run(work)

    async def consume_state(self, digest: str, now: float) -> bool:
        """Whether the digest was there and in time; it is gone afterwards, at once for everybody."""
        at = datetime.fromtimestamp(now, UTC)
        taken = delete(install_states).where(install_states.c.digest == digest).returning(install_states.c.expires_at)
        expires_at = await self._uow.run(lambda connection: connection.execute(taken).scalar_one_or_none())
        return expires_at is not None and expires_at > at
