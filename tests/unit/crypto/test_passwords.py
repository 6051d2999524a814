"""Passwords: the hash that is kept, and which ones are refused."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telehealth.crypto.passwords import (
    DUMMY_HASH,
    hash_password,
    needs_rehash,
    verify_password,
    weakness,
)

GOOD = "zebra violin kettle"


def test_the_hash_is_argon2id_with_19_mib_two_passes_and_one_lane() -> None:
    assert hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_fits_its_own_hash_only() -> None:
    kept = hash_password(GOOD)
    assert verify_password(kept, GOOD)
    assert not verify_password(kept, GOOD + " ")
    assert not verify_password(kept, "")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


def test_a_password_fits_however_the_keyboard_composes_its_accents() -> None:
    assert verify_password(hash_password("crème brûlée au four"), "cre\u0300me bru\u0302le\u0301e au four")


@pytest.mark.parametrize("damaged", ["", "plain text", "$argon2id$v=19$m=19456,t=2,p=1$x$y", "$2b$12$abc"])
def test_a_text_that_is_no_hash_fits_nothing(damaged: str) -> None:
    assert not verify_password(damaged, GOOD)


def test_a_hash_of_weaker_parameters_is_to_be_renewed() -> None:
    assert not needs_rehash(hash_password(GOOD))
    assert needs_rehash(DUMMY_HASH.replace("m=19456,t=2", "m=19456,t=1"))


def test_the_dummy_hash_costs_as_much_as_a_real_one_and_fits_nothing() -> None:
    assert not needs_rehash(DUMMY_HASH)
    assert not verify_password(DUMMY_HASH, GOOD)
    assert not verify_password(DUMMY_HASH, "")


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "Tr0ub4dor&3xyzzy",
        "ночной поезд до Твери",
        "correct horse battery",
        "門前の小僧習わぬ経を読む",
    ],
)
def test_a_long_unusual_password_is_accepted(password: str) -> None:
    assert weakness(password, ["Amara", "District Hospital"]) is None


@pytest.mark.parametrize("password, reason", [("zebra violi", "too-short"), ("zebra v " * 40, "too-long")])
def test_length_is_between_12_and_256_characters(password: str, reason: str) -> None:
    assert weakness(password) == reason
    assert weakness("zebra violin") is None
    assert weakness("zebra violin kettle " * 12 + "zebra violin ket") is None


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaaa", "abababababababab", "AaAaAaAaAaAaBb", "111122223333"]
)
def test_few_different_signs_are_repetitive(password: str) -> None:
    assert weakness(password) == "repetitive"


@pytest.mark.parametrize(
    "password",
    [
        "Password2024!",
        "P@ssw0rd12345",
        "!!Welcome2026!!",
        "1234567890123",
        "qwertyuiop12",
        "!@#$%^&*()_+{}",
        "1qaz2wsx3edc4rfv",
        "iloveyou12345",
        "michelle1987!",
        "29-11-1984-29",
        "hospital12345",
    ],
)
def test_usual_passwords_names_dates_and_rows_of_keys_are_guessable(password: str) -> None:
    assert weakness(password) == "guessable"


def test_a_long_password_is_judged_at_once_by_its_start() -> None:
    begun = time.process_time()
    assert weakness(("zebra violin kettle " * 13)[:256]) is None
    assert weakness("123456789012345678901234" + "zebra violin " * 17) == "guessable"
    assert time.process_time() - begun < 0.5


def test_a_line_end_after_a_date_is_no_trouble() -> None:
    assert weakness("zebra 12121999\n violin") is None


@pytest.mark.parametrize(
    "password",
    [
        "Amara.Okafor.1984",
        "okaforamara2026!",
        "HospitalOkafor1",
        "District Hospital",
        "amara@riverside.example",
    ],
)
def test_little_but_the_own_name_clinic_and_address_is_personal(password: str) -> None:
    words = ["Dr Amara", "Okafor", "District Hospital", "amara@riverside.example"]
    assert weakness(password, words) == "personal"


def test_short_words_of_the_context_do_not_count() -> None:
    assert weakness("bo zebra violin", ["Bo Li"]) is None


def test_a_name_inside_a_long_password_does_no_harm() -> None:
    assert weakness("zebra violin kettle amara", ["Amara"]) is None


@given(password=st.text(max_size=300), words=st.lists(st.text(max_size=20), max_size=3))
def test_any_text_gets_an_answer(password: str, words: list[str]) -> None:
    answers = {None, "too-short", "too-long", "repetitive", "personal", "guessable"}
    assert weakness(password, words) in answers
