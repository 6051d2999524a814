"""Patients as sealed rows, found by blind index."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from telehealth.crypto.purposes import Purpose
from telehealth.domain.erasure import erased
from telehealth.domain.errors import Erased
from telehealth.domain.people import Gender, HumanName, Identifier, Patient, PatientQuery
from telehealth.storage.repositories.shapes import columns
from telehealth.storage.rows.patients import patient_index, patients
from telehealth.storage.sealing import Blind, Place, Vault
from telehealth.storage.transaction import Transaction

MOST_FOUND = 50
IDENTIFIER, PHONE, EMAIL, FAMILY_BIRTH = "identifier", "phone", "email", "family-birth"
ANY_SYSTEM = ""
"""Staff type a number without naming its system: it is indexed without one."""

PATIENT = select(patients).where(patients.c.id == bindparam("sought"))


class PatientRows:
    """The Patients Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault, blind: Blind) -> None:
        self._transaction = transaction
        self._vault = vault
        self._blind = blind

    async def add(self, patient: Patient) -> None:
        """Insert a patient, sealed, and what finds them; raises StaleVersion when the id exists."""
        await self._transaction.insert(patients, patient_row(self._vault, patient))
        rows = [
            {
                "patient_id": patient.id,
                "organization_id": patient.organization_id,
                "field": field,
                "value": value,
            }
            for field, value in sorted(self._indexes(patient))
        ]
        if rows:
            await self._transaction.insert(patient_index, rows)

    async def get(self, patient_id: str) -> Patient | None:
        """Return one patient."""
        row = await self._transaction.first(PATIENT, {"sought": patient_id})
        return patient_of(self._vault, columns(row)) if row else None

    async def many(self, patient_ids: Sequence[str]) -> dict[str, Patient]:
        """Return those that exist, by id."""
        if not patient_ids:
            return {}
        rows = await self._transaction.all(select(patients).where(patients.c.id.in_(set(patient_ids))))
        return {row.id: patient_shown(self._vault, columns(row)) for row in rows}

    async def house_of(self, patient_id: str) -> str | None:
        """Return who manages a patient's record, also of one who was erased; None for who never was."""
        row = await self._transaction.first(
            select(patients.c.organization_id).where(patients.c.id == patient_id)
        )
        return str(row[0]) if row else None

    async def count(self, organization_id: str) -> int:
        """Return how many patients a house has."""
        counted = select(func.count()).select_from(patients)
        row = await self._transaction.first(counted.where(patients.c.organization_id == organization_id))
        return int(row[0]) if row else 0

    async def ids(self, organization_id: str, after: str, limit: int) -> list[str]:
        """Return the first ids of a house's patients behind one, in their order; none is opened."""
        own = (patients.c.organization_id == organization_id, patients.c.id > after)
        statement = select(patients.c.id).where(*own).order_by(patients.c.id).limit(limit)
        return [row.id for row in await self._transaction.all(statement)]

    async def search(self, query: PatientQuery, organization_id: str) -> list[Patient]:
        """Return the organization's patients who meet everything asked; nothing usable asked finds nobody."""
        wanted = self._wanted(query)
        if not wanted:
            return []
        statement = select(patients).where(patients.c.organization_id == organization_id)
        for field, value in wanted:
            named = select(patient_index.c.patient_id).where(
                patient_index.c.value == value,
                patient_index.c.field == field,
                patient_index.c.organization_id == organization_id,
            )
            statement = statement.where(patients.c.id.in_(named))
        rows = await self._transaction.all(statement.order_by(patients.c.id).limit(MOST_FOUND))
        return [patient_of(self._vault, columns(row)) for row in rows]

    def _indexes(self, person: Patient) -> set[tuple[str, bytes]]:
        """Return every field and value that this patient is found by."""
        found = {(IDENTIFIER, self._blind.identifier(ANY_SYSTEM, each.value)) for each in person.identifiers}
        if person.phone:
            found.add((PHONE, self._blind.phone(person.phone)))
        if person.email:
            found.add((EMAIL, self._blind.email(person.email)))
        # People with one name only are looked for by that name.
        family = person.name.family or person.name.given
        if family:
            found.add((FAMILY_BIRTH, self._blind.family_and_birth(family, person.birth_date.isoformat())))
        return found

    def _wanted(self, query: PatientQuery) -> list[tuple[str, bytes]]:
        """Return what the query asks for; a family name without a birth date asks for nothing."""
        wanted = []
        if query.identifier:
            wanted.append((IDENTIFIER, self._blind.identifier(ANY_SYSTEM, query.identifier)))
        if query.phone:
            wanted.append((PHONE, self._blind.phone(query.phone)))
        if query.email:
            wanted.append((EMAIL, self._blind.email(query.email)))
        if query.family and query.birth_date:
            born = query.birth_date.isoformat()
            wanted.append((FAMILY_BIRTH, self._blind.family_and_birth(query.family, born)))
        return wanted


def place_of(patient_id: str, organization_id: str) -> Place:
    """Return where the sealed columns of a row stand."""
    return Place(patient_id, Purpose.PATIENT, organization_id, "patient", patient_id)


def patient_row(vault: Vault, person: Patient) -> dict[str, Any]:
    """Return the row of a patient."""
    content = {
        "given": person.name.given,
        "family": person.name.family,
        "birth_date": person.birth_date.isoformat(),
        "gender": person.gender.value,
        "language": person.language,
        "phone": person.phone,
        "email": person.email,
        "identifiers": [[each.system, each.value] for each in person.identifiers],
        "zone": person.zone,
        "interpreter": person.interpreter,
    }
    clear = {"id": person.id, "organization_id": person.organization_id}
    return clear | vault.seal(place_of(person.id, person.organization_id), content)


def patient_shown(vault: Vault, row: dict[str, Any]) -> Patient:
    """Return the patient of a row among others; nobody's name where they were erased."""
    try:
        return patient_of(vault, row)
    except Erased:
        return erased(row["id"], row["organization_id"])


def patient_of(vault: Vault, row: dict[str, Any]) -> Patient:
    """Return the patient of a row."""
    content = vault.open(place_of(row["id"], row["organization_id"]), row["key_id"], row["sealed"])
    return Patient(
        id=row["id"],
        organization_id=row["organization_id"],
        name=HumanName(content["given"], content["family"]),
        birth_date=date.fromisoformat(content["birth_date"]),
        gender=Gender(content["gender"]),
        language=content["language"],
        phone=content["phone"],
        email=content["email"],
        identifiers=tuple(Identifier(system, value) for system, value in content["identifiers"]),
        zone=content["zone"],
        interpreter=content["interpreter"],
    )
