"""Rounds of questions: who answers, what was answered, and what a board shows of it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.ground import metadata, partial_index
from storage.types import Instant

rounds = Table(
    "rounds",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("document", Text, nullable=False),  # what it asks and how, as JSON: never changed
    Column("state", String, nullable=False),  # planned, open, closed, withdrawn
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant),
    Column("undo_until", Instant),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False, server_default="0"),  # rises with every change of what the board shows
    Column("posted", Integer, nullable=False, server_default="0"),  # the version that the channels show
    Column("posted_at", Instant),
    Index("ix_rounds_programme", "programme", "opens_at"),
    partial_index("ix_rounds_running", "opens_at", where="state IN ('planned', 'open')"),
)

groups = Table(
    "groups",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("role", String, nullable=False),  # id of the role group, or nothing
    Column("name", String, nullable=False),
    Column("organisation_key", String, nullable=False, server_default=""),
    Column("platform", String, nullable=False, server_default=""),  # the channel it talks in, if it has one
    Column("workspace", String, nullable=False, server_default=""),
    Column("conversation", String, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("programme", "role", "name"),
    Index("ix_groups_channel", "platform", "workspace", "conversation"),
)

members = Table(
    "members",
    metadata,
    Column("group", ForeignKey("groups.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("joined_at", Instant, nullable=False),
    PrimaryKeyConstraint("group", "person"),
)

note_takers = Table(
    "note_takers",
    metadata,
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("group", ForeignKey("groups.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("taken_at", Instant, nullable=False),
    PrimaryKeyConstraint("round", "group"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("group", ForeignKey("groups.id"), nullable=False),
    Column("texts", Text, nullable=False),  # JSON object: question → what is written so far
    Column("saved_at", Instant, nullable=False),
    PrimaryKeyConstraint("round", "group"),
)

answers = Table(
    "answers",
    metadata,
    # Whoever wrote it is not here and is not meant to be derived: see docs on anonymity before a column is added.
    Column("id", String, primary_key=True),  # random
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("box", String, nullable=False),
    Column("question", String, nullable=False),
    Column("group", String, nullable=False, server_default=""),  # the author of notes; empty for a sealed answer
    Column("text", Text, nullable=False),
    Column("standing", String, nullable=False),  # shown, held, hidden
    Column("reason", String, nullable=False, server_default=""),
    Column("place", Integer, nullable=False),
    Column("moved", Boolean, nullable=False, server_default=text("false")),
    Column("written_at", Instant, nullable=False),
    Index("ix_answers_round", "round", "place"),
    sqlite_with_rowid=False,  # no order of arrival beside the one that is shown
)

urns = Table(
    "urns",
    metadata,
    Column("id", String, primary_key=True),  # names the keys, which lie outside the database
    Column("round", ForeignKey("rounds.id"), nullable=False, index=True),
    Column("box", String, nullable=False),
    Column("emptied_at", Instant),  # a day, at midnight
)

sealed = Table(
    "sealed",
    metadata,
    Column("urn", ForeignKey("urns.id"), nullable=False),
    Column("marker", LargeBinary, nullable=False),
    Column("box", LargeBinary, nullable=False),  # encrypted, always of the same length
    PrimaryKeyConstraint("urn", "marker"),
    sqlite_with_rowid=False,
)

rulings = Table(
    "rulings",
    metadata,
    Column("id", String, primary_key=True),
    Column("answer", String, nullable=False, index=True),
    Column("verdict", String, nullable=False),  # published, masked, hidden
    Column("reason", String, nullable=False, server_default=""),
    Column("person", ForeignKey("people.id"), nullable=False),  # the coordinator
    Column("ruled_at", Instant, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    Column("id", String, primary_key=True),
    Column("answer", ForeignKey("answers.id"), nullable=False),
    Column("box", String, nullable=False, server_default=""),  # the role group that replies; empty for the organiser
    Column("accepted", Boolean, nullable=False, server_default=text("false")),
    Column("text", Text, nullable=False, server_default=""),
    Column("said_at", Instant, nullable=False),
    UniqueConstraint("answer", "box"),
)

held_replies = Table(
    "held_replies",
    metadata,
    Column("id", String, primary_key=True),
    Column("answer", ForeignKey("answers.id"), nullable=False, index=True),
    Column("box", String, nullable=False),  # the role group that would reply
    Column("text", Text, nullable=False),
    Column("standing", String, nullable=False),  # held, hidden
    Column("reason", String, nullable=False, server_default=""),
    Column("said_at", Instant, nullable=False),
)
"""What a role group would say to an answer, and the board does not show; what it said before stays there meanwhile."""

votes = Table(
    "votes",
    metadata,
    Column("answer", ForeignKey("answers.id"), nullable=False),
    Column("voter", LargeBinary, nullable=False),  # a marker, made with a key that is destroyed when the round closes
    Column("round", ForeignKey("rounds.id"), nullable=False, index=True),
    PrimaryKeyConstraint("answer", "voter"),
    sqlite_with_rowid=False,
)

links = Table(
    "links",
    metadata,
    Column("id", String, primary_key=True),  # random; the secret half of the link follows from it and a key
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_links_kind_about", "kind", "about"),
)

plan_rows = Table(
    "plan_rows",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("before", String, nullable=False, server_default=""),  # id of the occasion
    Column("due", Date, index=True),
    Column("progress", String, nullable=False),  # planned, testing, done, blocked
    Column("owner", ForeignKey("people.id"), index=True),
    Column("deputy", String, nullable=False, server_default=""),
    Column("group", String, nullable=False, server_default=""),
    Column("answer", String, nullable=False, server_default=""),
    Column("remark", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", ForeignKey("people.id"), index=True),  # nobody: a deadline has passed, or they are gone
    Index("ix_plan_rows_programme_organisation_key", "programme", "organisation_key"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("round", ForeignKey("rounds.id"), nullable=False),
    Column("box", String, nullable=False),  # role group, or nothing for the box of everybody
    Column("question", String, nullable=False),
    Column("value", Integer, nullable=False),
    Column("count", Integer, nullable=False),  # people who gave this rating
    PrimaryKeyConstraint("round", "box", "question", "value"),
)
"""How many gave each rating, written when a round closes and only where enough people did: there are no single ones."""

answerers = Table(
    "answerers",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("contact", String, nullable=False),  # the name in the programme's file
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("appointed_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "contact", "person"),
)
"""Who answers questions as one of the contacts whom a programme's file names."""
