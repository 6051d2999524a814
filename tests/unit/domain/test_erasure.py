"""How long a record is kept before its patient may be erased, when news and files are over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telehealth.domain.erasure import NOBODY, erased, kept_until
from telehealth.domain.exports import KEPT
from tests.integration.storage.test_exports import EXPORT
from tests.integration.storage.test_subscriptions import ALL

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


def test_a_subscription_is_over_at_its_end_and_an_export_a_day_after_it_got_further() -> None:
    assert not ALL.over(NOON)
    assert not replace(ALL, ends_at=NOON + timedelta(seconds=1)).over(NOON)
    assert replace(ALL, ends_at=NOON).over(NOON)
    assert EXPORT.over_at == EXPORT.changed_at + KEPT
