"""People: who they are, where they can be written to, and what they have wished for."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table, Text, text

from storage.tables.ground import actor_columns, metadata, partial_index
from storage.types import Instant

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, server_default=""),
    Column("email", String, nullable=False, server_default=""),
    Column("language", String, nullable=False),
    Column("language_chosen", Boolean, nullable=False, server_default=text("false")),
    Column("zone", String, nullable=False, server_default=""),
    Column("organisation", String, nullable=False, server_default=""),
    Column("role", String, nullable=False, server_default="participant"),
    Column("platform", String, nullable=False, server_default=""),  # the one to write to, when the person chose one
    Column("digest_at", Instant),  # when they were last sent reminders that could wait
    Column("away_until", Instant),  # for a coordinator: until then the deputy is asked
    Column("deputy", String, nullable=False, server_default=""),  # person id
    Column("created_at", Instant, nullable=False),
    partial_index("ix_people_appointed", "deputy", where="role <> 'participant'"),
    partial_index("ix_people_away_until", "away_until", where="away_until IS NOT NULL"),
)

actors = Table(
    "actors",
    metadata,
    *actor_columns(),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("directory_email", String, nullable=False, server_default=""),  # from the platform, never typed
    Column("profile_read", Boolean, nullable=False, server_default=text("false")),
    Column("welcomed_at", Instant),
    Column("home_opened_at", Instant),
    Column("left_at", Instant),
    Column("blocked_at", Instant),  # messages are refused although the person is still there
    Column("blocked_reason", String, nullable=False, server_default=""),  # the platform's own code
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("platform", "workspace", "user"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("surface", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("details", Text, nullable=False),  # JSON object of strings
    Column("updated_at", Instant, nullable=False),
    PrimaryKeyConstraint("platform", "workspace", "surface", "conversation"),
)

codes = Table(
    "codes",
    metadata,
    Column("digest", String, primary_key=True),  # of the one-time code
    Column("purpose", String, nullable=False),  # "seat" or "person"
    Column("about", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

wishes = Table(
    "wishes",
    metadata,
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("programme", String, nullable=False),  # or nothing: all of them
    Column("level", String, nullable=False),  # all, few, none
    Column("paused_until", Instant),
    Column("changed_at", Instant, nullable=False),
    PrimaryKeyConstraint("person", "programme"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("appointed_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "organisation_key", "person"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("owner", String, primary_key=True),  # "person:<id>" or "programme:<id>"
    Column("generation", Integer, nullable=False),  # rises when the link is revoked
)
