"""A program gets a token for what it signs, once and for minutes; all else is refused as OAuth tells it."""

from datetime import timedelta
from typing import Any

import pytest

from telehealth.domain.access import SYSTEM
from telehealth.domain.errors import BadInput, NotFound, WrongState
from telehealth.domain.programs import Program
from tests.integration.storage.cast import HOSPITAL
from tests.integration.web.hospital import ORIGIN, PIA, Hospital
from tests.integration.web.programs import OBSERVATIONS, SCOPES, TOKEN, Client, added, asked
from tests.signing import CURVE, RSA, STRANGE, Assertions, Pen, key_set
from web.keys import SERVICES


@pytest.fixture
async def lab(hospital: Hospital) -> tuple[Program, Assertions]:
    program = await added(hospital)
    return program, Assertions(program.id, f"{ORIGIN}{TOKEN}")


@pytest.mark.parametrize("pen", [CURVE, RSA], ids=["ES384", "RS384"])
async def test_who_signs_is_let_in_for_five_minutes(
    hospital: Hospital, lab: tuple[Program, Assertions], pen: Pen
) -> None:
    given = await asked(hospital, pen.sign(lab[1].claims(hospital.clock.at)))
    assert given.status == 200, given.text
    assert (given.json["token_type"], given.json["expires_in"]) == ("bearer", 300)
    assert given.json["scope"] == " ".join(SCOPES)
    assert "no-store" in given.headers["Cache-Control"]
    client = Client(hospital, await hospital.visitor(), given.json["access_token"])
    assert (await client.send("GET", OBSERVATIONS)).status == 200
    hospital.clock.move(seconds=299)
    assert (await client.send("GET", OBSERVATIONS)).status == 200
    hospital.clock.move(seconds=1)
    refused = await client.send("GET", OBSERVATIONS)
    assert (refused.status, refused.json["issue"][0]["code"]) == (401, "login")


@pytest.mark.parametrize(
    "others",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://elsewhere.example/token"},
        {"aud": [f"{ORIGIN}{TOKEN}", "https://elsewhere.example"]},
        {"aud": None},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "\ud800"},
        {"jti": "j" * 201},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e300},
        {"exp": 10**400},
        {"exp": 0},
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"iss": "\x00"},
    ],
    ids=str,
)
async def test_who_says_something_else_is_not(
    hospital: Hospital, lab: tuple[Program, Assertions], others: dict[str, Any]
) -> None:
    refused = await asked(hospital, CURVE.sign(lab[1].claims(hospital.clock.at, **others)))
    assert (refused.status, refused.json["error"]) == (401, "invalid_client"), refused.text


async def test_an_assertion_lasts_five_minutes_at_most(
    hospital: Hospital, lab: tuple[Program, Assertions]
) -> None:
    now = int(hospital.clock.at.timestamp())
    for left, status in ((-1, 401), (0, 401), (1, 200), (300, 200), (360, 200), (361, 401)):
        assertion = CURVE.sign(lab[1].claims(hospital.clock.at, exp=now + left))
        assert (await asked(hospital, assertion)).status == status, left


async def test_an_assertion_lets_in_once(hospital: Hospital, lab: tuple[Program, Assertions]) -> None:
    assertion = CURVE.sign(lab[1].claims(hospital.clock.at))
    assert [(await asked(hospital, assertion)).status for _ in range(3)] == [200, 401, 401]
    reasons = [each.reason for each in hospital.units.tables.entries.values()][-2:]
    assert reasons == ["replay", "replay"]


async def test_another_key_lets_nobody_in(hospital: Hospital, lab: tuple[Program, Assertions]) -> None:
    for token in (
        STRANGE.sign(lab[1].claims(hospital.clock.at)),
        CURVE.sign(lab[1].claims(hospital.clock.at), alg="none"),
        CURVE.sign(lab[1].claims(hospital.clock.at), kid="rsa"),
        CURVE.sign(lab[1].claims(hospital.clock.at), kid="unknown"),
        "not.a.token",
        "x" * 9_000,
    ):
        refused = await asked(hospital, token)
        assert (refused.status, refused.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "form, error",
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "x"}, "invalid_request"),
        ({"client_assertion": None}, "invalid_request"),
        ({"scope": None}, "invalid_request"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "system/*.read"}, "invalid_scope"),
        ({"scope": "user/Observation.read"}, "invalid_scope"),
        ({"scope": "system/Appointment.read"}, "invalid_scope"),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_request_is_said_as_oauth_says_it(
    hospital: Hospital, lab: tuple[Program, Assertions], form: dict[str, Any], error: str
) -> None:
    refused = await asked(hospital, CURVE.sign(lab[1].claims(hospital.clock.at)), **form)
    assert (refused.status, refused.json["error"]) == (400, error), refused.text
    assert refused.headers["Content-Type"].startswith("application/json")


async def test_of_the_scopes_that_are_asked_for_the_allowed_ones_are_given(
    hospital: Hospital, lab: tuple[Program, Assertions]
) -> None:
    for scope, given in (
        ("system/Observation.read system/Condition.read", "system/Observation.read"),
        ("system/Observation.rs system/Observation.rs", "system/Observation.rs"),
        ("system/DiagnosticReport.write system/DiagnosticReport.*", "system/DiagnosticReport.write"),
    ):
        answer = await asked(hospital, CURVE.sign(lab[1].claims(hospital.clock.at)), scope)
        assert answer.json["scope"] == given


async def test_an_ended_program_is_out_at_once(hospital: Hospital, lab: tuple[Program, Assertions]) -> None:
    program, says = lab
    given = await asked(hospital, CURVE.sign(says.claims(hospital.clock.at)))
    client = Client(hospital, await hospital.visitor(), given.json["access_token"])
    assert (await client.send("GET", OBSERVATIONS)).status == 200
    programs = hospital.server.app[SERVICES].record.programs
    await programs.end(SYSTEM, program.id)
    assert (await client.send("GET", OBSERVATIONS)).status == 401
    assert (await asked(hospital, CURVE.sign(says.claims(hospital.clock.at)))).status == 401
    with pytest.raises(WrongState):
        await programs.end(SYSTEM, program.id)
    with pytest.raises(NotFound):
        await programs.end(SYSTEM, "none")


async def test_all_of_it_stands_in_the_log(hospital: Hospital, lab: tuple[Program, Assertions]) -> None:
    program, says = lab
    await asked(hospital, CURVE.sign(says.claims(hospital.clock.at)), "system/Observation.rs")
    await asked(hospital, STRANGE.sign(says.claims(hospital.clock.at)))
    await asked(hospital, CURVE.sign(says.claims(hospital.clock.at)), "system/*.rs")
    told = [(each.action, each.entity_id, each.reason) for each in hospital.units.tables.entries.values()]
    assert told[-4:] == [
        ("program:add", program.id, " ".join(SCOPES)),
        ("program:let-in", program.id, "system/Observation.rs"),
        ("program:refused", program.id, "signature"),
        ("program:refused", program.id, "scope"),
    ]
    pia = await hospital.staff(PIA)
    shown = (await pia.get("/audit")).text
    assert f'<bdi>{program.name}</bdi></p><p class="hint">Program of another system, ' in shown
    assert (await pia.get("/fhir/R4/AuditEvent")).status == 200


async def test_the_officer_of_the_house_reads_who_was_let_in_and_when_that_ended(
    hospital: Hospital, lab: tuple[Program, Assertions]
) -> None:
    await hospital.server.app[SERVICES].record.programs.end(SYSTEM, lab[0].id)
    shown = (await (await hospital.staff(PIA)).get("/audit")).text
    assert [each for each in ("program:add", "program:remove") if each not in shown] == []


async def test_nobody_guesses_at_tokens_without_end(hospital: Hospital) -> None:
    statuses = [(await asked(hospital, "x")).status for _ in range(61)]
    assert statuses == [401] * 60 + [429]
    hospital.clock.at += timedelta(minutes=1)
    assert (await asked(hospital, "x")).status == 401


@pytest.mark.parametrize("scopes", [(), ("system/Appointment.rs",), ("patient/*.rs",), ("system/*.rs",) * 51])
async def test_a_program_is_added_with_scopes_that_exist(hospital: Hospital, scopes: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        await hospital.server.app[SERVICES].record.programs.add(
            SYSTEM, HOSPITAL.id, "Lab", scopes, key_set(CURVE)
        )


async def test_where_a_program_asks_is_described(hospital: Hospital) -> None:
    told = await (await hospital.visitor()).get("/fhir/R4/.well-known/smart-configuration")
    assert (told.status, told.headers["Content-Type"].partition(";")[0]) == (200, "application/json")
    assert told.json["token_endpoint"] == f"{ORIGIN}{TOKEN}"
    assert told.json["grant_types_supported"] == ["client_credentials"]
    assert told.json["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert "client-confidential-asymmetric" in told.json["capabilities"]
    for scope in told.json["scopes_supported"]:
        assert (await added(hospital, scope)).scopes == (scope,)
