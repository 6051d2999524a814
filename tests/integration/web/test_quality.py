"""/quality: how lines were, of one visit for those who run it, of a house in sums; nobody is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.line_record import LineRecord, Marks, Path
from telehealth.services.line_record_repository import Measured
from telehealth.services.line_report import report_of
from tests.integration.storage.cast import AMARA, BO, NOOR, WARD
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, STRANGER, Hospital
from tests.integration.web.journeys import booked
from tests.unit.domain.test_line_record import LOOK, record


async def measured(hospital: Hospital) -> str:
    """Return a visit of Dr Amara's with Bo, whose line went through the relay and was lost once."""
    visit: str = (await booked(hospital))["visit"]
    bad = replace(LOOK, path=Path.RELAY, rtt=700, mos=220, breaks=1)
    now = hospital.clock.at - timedelta(minutes=5)
    his = replace(record(LOOK, bad, bad), visit_id=visit, begun_at=now, marks=Marks(frame=480))
    hers = replace(record(LOOK), visit_id=visit, member="s", begun_at=now)
    hospital.units.tables.line_records = {(visit, "p"): his, (visit, "s"): hers}
    return visit


async def test_the_lines_of_a_visit_stand_in_curves_words_and_a_table(hospital: Hospital) -> None:
    visit = await measured(hospital)
    page = (await (await hospital.staff(AMARA)).get(f"/quality/{visit}")).text
    for said in ("Score 2.2 of 4.5, at worst 2.2.", "Connection lost 2 times.", "First picture after 0.5 s."):
        assert said in page
    assert page.count("<polyline") == 6, "three curves of each of the two"
    assert "Through the relay (UDP)" in page
    assert BO.name.family not in page
    assert "quality:read" in hospital.actions()
    empty = (await booked(hospital, 3))["visit"]
    none = (await (await hospital.staff(COORDINATOR)).get(f"/quality/{empty}")).text
    assert "Nothing was measured." in none


async def test_the_lines_of_a_house_are_summed_up_without_a_name(hospital: Hospital) -> None:
    visit = await measured(hospital)
    page = (await (await hospital.staff(COORDINATOR)).get("/quality?days=7")).text
    assert f'href="/quality/{visit}"' in page
    assert BO.name.family not in page
    assert AMARA.name.family not in page
    assert "quality:report" in hospital.actions()
    table = await (await hospital.staff(ADA)).get("/quality.csv?days=7")
    assert table.headers["Content-Type"].startswith("text/csv")
    head, *rows = table.text.splitlines()
    assert head.startswith("site,start,visit_id,member,begun_at,seconds,mos,worst")
    assert [row.split(",")[3] for row in rows] == ["p", "s"]
    hospital.clock.move(hours=24 * 8)
    later = await hospital.staff(ADA)
    assert "No call was measured in this time." in (await later.get("/quality?days=7")).text
    assert (await later.get("/quality.csv?days=7")).text.splitlines() == ["site"]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit = await measured(hospital)
    for who, status in ((STRANGER, 404), (NOOR, 404), (ADA, 403), (PIA, 403)):
        assert (await (await hospital.staff(who)).get(f"/quality/{visit}")).status == status, who.id
    for who in (AMARA, PIA):
        for path in ("/quality", "/quality.csv"):
            assert (await (await hospital.staff(who)).get(path)).status == 403, who.id


@pytest.mark.parametrize("name, told", [("Ward", "Ward"), ("=cmd()", "'=cmd()")])
async def test_a_sites_name_is_no_formula(hospital: Hospital, name: str, told: str) -> None:
    await measured(hospital)
    locations = hospital.units.tables.locations
    locations[WARD.id] = replace(WARD, name=name)
    rows = (await (await hospital.staff(ADA)).get("/quality.csv")).text.splitlines()
    assert rows[1].startswith(told + ",")


def test_a_visit_counts_as_its_worse_line_in_the_hour_of_its_own_site() -> None:
    def line(visit: str, member: str, mos: int, *, relay: bool = False) -> Measured:
        look = replace(LOOK, mos=mos, path=Path.RELAY if relay else Path.HOST)
        made = LineRecord(visit, member, record(LOOK).begun_at, (look,))
        return Measured(made.summary, WARD.id, record(LOOK).begun_at)

    lines = [line("a", "p", 200, relay=True), line("a", "s", 440), line("b", "p", 430), line("c", "p", 420)]
    told = report_of(7, lines, {WARD.id: WARD})
    assert told.all is not None
    assert (told.all.visits, told.all.mos, told.all.weak, told.all.share(told.all.relayed)) == (3, 420, 1, 33)
    assert [hour for hour, _ in told.hours] == [9], "08:59 UTC is 09:59 in Berlin"
    assert [each.visit_id for each in told.worst] == ["a", "c", "b"]
