"""Keys are made once, complete, and readable by their owner alone."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from bot.domain.registrations import Participant, Seat, SeatState
from bot.keys import (
    FileKeys,
    FileUrnKeys,
    TooLongError,
    UnusableKeyError,
    cipher,
    marker,
    seal,
    seat_token,
    seat_token_is_right,
    unseal,
)

KEY = bytes(range(32))


def seat(id: str, holder: str = "person-1") -> Seat:
    return Seat(id, "r1", "p", "o1", Participant("Eva", "eva@example.org", holder), SeatState.CONFIRMED)


def test_a_key_is_made_at_first_use_and_stays(tmp_path: Path) -> None:
    key = FileKeys(tmp_path / "keys").key("calendar")
    assert len(key) == 32
    assert FileKeys(tmp_path / "keys").key("calendar") == key
    assert FileKeys(tmp_path / "keys").key("other") != key


def test_only_the_owner_may_read_keys(tmp_path: Path) -> None:
    FileKeys(tmp_path / "keys").key("calendar")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys/calendar.key").stat().st_mode) == 0o600


def test_all_who_make_a_key_at_the_same_time_get_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        for turn in range(10):
            name = f"key-{turn}"
            made = list(pool.map(lambda _, name=name: FileKeys(tmp_path).key(name), range(16)))
            assert len(set(made)) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".key"] * 10  # and no drafts are left behind


def test_a_key_that_came_between_is_kept(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    first = keys.key("calendar")
    keys._make("calendar")
    assert keys.key("calendar") == first


def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "calendar.key").write_bytes(b"short")
    with pytest.raises(UnusableKeyError, match=r"calendar\.key holds 5 bytes"):
        FileKeys(tmp_path).key("calendar")
    assert (tmp_path / "calendar.key").read_bytes() == b"short"


@pytest.mark.parametrize("name", ["", "../calendar", "a/b", "A", "x\0", "-x"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        FileKeys(tmp_path).key(name)


def test_what_was_sealed_can_be_opened_after_a_change_of_the_key(tmp_path: Path) -> None:
    sealed = cipher(FileKeys(tmp_path)).encrypt(b"xoxb-1")
    assert b"xoxb" not in sealed
    (tmp_path / "tokens.key").rename(tmp_path / "tokens-previous.key")
    assert cipher(FileKeys(tmp_path)).decrypt(sealed) == b"xoxb-1"
    (tmp_path / "tokens-previous.key").unlink()
    with pytest.raises(InvalidToken):
        cipher(FileKeys(tmp_path)).decrypt(sealed)


def test_a_seats_token_is_its_own_and_always_the_same() -> None:
    token = seat_token(KEY, seat("a1"))
    assert len(token) == 43  # 256 bits
    assert seat_token_is_right(KEY, seat("a1"), token)
    assert token not in (seat_token(KEY, seat("a2")), seat_token(bytes(32), seat("a1")))


def test_the_link_of_someone_who_handed_the_seat_over_leads_nowhere() -> None:
    assert not seat_token_is_right(KEY, seat("a1", "person-2"), seat_token(KEY, seat("a1", "person-1")))


@pytest.mark.parametrize(
    "wrong", ["", "x", "å", "\udcff", seat_token(KEY, seat("a2")), seat_token(KEY, seat("a1"))[:-1]]
)
def test_any_other_token_is_refused(wrong: str) -> None:
    assert not seat_token_is_right(KEY, seat("a1"), wrong)


# --- Sealed boxes and the keys of urns --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "Tiden", "åäö 🏳️‍🌈\nny rad", "x" * 4092])
def test_what_is_sealed_comes_back_and_all_boxes_are_of_one_length(text: str) -> None:
    box = seal(KEY, b"mark", text)
    assert unseal(KEY, b"mark", box) == text
    assert len(box) == 12 + 4096 + 16


def test_what_is_too_long_for_a_box_says_by_how_much() -> None:
    with pytest.raises(TooLongError) as refused:
        seal(KEY, b"mark", "å" * 2050)
    assert refused.value.over == 8


@pytest.mark.parametrize("change", ["key", "mark", "box", "short"])
def test_a_box_opens_only_with_its_key_and_for_its_marker(change: str) -> None:
    box = seal(KEY, b"mark", "Tiden")
    boxes = {"box": box[:-1] + bytes([box[-1] ^ 1]), "short": b""}
    with pytest.raises(ValueError, match=r"not a box of ours|Nonce"):
        unseal(KEY[::-1] if change == "key" else KEY, b"other" if change == "mark" else b"mark", boxes.get(change, box))


def test_a_marker_tells_nothing_without_its_key() -> None:
    assert marker(KEY, "person-1") == marker(KEY, "person-1")
    assert len({marker(KEY, "person-1"), marker(KEY, "person-2"), marker(KEY[::-1], "person-1")}) == 3


def test_the_keys_of_an_urn_are_two_and_gone_for_good_once_destroyed(tmp_path: Path) -> None:
    keys = FileUrnKeys(tmp_path / "urns")
    keys.make("a")
    marking, sealing = keys.keys("a")
    keys.make("a")
    assert (marking, sealing) == keys.keys("a")
    assert marking != sealing
    assert stat.S_IMODE((tmp_path / "urns/a.key").stat().st_mode) == 0o600
    keys.destroy("a")
    keys.destroy("a")
    with pytest.raises(LookupError):
        keys.keys("a")
    assert list((tmp_path / "urns").iterdir()) == []


def test_a_folder_out_of_reach_is_not_taken_for_keys_that_were_destroyed(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"a\.key"):
        FileUrnKeys(tmp_path / "urns").keys("a")


def test_the_keys_of_an_urn_are_written_over_before_they_are_deleted(tmp_path: Path) -> None:
    keys = FileUrnKeys(tmp_path / "urns")
    keys.make("a")
    (tmp_path / "the same bytes on the disk").hardlink_to(tmp_path / "urns/a.key")
    assert any((tmp_path / "the same bytes on the disk").read_bytes())
    keys.destroy("a")
    assert not any((tmp_path / "the same bytes on the disk").read_bytes())


def test_the_urns_are_listed_by_their_age(tmp_path: Path) -> None:
    keys = FileUrnKeys(tmp_path / "urns")
    assert keys.urns() == frozenset()
    keys.make("young")
    keys.make("old")
    os.utime(tmp_path / "urns/old.key", (0, 0))
    assert keys.urns() == {"young", "old"}
    assert keys.urns(older_than=timedelta(days=1)) == {"old"}


def test_a_key_that_another_process_destroys_meanwhile_is_no_reason_to_stumble(tmp_path: Path) -> None:
    keys = FileUrnKeys(tmp_path / "urns")
    keys.make("here")
    (tmp_path / "urns/gone.key").symlink_to(tmp_path / "nothing")  # listed, and no longer there when it is looked at
    assert keys.urns() == {"here"}


def test_a_damaged_key_of_an_urn_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_bytes(b"short")
    with pytest.raises(UnusableKeyError):
        FileUrnKeys(tmp_path).keys("a")
