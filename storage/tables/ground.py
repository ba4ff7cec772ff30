"""What every table stands on: the one metadata, and columns and indexes that several have."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Index, MetaData, String, event, text

_WHERE = "where"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def actor_columns() -> tuple[Column[str], Column[str], Column[str]]:
    """The three columns that name an actor."""
    return (
        Column("platform", String, nullable=False),
        Column("workspace", String, nullable=False),
        Column("user", String, nullable=False),
    )


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows. On PostgreSQL it is of those alone after `spell_for_postgresql`."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={_WHERE: text(where)})


@event.listens_for(metadata, "before_create")
def _prepare(_metadata: MetaData, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "postgresql":
        spell_for_postgresql()


def spell_for_postgresql() -> None:
    """Make our partial indexes partial there, too. When needed only: it loads a dialect that SQLite has no use for."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if _WHERE in index.info:
                index.dialect_options["postgresql"]["where"] = index.info[_WHERE]
