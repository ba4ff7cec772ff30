"""Who may do what: one row for each action and each form, and nothing is allowed that has no row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum


class Standing(StrEnum):
    """What somebody is to the deployment; a person may be several of these."""

    ANYBODY = "anybody"  # whoever writes to us
    DEPUTY = "deputy"  # named by somebody with a role; a coordinator in all while that one is away
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class May(StrEnum):
    """Whom a row lets in."""

    EVERYBODY = "everybody"
    THEIRS = "theirs"  # everybody, about what is their own: the desk looks at what it is about
    DEPUTIES = "deputies"  # and whoever may more
    COORDINATORS = "coordinators"  # and administrators
    ADMINISTRATORS = "administrators"


_LETS_IN: Mapping[May, frozenset[Standing]] = {
    May.EVERYBODY: frozenset(Standing),
    May.THEIRS: frozenset(Standing),
    May.DEPUTIES: frozenset({Standing.DEPUTY, Standing.COORDINATOR, Standing.ADMINISTRATOR}),
    May.COORDINATORS: frozenset({Standing.COORDINATOR, Standing.ADMINISTRATOR}),
    May.ADMINISTRATORS: frozenset({Standing.ADMINISTRATOR}),
}

TABLE: Mapping[str, May] = {
    # Registering and what comes of it. The one-time code is itself the permission to link or to join.
    "register": May.EVERYBODY,
    "registration": May.EVERYBODY,
    "programmes": May.EVERYBODY,
    "programme": May.EVERYBODY,
    "materials": May.EVERYBODY,
    "await_material": May.EVERYBODY,
    "unawait_material": May.EVERYBODY,
    "dead_link": May.EVERYBODY,
    "was_absent": May.EVERYBODY,
    "mine": May.EVERYBODY,
    "link": May.EVERYBODY,
    "change": May.THEIRS,
    "substitute": May.THEIRS,
    "cancel": May.THEIRS,
    "cannot": May.THEIRS,
    "undo": May.THEIRS,
    "accept": May.THEIRS,
    "decline": May.THEIRS,
    "discard": May.THEIRS,
    "take_over": May.THEIRS,
    "leave_it": May.THEIRS,
    # Accounts
    "join": May.EVERYBODY,
    "use": May.EVERYBODY,
    "unlink": May.THEIRS,
    # Reminders and calendars. What names a programme is looked at by the handler: some of that is for coordinators.
    "manners": May.EVERYBODY,
    "pause": May.EVERYBODY,
    "wake": May.EVERYBODY,
    "snooze": May.THEIRS,
    "timeline": May.THEIRS,
    "subscribe": May.EVERYBODY,
    "subscribe_to": May.EVERYBODY,
    "unsubscribe": May.EVERYBODY,
    "new_link": May.THEIRS,
    # Rounds, boards and plans. What names a group or an organisation is looked at by the handler.
    "answer": May.EVERYBODY,
    "seal": May.EVERYBODY,
    "note": May.EVERYBODY,
    "take_notes_over": May.EVERYBODY,
    "hand_notes": May.EVERYBODY,
    "hand_notes_to": May.EVERYBODY,
    "noting": May.EVERYBODY,
    "our_posts": May.EVERYBODY,
    "edit_post": May.EVERYBODY,
    "editing_post": May.EVERYBODY,
    "move_post": May.EVERYBODY,
    "move_post_to": May.EVERYBODY,
    "remove_post": May.EVERYBODY,
    "confirm_remove_post": May.EVERYBODY,
    "my_group": May.EVERYBODY,
    "choose_group": May.EVERYBODY,
    "join_role": May.EVERYBODY,
    "join_group": May.EVERYBODY,
    "leave_group": May.EVERYBODY,
    "guest_link": May.EVERYBODY,
    "new_guest_link": May.EVERYBODY,
    "board": May.EVERYBODY,
    "stored": May.EVERYBODY,
    "results": May.EVERYBODY,
    "vote": May.EVERYBODY,
    "cast": May.EVERYBODY,
    "take_back_vote": May.EVERYBODY,
    "plan": May.EVERYBODY,
    "expected": May.EVERYBODY,
    "take_on": May.EVERYBODY,
    "say_to_expectation": May.EVERYBODY,
    "plan_row": May.EVERYBODY,
    "plan_update": May.EVERYBODY,
    # One's own challenge. What names a programme is looked at by the handler: whose it is, and who may read what.
    "challenge": May.EVERYBODY,
    "write_challenge": May.EVERYBODY,
    "reflect": May.EVERYBODY,
    "challenge_thread": May.EVERYBODY,
    "read_challenges": May.EVERYBODY,
    "sparring": May.EVERYBODY,
    "want_sparring": May.EVERYBODY,
    "stop_sparring": May.EVERYBODY,
    "accept_sparring": May.EVERYBODY,
    "decline_sparring": May.EVERYBODY,
    # Questions in one's own words. An inquiry is looked at by the handler: it is its asker's.
    "helped": May.THEIRS,
    "not_helped": May.THEIRS,
    "pick": May.THEIRS,
    "none_of_these": May.THEIRS,
    "ask_human": May.THEIRS,
    "my_questions": May.EVERYBODY,
    "said_yes": May.EVERYBODY,
    "said_no": May.EVERYBODY,
    "take_back_question": May.THEIRS,
    "faq": May.EVERYBODY,
    "faq_show": May.EVERYBODY,
    "faq_choose": May.EVERYBODY,
    # Talking
    "my_data": May.EVERYBODY,
    "erase_me": May.EVERYBODY,
    "erase_me_now": May.EVERYBODY,
    "help": May.EVERYBODY,
    "language": May.EVERYBODY,
    "thanks": May.EVERYBODY,
    # Coordinating
    "status": May.DEPUTIES,
    "done": May.DEPUTIES,
    "done_status": May.DEPUTIES,
    "follow": May.COORDINATORS,
    "bind": May.COORDINATORS,
    "unbind": May.COORDINATORS,
    "thread": May.COORDINATORS,
    "channels": May.COORDINATORS,
    "amend": May.COORDINATORS,
    "call_off": May.COORDINATORS,
    "undo_change": May.COORDINATORS,
    "material_link": May.COORDINATORS,
    "tell_now": May.COORDINATORS,
    "rules": May.COORDINATORS,
    "copy": May.COORDINATORS,
    "publish": May.COORDINATORS,
    "ask": May.COORDINATORS,
    "groups": May.COORDINATORS,
    "group_here": May.COORDINATORS,
    "new_group": May.COORDINATORS,
    "remove_group": May.COORDINATORS,
    "web_links": May.COORDINATORS,
    "guests": May.COORDINATORS,
    "new_guest": May.COORDINATORS,
    "guest": May.COORDINATORS,
    "renew_guest": May.COORDINATORS,
    "remove_guest": May.COORDINATORS,
    "confirm_remove_guest": May.COORDINATORS,
    "round": May.COORDINATORS,
    "feedback": May.COORDINATORS,
    "undo_round": May.COORDINATORS,
    "close_round": May.COORDINATORS,
    "confirm_close_round": May.COORDINATORS,
    "closing_time": May.COORDINATORS,
    "nudge_groups": May.COORDINATORS,
    "moderate": May.COORDINATORS,
    "release": May.COORDINATORS,
    "mask": May.COORDINATORS,
    "hide": May.COORDINATORS,
    "undo_ruling": May.COORDINATORS,
    "board_link": May.COORDINATORS,
    "board_link_confirmed": May.COORDINATORS,
    "documents": May.COORDINATORS,
    "share_results": May.COORDINATORS,
    "compare_results": May.COORDINATORS,
    "new_documents_link": May.COORDINATORS,
    "needs": May.COORDINATORS,
    "answer_needs": May.COORDINATORS,
    "correct_needs": May.COORDINATORS,
    "faq_add": May.COORDINATORS,
    "faq_edit": May.COORDINATORS,
    "faq_language": May.COORDINATORS,
    "faq_retire": May.COORDINATORS,
    "faq_restore": May.COORDINATORS,
    "faq_history": May.COORDINATORS,
    "faq_revert": May.COORDINATORS,
    "faq_phrasings": May.COORDINATORS,
    "faq_accept": May.COORDINATORS,
    "faq_reject": May.COORDINATORS,
    "faq_try": May.COORDINATORS,
    "faq_paste": May.COORDINATORS,
    "misses": May.COORDINATORS,
    "answer_miss": May.COORDINATORS,
    "correct_miss": May.COORDINATORS,
    "match_miss": May.COORDINATORS,
    "take_miss": May.COORDINATORS,
    "dismiss_miss": May.COORDINATORS,
    "reopen_miss": May.COORDINATORS,
    "answer_is_right": May.COORDINATORS,
    "plan_matrix": May.COORDINATORS,
    "challenges": May.COORDINATORS,
    "pair_sparring": May.COORDINATORS,
    "posts": May.COORDINATORS,
    "appoint_deputy": May.COORDINATORS,
    "appoint_contact": May.COORDINATORS,
    "contact": May.COORDINATORS,
    "end_post": May.COORDINATORS,
    "confirm_end_post": May.COORDINATORS,
    "leave": May.COORDINATORS,
    "away": May.COORDINATORS,
    "back": May.COORDINATORS,
    "appoint_coordinator": May.ADMINISTRATORS,
}
"""Each word of the route table and each name of a flow, and whom it lets in."""


def allow(standing: Collection[Standing], action: str) -> bool:
    """Whether somebody of this standing may do it. What has no row is not allowed."""
    may = TABLE.get(action)
    return may is not None and not _LETS_IN[may].isdisjoint(standing)


def asks_who(action: str) -> bool:
    """Whether the answer depends on who it is, so that their standing has to be looked up."""
    return TABLE.get(action) not in (May.EVERYBODY, May.THEIRS)
