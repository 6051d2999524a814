"""What arrives twice at once is there once, on both databases; what arrived is not readable in them."""

import asyncio

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import StaleVersion
from telehealth.domain.people import Identifier, Role
from telehealth.fhir.received import received
from telehealth.services.arriving import Arrival
from telehealth.services.shared_record import SharedRecord
from telehealth.services.sifting import RecordQuery
from tests.arrivals import LAB, WEIGHT, changed, to_the_letter
from tests.fakes.exports import FakeSpools
from tests.integration.services.conftest import Office
from tests.integration.storage import cast

RACERS = 20
AMARA = Actor(ActorKind.STAFF, cast.AMARA.id, Role.SPECIALIST, cast.HOSPITAL.id, "session-1", "Amara")
SOUGHT = RecordQuery("Observation", cast.BO.id)
BASE = "https://care.example/fhir/R4"


async def record_of(office: Office) -> SharedRecord:
    async with office.storage.writing() as uow:
        await cast.arrive(uow)
    return SharedRecord(work=office.work, url=BASE, spools=FakeSpools())


def arrival(**elements: object) -> Arrival:
    text = to_the_letter(changed(WEIGHT, **elements))
    return Arrival("Observation", received(text.encode()), BASE)


async def test_of_twenty_at_once_one_is_made_and_all_are_told_which(office: Office) -> None:
    record, once = await record_of(office), Identifier(LAB, "w-1")
    tries = (record.arriving.create(AMARA, arrival(), once) for _ in range(RACERS))
    saved = await asyncio.gather(*tries)
    assert [each.new for each in saved].count(True) == 1
    assert len({each.resource for each in saved}) == 1
    assert (await record.search(AMARA, SOUGHT)).total == 1


async def test_of_twenty_who_read_one_version_one_writes_the_next(office: Office) -> None:
    record = await record_of(office)
    id_ = (await record.arriving.create(AMARA, arrival())).resource.id
    tries = (record.arriving.update(AMARA, arrival(id=id_), id_, 1) for _ in range(RACERS))
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, StaleVersion) for each in ends) == RACERS - 1
    found = await record.search(AMARA, SOUGHT)
    assert [each.version for each in found.found] == [2]
    assert '"value" : 72.50' in found.found[0].text
