"""A program of the hospital's laboratory at the door: added, asking for tokens, and sending with them."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from telehealth.domain.access import SYSTEM
from telehealth.domain.programs import Program
from tests.integration.storage.cast import BO, HOSPITAL
from tests.integration.web.hospital import ORIGIN, Answer, Hospital, Person
from tests.integration.web.test_fhir_writing import FHIR
from tests.signing import CURVE, RSA, Assertions, key_set
from web.keys import SERVICES

TOKEN = "/fhir/R4/auth/token"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES = ("system/Observation.cruds", "system/DiagnosticReport.cu")
OBSERVATIONS = f"/fhir/R4/Observation?patient={BO.id}"


async def added(hospital: Hospital, *scopes: str, organization: str = HOSPITAL.id) -> Program:
    programs = hospital.server.app[SERVICES].record.programs
    return await programs.add(SYSTEM, organization, "Laboratory", scopes or SCOPES, key_set(CURVE, RSA))


async def asked(hospital: Hospital, assertion: str, scope: str = " ".join(SCOPES), **others: Any) -> Answer:
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "scope": scope}
    whole = form | {"client_assertion": assertion} | others
    given = {name: value for name, value in whole.items() if value is not None}
    return await (await hospital.visitor()).send("POST", TOKEN, data=given)


@dataclass
class Client:
    """A program with its token."""

    hospital: Hospital
    person: Person
    token: str

    async def send(
        self, method: str, path: str, resource: dict[str, Any] | None = None, **more: str
    ) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} | more
        if resource is None:
            return await self.person.send(method, path, headers=headers)
        body = BytesIO(json.dumps(resource).encode())
        return await self.person.send(method, path, data=body, headers=headers | FHIR)


async def let_in(hospital: Hospital, *scopes: str, organization: str = HOSPITAL.id) -> Client:
    program = await added(hospital, *scopes, organization=organization)
    says = Assertions(program.id, f"{ORIGIN}{TOKEN}")
    given = await asked(hospital, CURVE.sign(says.claims(hospital.clock.at)), " ".join(scopes or SCOPES))
    assert given.status == 200, given.text
    return Client(hospital, await hospital.visitor(), given.json["access_token"])
