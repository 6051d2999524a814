"""Random bytes, identifiers, the table of purposes and the tree of errors."""

import inspect
from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

from telehealth.crypto import errors
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.purposes import Purpose, known

NOW = datetime(2026, 11, 23, 12, 0, 0, 123000, tzinfo=UTC)
CHANCE = SystemChance()


def test_random_bytes_are_as_many_as_asked_for_and_never_the_same() -> None:
    assert {len(CHANCE.token(size)) for size in (1, 12, 32)} == {1, 12, 32}
    assert len({CHANCE.token(16) for _ in range(100)}) == 100


def test_an_identifier_is_a_uuid_of_version_7() -> None:
    for _ in range(100):
        identifier = UUID(CHANCE.identifier(NOW))
        assert identifier.version == 7
        assert identifier.variant == RFC_4122
        assert identifier.int >> 80 == int(NOW.timestamp() * 1000)


def test_identifiers_sort_by_their_instant_in_any_time_zone() -> None:
    nairobi = timezone(timedelta(hours=3))
    later = [(NOW + timedelta(milliseconds=step)).astimezone(nairobi) for step in range(50)]
    identifiers = [CHANCE.identifier(instant) for instant in later]
    assert identifiers == sorted(identifiers)


def test_identifiers_of_one_instant_differ() -> None:
    assert len({CHANCE.identifier(NOW) for _ in range(1000)}) == 1000


def test_a_known_purpose_is_found_by_its_text() -> None:
    assert known("seal/note") is Purpose.NOTE


def test_every_error_has_its_own_code_and_place_in_the_drawn_tree() -> None:
    members = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    classes = [kind for kind in members if issubclass(kind, errors.CryptoError)]
    assert classes == members
    assert len({kind.code for kind in classes}) == len(classes)
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in classes)
