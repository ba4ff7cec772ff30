"""Programmes and their meetings: who has a seat, where they are announced, and who waits for a material."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text, text

from storage.tables.ground import metadata, partial_index
from storage.types import Instant

programmes = Table(
    "programmes",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),  # the programme as JSON
    Column("place", Integer, nullable=False),  # order in lists
    Column("loaded_at", Instant, nullable=False),
    Column("planned", Boolean, nullable=False, server_default=text("false")),  # the nudges of this version are
)

occasions = Table(
    "occasions",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("id", String, nullable=False),
    Column("capacity", Integer),
    Column("starts_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "id"),
)

changes = Table(
    "changes",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("occasion", String, nullable=False),
    Column("before", Text, nullable=False),  # what people were last told, or how far they have been told anew, as JSON
    Column("settles_at", Instant, nullable=False),  # when people are told what it has become
    PrimaryKeyConstraint("programme", "occasion"),
    Index("ix_changes_settles_at", "settles_at"),
)

registrations = Table(
    "registrations",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation", String, nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("made_by", ForeignKey("people.id"), nullable=False),
    Column("invoice_reference", String, nullable=False, server_default=""),
    Column("gln", String, nullable=False, server_default=""),
    Column("needs", Text, nullable=False, server_default=""),
    Column("prerequisite", String, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Index("ix_registrations_programme_organisation_key", "programme", "organisation_key"),
    Index("ix_registrations_made_by", "made_by"),
)

seats = Table(
    "seats",
    metadata,
    Column("id", String, primary_key=True),
    Column("registration", ForeignKey("registrations.id"), nullable=False, index=True),
    Column("programme", String, nullable=False),
    Column("occasion", String, nullable=False),
    Column("person", ForeignKey("people.id")),
    Column("name", String, nullable=False, server_default=""),
    Column("email", String, nullable=False, server_default=""),
    Column("state", String, nullable=False),
    Column("lodging", Boolean, nullable=False, server_default=text("false")),
    Column("queued_at", Instant),  # its place in the waiting list
    Column("offered_until", Instant),
    Column("undo_until", Instant),
    Column("fee", Integer, nullable=False, server_default="0"),  # whole kronor that giving it up cost, as was said
    Column("before_cancel", String, nullable=False, server_default=""),  # the state an undo restores
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("changed_at", Instant, nullable=False),
    Column("held_since", Instant),  # when the participant of today got it for certain
    Column("left_by", ForeignKey("people.id")),  # who sat here when their account was closed, until they are back
    Index("ix_seats_programme_occasion_state", "programme", "occasion", "state"),
    partial_index(
        "uq_seats_person",
        "programme",
        "occasion",
        "person",
        unique=True,
        where="state IN ('confirmed', 'waiting', 'offered')",
    ),
    Index("ix_seats_person", "person"),
    partial_index("ix_seats_left_by", "left_by", where="left_by IS NOT NULL"),
    partial_index("ix_seats_waiting", "programme", "occasion", "queued_at", where="state = 'waiting'"),
    partial_index("ix_seats_offered_until", "offered_until", where="state = 'offered'"),
    partial_index("ix_seats_undo_until", "undo_until", where="state = 'cancelled'"),
)

newcomers = Table(
    "newcomers",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("since", Instant, nullable=False),  # when they came to take part for the organisation
    Column("told_at", Instant),  # when somebody of the organisation was told
    Column("denied_at", Instant),  # somebody has said that they are not one of its own
    Column("denied_by", ForeignKey("people.id")),
    Column("vouched_at", Instant),  # a coordinator has said that they are
    PrimaryKeyConstraint("programme", "organisation_key", "person"),
    partial_index("ix_newcomers_untold", "programme", where="told_at IS NULL"),
)
"""Who takes part for an organisation, as far as it has been noticed. Who is denied sees nothing that is its own."""

bindings = Table(
    "bindings",
    metadata,
    Column("platform", String, nullable=False),
    Column("workspace", String, nullable=False),
    Column("conversation", String, nullable=False),  # the channel
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("name", String, nullable=False, server_default=""),  # of the channel, as far as the platform has said
    Column("threads", Boolean, nullable=False, server_default=text("true")),  # one thread for each meeting
    Column("bound_by", ForeignKey("people.id"), nullable=False),
    Column("bound_at", Instant, nullable=False),
    Column("checked_at", Instant),
    Column("trouble", String, nullable=False, server_default=""),  # why a message would not get through
    PrimaryKeyConstraint("platform", "workspace", "conversation", "programme"),
)

awaited = Table(
    "awaited",
    metadata,
    Column("programme", ForeignKey("programmes.id"), nullable=False),
    Column("material", String, nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "material", "person"),
)
"""Who is told when a material that is still to come is there; the row goes when they have been."""
