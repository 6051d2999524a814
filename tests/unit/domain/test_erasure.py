"""How long a record is kept before its patient may be erased, when files are over."""

from datetime import UTC, datetime

from telehealth.domain.erasure import NOBODY, erased, kept_until
from telehealth.domain.exports import FIRST_WAIT, KEPT, wait_after
from tests.integration.storage.test_exports import EXPORT

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_record_is_kept_for_whole_years_after_its_last_entry() -> None:
    assert kept_until(None, 10) is None
    assert kept_until(NOON, 10) == NOON.replace(year=2036)
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert kept_until(leap, 4) == datetime(2032, 2, 29, tzinfo=UTC)
    assert kept_until(leap, 1) == datetime(2029, 3, 1, tzinfo=UTC)


def test_who_was_erased_has_no_name_and_is_of_their_house() -> None:
    nobody = erased("patient", "house")
    assert (nobody.id, nobody.organization_id, nobody.name.full) == ("patient", "house", NOBODY)


def test_an_export_is_over_a_day_after_it_got_further() -> None:
    assert EXPORT.over_at == EXPORT.changed_at + KEPT


def test_an_export_that_fails_rests_twice_as_long_each_time() -> None:
    assert [wait_after(tries).seconds for tries in (1, 2, 3)] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
