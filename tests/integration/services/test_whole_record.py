"""A whole record is read without a gap on both databases, and so is what comes along with a search."""

from datetime import timedelta

from telehealth.domain.record import FROM_OUTSIDE
from telehealth.fhir.inclusion import inclusions_of
from telehealth.fhir.received import received
from telehealth.services.arriving import Arrival
from telehealth.services.shared_record import SharedRecord
from telehealth.services.sifting import RecordQuery
from telehealth.services.whole_record import WholeQuery
from tests.arrivals import ALL, REPORT, changed, to_the_letter
from tests.integration.services.conftest import Office
from tests.integration.services.test_arriving import AMARA, record_of
from tests.integration.storage import cast

BASE = "https://care.example/fhir/R4"
TYPES = ("Patient", *FROM_OUTSIDE)


async def told(record: SharedRecord, resource: dict[str, object]) -> str:
    arrival = Arrival(str(resource["resourceType"]), received(to_the_letter(resource).encode()), BASE)
    return (await record.arriving.create(AMARA, arrival)).resource.id


async def test_its_pages_hold_all_of_it_once(office: Office) -> None:
    record = await record_of(office)
    made = [await told(record, each) for each in (*ALL, *ALL)]
    after, seen, first = None, list[str](), list[str]()
    while True:
        page = await record.whole.everything(AMARA, WholeQuery(cast.BO.id, TYPES, count=3, after=after))
        seen += [each.id for each in page.found]
        first += [each.type for each in page.found]
        assert page.total == len(made)
        after = page.after
        if after is None:
            break
    assert sorted(seen) == sorted(made)
    assert first == sorted(first, key=TYPES.index)


async def test_what_has_changed_since_is_found_to_the_instant(office: Office) -> None:
    record = await record_of(office)
    ids = [await told(record, each) for each in ALL]
    newest = await record.read(AMARA, ALL[-1]["resourceType"], ids[-1])
    for since, expected in (
        (newest.updated_at, True),
        (newest.updated_at + timedelta(milliseconds=1), False),
    ):
        page = await record.whole.everything(AMARA, WholeQuery(cast.BO.id, TYPES, since=since, count=50))
        assert (ids[-1] in [each.id for each in page.found]) is expected


async def test_a_summary_and_what_comes_along_are_read_from_the_same_rows(office: Office) -> None:
    record = await record_of(office)
    ids = {each["resourceType"]: await told(record, each) for each in ALL}
    naming = changed(REPORT, result=[{"reference": f"Observation/{ids['Observation']}"}])
    report = await told(record, naming)
    include, revinclude = inclusions_of("DiagnosticReport", ["DiagnosticReport:result"], [])
    query = RecordQuery("DiagnosticReport", cast.BO.id, include=include, revinclude=revinclude, base=BASE)
    page = await record.search(AMARA, query)
    assert report in [each.id for each in page.found]
    assert [each.id for each in page.included] == [ids["Observation"]]
    summary = await record.whole.summary(AMARA, cast.BO.id)
    listed = {each.id for filled in summary.filled.values() for each, _ in filled.entries}
    assert {ids["AllergyIntolerance"], ids["Immunization"], ids["MedicationStatement"], report} <= listed
    assert all(each.left == 0 for each in summary.filled.values())
