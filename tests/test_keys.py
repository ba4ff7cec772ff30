"""Keys are made once, complete, and readable by their owner alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from bot.domain.registrations import Participant, Seat, SeatState
from bot.keys import FileKeys, UnusableKeyError, cipher, seat_token, seat_token_is_right

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
