"""Questions that people ask: what is answered, what waits for an answer, and who asked."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
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

faq_entries = Table(
    "faq_entries",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, nullable=False),  # or nothing: it holds for all of them
    Column("document", Text, nullable=False),  # the entry as JSON
    Column("standing", String, nullable=False),  # live, retired
    Column("version", Integer, nullable=False),
    Column("origin", String, nullable=False, server_default=""),  # digest of what the programme's file says, if it does
    Column("changed_at", Instant, nullable=False),
    Index("ix_faq_entries_programme", "programme"),
)

faq_history = Table(
    "faq_history",
    metadata,
    Column("entry", ForeignKey("faq_entries.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),  # the entry as it stood after the change
    Column("standing", String, nullable=False),
    Column("change", String, nullable=False),
    Column("by", ForeignKey("people.id")),  # nobody for the programme's file
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("entry", "version"),
)

faq_phrasings = Table(
    "faq_phrasings",
    metadata,
    Column("id", String, primary_key=True),
    Column("entry", ForeignKey("faq_entries.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("standing", String, nullable=False),  # proposed, accepted, rejected
    Column("times", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),  # last
    UniqueConstraint("entry", "text"),
)

faq_vectors = Table(
    "faq_vectors",
    metadata,
    Column("key", String, primary_key=True),  # digest of the model and the text
    Column("vector", LargeBinary, nullable=False),
)

misses = Table(
    "misses",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, nullable=False),  # or nothing: of no programme in particular
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("state", String, nullable=False),  # open, answered, dismissed
    Column("contact", String, nullable=False, server_default=""),  # name of the contact whose field it is
    Column("owner", ForeignKey("people.id"), index=True),  # who has taken it on
    Column("answer", Text, nullable=False, server_default=""),  # by language, as JSON
    Column("answered_by", ForeignKey("people.id")),
    Column("entry", String, nullable=False, server_default=""),  # that answers it, or that it puts in doubt
    Column("agenda", Text, nullable=False, server_default=""),  # the question as the next agenda has it, if it does
    Column("opened_at", Instant, nullable=False),
    Column("answered_at", Instant),
    partial_index("ix_misses_open", "opened_at", where="state = 'open'"),
    Index("ix_misses_programme", "programme", "opened_at"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("miss", ForeignKey("misses.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("message", String, nullable=False),  # key of the outbox row that carries the question
    Column("handed_at", Instant, nullable=False),
    Column("over", Boolean, nullable=False, server_default=text("false")),  # they have it no longer
    PrimaryKeyConstraint("miss", "person"),
)
"""To whom a question was handed that coordinators did not answer themselves; the last time for each colleague."""

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, nullable=False),  # or nothing: of no programme in particular
    Column("language", String, nullable=False),
    Column("text", Text, nullable=False),  # without what points at a person
    Column("outcome", String, nullable=False),  # answered, suggested, unknown, human
    Column("entry", String, nullable=False, server_default=""),  # that was given
    Column("version", Integer, nullable=False, server_default="0"),  # of the entry
    Column("helped", Boolean),
    Column("reason", Text, nullable=False, server_default=""),
    Column("miss", ForeignKey("misses.id"), index=True),
    Column("asked_at", Instant, nullable=False),
    Index("ix_inquiries_entry", "entry", "helped"),
    Index("ix_inquiries_programme", "programme", "asked_at"),
)

askers = Table(
    "askers",
    metadata,
    Column("inquiry", ForeignKey("inquiries.id"), primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("named", Boolean, nullable=False),  # the coordinator may see who asks
    Column("told_at", Instant),
)
