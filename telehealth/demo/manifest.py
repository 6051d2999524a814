"""What `telehealth demo --json` tells: sign-ins and links of the demo, derived and opened, never stored."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telehealth.demo.seed import DemoSecrets
from telehealth.demo.today import JOINABLE, demo_patients
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.people import Patient, Practitioner, Role
from telehealth.domain.scheduling import Interval
from telehealth.services.link_states import link_state
from telehealth.services.repositories import DayRow
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations

AROUND = timedelta(hours=12)


class Manifest:
    """Reads the demo's people and today's visits."""

    def __init__(self, *, work: Work, secrets: DemoSecrets, invitations: Invitations, base_url: str) -> None:
        self._work = work
        self._secrets = secrets
        self._invitations = invitations
        self._base_url = base_url

    async def tell(self) -> dict[str, Any]:
        """Return the manifest in the shape of the contract."""
        now = self._work.clock.now()
        window = Interval(now - AROUND, now + AROUND)
        async with self._work.units.reading() as uow:
            names = {each.id: each.name for each in await uow.directory.organizations()}
            services = [each for each in await uow.directory.services() if each.open_to_patients]
            staff = await uow.directory.practitioners()
            accounts = {each.id: await uow.accounts.by_practitioner(each.id) for each in staff}
            specialists = [each for each in staff if each.role is Role.SPECIALIST]
            rows = [row for each in specialists for row in await uow.visits.day(each.id, window)]
        patients = await demo_patients(self._work)
        staff.sort(key=lambda each: (list(Role).index(each.role), each.name.full))
        rows.sort(key=lambda row: row.appointment.start)
        demo = [
            each
            for each in staff
            if (account := accounts[each.id]) and account.totp_seed == self._secrets.totp_seed(each.id)
        ]
        return {
            "base_url": self._base_url,
            "staff": [self._staff(each, names) for each in demo],
            "patients": [_patient(each) for each in patients],
            "services": [self._service(each, names) for each in services],
            "visits": [self._visit(row) for row in rows if row.link is not None and not row.visit.test],
        }

    def _staff(self, person: Practitioner, names: dict[str, str]) -> dict[str, str]:
        return {
            "id": person.id,
            "role": person.role.value,
            "name": person.display,
            "email": person.email,
            "password": self._secrets.password(person.id),
            "totp_secret": self._secrets.totp_seed(person.id),
            "organization": names[person.organization_id],
        }

    def _service(self, service: HealthcareService, names: dict[str, str]) -> dict[str, str]:
        return {
            "id": service.id,
            "name": service.name,
            "organization": names[service.organization_id],
            "book_url": f"{self._base_url}/s/{service.id}",
        }

    def _visit(self, row: DayRow) -> dict[str, Any]:
        now = self._work.clock.now()
        local = row.appointment.start.astimezone(ZoneInfo(row.appointment.zone))
        joinable = link_state(row, now) == "open" and row.visit.status in JOINABLE
        return {
            "id": row.visit.id,
            "appointment_id": row.appointment.id,
            "patient_id": row.patient.id,
            "patient": row.patient.name.full,
            "specialist_id": row.visit.practitioner_id,
            "site": row.location.name,
            "start": local.isoformat(timespec="seconds"),
            "join_url": self._invitations.url(row.link, row.patient.language) if row.link else "",
            "code": self._invitations.code(row.link) if row.link else "",
            "birth_date": row.patient.birth_date.isoformat(),
            "joinable": joinable,
        }


def _patient(patient: Patient) -> dict[str, str]:
    return {
        "id": patient.id,
        "name": patient.name.full,
        "birth_date": patient.birth_date.isoformat(),
        "phone": patient.phone,
        "language": patient.language,
    }
