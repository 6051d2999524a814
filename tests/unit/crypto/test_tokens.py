"""Link tokens, sessions, form tokens and codes that people read aloud."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.crypto import crockford
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.tokens import (
    BrowserMarks,
    LinkTokens,
    csrf,
    csrf_fits,
    mask,
    normalise_spoken,
    recovery_codes,
    session_digest,
    session_token,
    unmask,
    url_bytes,
    url_text,
)

LINKS = LinkTokens(b"l" * 32)
CHANCE = SystemChance()
SECRET = b"c" * 32


def test_a_link_token_has_43_characters_that_an_address_can_carry() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", LINKS.derive("visit-1", "bo", 1))


def test_a_reminder_carries_the_same_link_after_a_restart_and_in_later_releases() -> None:
    assert LinkTokens(b"l" * 32).derive("visit-1", "bo", 1) == "9FsN5PzmMVwuPooOyNN-OhTqjOi8YPt8dHemmZl-Q4A"


@pytest.mark.parametrize("other", [("visit-2", "bo", 1), ("visit-1", "cy", 1), ("visit-1", "bo", 2)])
def test_another_visit_person_or_generation_has_another_link(other: tuple[str, str, int]) -> None:
    assert LINKS.derive(*other) != LINKS.derive("visit-1", "bo", 1)


def test_a_guests_link_is_under_a_key_of_its_own() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", LINKS.guest("visit-1", "lina"))
    assert LINKS.guest("visit-1", "lina") == LinkTokens(b"l" * 32).guest("visit-1", "lina")
    others = [LINKS.guest("visit-2", "lina"), LINKS.guest("visit-1", "cy"), LINKS.guest("visit-1li", "na")]
    assert LINKS.guest("visit-1", "lina") not in others
    assert LINKS.guest("visit-1", "bo") not in {LINKS.derive("visit-1", "bo", each) for each in range(3)}


def test_parts_of_a_link_do_not_run_into_each_other() -> None:
    assert LINKS.derive("a", "bc", 1) != LINKS.derive("ab", "c", 1)


def test_without_the_key_neither_token_nor_digest_can_be_made() -> None:
    other = LinkTokens(b"m" * 32)
    assert other.derive("visit-1", "bo", 1) != LINKS.derive("visit-1", "bo", 1)
    assert other.digest("token") != LINKS.digest("token")


def test_the_digest_of_any_text_is_32_bytes_that_do_not_hold_it() -> None:
    assert len(LINKS.digest("")) == 32
    assert len(LINKS.digest("💊" * 1000)) == 32
    assert LINKS.digest("token") != session_digest("token")


def test_the_spoken_code_of_a_link_is_its_own_and_stays_the_same() -> None:
    code = LINKS.spoken("visit-1", "bo", 1)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}", code)
    assert LinkTokens(b"l" * 32).spoken("visit-1", "bo", 1) == code
    others = {
        LINKS.spoken("visit-2", "bo", 1),
        LINKS.spoken("visit-1", "cy", 1),
        LINKS.spoken("visit-1", "bo", 2),
    }
    assert len(others | {code}) == 4
    assert crockford.encode(url_bytes(LINKS.derive("visit-1", "bo", 1)) or b"")[:8] != code


def test_sessions_are_random_and_only_their_digest_is_kept() -> None:
    tokens = {session_token(CHANCE) for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}
    assert session_digest("abc").hex().startswith("ba7816bf8f01cfea")


@given(data=st.binary(max_size=100))
def test_bytes_come_back_from_an_address(data: bytes) -> None:
    assert url_bytes(url_text(data)) == data


@pytest.mark.parametrize("text", ["a", "ab=", "a b", "ab+/", "aé", "QQ==", "QR", "abcde"])
def test_a_text_that_we_would_not_write_is_no_token(text: str) -> None:
    assert url_bytes(text) is None


def test_a_form_token_belongs_to_one_session() -> None:
    page = mask(csrf(SECRET, "session-1"), CHANCE.token(32))
    assert csrf_fits(SECRET, "session-1", page)
    assert not csrf_fits(SECRET, "session-2", page)
    assert not csrf_fits(b"d" * 32, "session-1", page)


def test_no_two_pages_show_the_same_form_token() -> None:
    token = csrf(SECRET, "session-1")
    pages = {mask(token, CHANCE.token(32)) for _ in range(20)}
    assert len(pages) == 20
    assert {unmask(page) for page in pages} == {token}


@pytest.mark.parametrize("text", ["", "x", "AAAA", "A" * 43, "A" * 87, "é" * 86])
def test_a_damaged_form_token_is_refused_without_an_error(text: str) -> None:
    assert unmask(text) is None
    assert not csrf_fits(SECRET, "session-1", text)


def test_a_pad_must_be_as_long_as_the_token() -> None:
    with pytest.raises(ValueError):
        mask(csrf(SECRET, "session-1"), b"short")


@pytest.mark.parametrize(
    "typed", ["1B0K-7Q9T", "1b0k7q9t", " lBoK 7q9t ", "IBOK–7Q9T", "１Ｂ０Ｋ7Q9T", "1b0k.7q_9t"]
)
def test_a_spoken_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert normalise_spoken(typed) == "1B0K7Q9T"


def test_there_are_ten_recovery_codes_of_50_bits_each() -> None:
    codes = recovery_codes(CHANCE)
    assert len(set(codes)) == 10
    for code in codes:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code)
        assert len(normalise_spoken(code)) == 10


@given(data=st.binary(max_size=40))
def test_bytes_come_back_from_crockfords_digits(data: bytes) -> None:
    assert crockford.decode(crockford.encode(data), len(data)) == data


@pytest.mark.parametrize("text, size", [("", 1), ("000", 1), ("0U", 1), ("0o", 1), ("01", 1), ("ZZ", 1)])
def test_a_text_that_crockford_would_not_write_is_no_data(text: str, size: int) -> None:
    assert crockford.decode(text, size) is None


def test_a_mark_names_its_browser_to_one_owner_as_it_is_and_to_nobody_else() -> None:
    marks, amara = BrowserMarks(SECRET), ("account-1", "hash", "seed")
    mark = marks.mark(b"n" * 16, amara)
    assert re.fullmatch(r"[A-Za-z0-9_-]{64}", mark)
    assert BrowserMarks(SECRET).name(mark, amara) == b"n" * 16
    others = [("account-2", "hash", "seed"), ("account-1", "other", "seed"), ("account-1", "hash", "new")]
    assert [marks.name(mark, owner) for owner in others] == [b""] * 3
    assert BrowserMarks(b"d" * 32).name(mark, amara) == b""


@given(st.text(max_size=80))
def test_no_text_of_a_strangers_making_is_a_mark(text: str) -> None:
    assert BrowserMarks(SECRET).name(text, ("account-1", "hash", "seed")) == b""


def test_a_mark_that_was_changed_anywhere_is_none() -> None:
    marks, amara = BrowserMarks(SECRET), ("account-1", "hash", "seed")
    data = url_bytes(marks.mark(b"n" * 16, amara))
    assert data is not None
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert marks.name(url_text(changed), amara) == b""
        assert marks.name(url_text(data[:at]), amara) == b""
