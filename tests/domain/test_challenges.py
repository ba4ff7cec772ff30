"""Pairs: never from one organisation, nobody twice, and as many as there can be."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.challenges import Visibility, pairs

waiting = st.lists(st.sampled_from("ABCDE"), max_size=12).map(lambda keys: {str(n): key for n, key in enumerate(keys)})


@given(waiting)
def test_pairs_are_from_different_organisations_and_as_many_as_there_can_be(organisations: dict[str, str]) -> None:
    found = pairs(tuple(organisations), organisations)
    everybody = [person for pair in found for person in pair]
    assert len(set(everybody)) == len(everybody)
    assert all(organisations[one] != organisations[other] for one, other in found)
    most = max(Counter(organisations.values()).values(), default=0)
    assert len(found) == min(len(organisations) // 2, len(organisations) - most)


def test_who_has_waited_longest_comes_first_and_who_has_no_organisation_waits() -> None:
    assert pairs("abcx", {"a": "Lund", "b": "Habo", "c": "Bo", "x": ""}) == (("a", "b"),)


def test_each_visibility_is_wider_than_those_before_it() -> None:
    me, leaders, group = Visibility
    assert (leaders.is_wider_than(me), group.is_wider_than(leaders), me.is_wider_than(group)) == (True, True, False)
    assert not group.is_wider_than(group)
