"""What the API answers is what /api/v1/openapi.json says: field by field, type by type."""

from typing import Any

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, WARD
from tests.integration.web.hospital import ADA, Hospital
from tests.integration.web.journeys import CONFIRMED, booked, in_call

LATE = {"weekday": 1, "start": "20:00", "end": "21:00", "service": CARDIOLOGY.id, "site": WARD.id}
DAYS = {"first": "2026-12-01", "last": "2026-12-02"}
AWAY = DAYS | {"kind": "away", "site": WARD.id}
KINDS = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def fits(value: Any, schema: dict[str, Any], parts: dict[str, Any], where: str = "") -> None:
    """Check `value` against the part of JSON Schema that the description uses."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        chosen = [
            each for each in schema["anyOf"] if ("$ref" in each) is (value is not None) or "type" in each
        ]
        kinds = [each for each in chosen if "type" not in each or isinstance(value, KINDS[each["type"]])]
        assert kinds, where
        schema = kinds[0]
        if "$ref" in schema:
            schema = parts[schema["$ref"].rpartition("/")[2]]
    assert isinstance(value, KINDS[schema["type"]]), where
    if schema["type"] == "object":
        assert set(value) == set(schema["properties"]), where
        for name, inner in schema["properties"].items():
            fits(value[name], inner, parts, f"{where}.{name}")
    if schema["type"] == "array":
        for item in value:
            fits(item, schema["items"], parts, f"{where}[]")


async def test_every_kind_of_answer_is_as_described(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    other = await booked(hospital, 4)
    ada = await hospital.staff(ADA)
    described = (await amara.get("/api/v1/openapi.json")).json
    parts = described["components"]["schemas"]
    search = {
        "service": CARDIOLOGY.id,
        "start": "2026-11-23T12:00:00Z",
        "end": "2026-11-23T15:00:00Z",
        "count": 2,
    }
    token = other["join_url"].rpartition("#")[2]
    steps: list[tuple[Any, str, str, dict[str, Any]]] = [
        (amara, "get", "/session", {}),
        (amara, "get", "/catalogue", {}),
        (amara, "post", "/patients/search", {"body": {"phone": BO.phone}}),
        (amara, "get", f"/patients/{BO.id}", {}),
        (amara, "get", "/slots", {"params": search}),
        (amara, "get", f"/appointments/{other['id']}", {}),
        (amara, "get", "/clinic", {}),
        (amara, "get", f"/visits/{visit}", {}),
        (amara, "put", f"/visits/{visit}/confirmation", {"body": CONFIRMED}),
        (amara, "get", f"/visits/{visit}/note", {}),
        (
            amara,
            "put",
            f"/visits/{visit}/note",
            {"body": {"version": 0, "plan": "Rest", "outcome": "referred"}},
        ),
        (amara, "get", "/notes/unsigned", {}),
        (amara, "post", f"/visits/{visit}/end", {}),
        (amara, "post", f"/visits/{visit}/note/signature", {"body": {"version": 1}}),
        (amara, "post", f"/visits/{visit}/note/addenda", {"body": {"text": "More"}}),
        (bo, "get", f"/my/{visit}", {}),
        (bo, "post", "/visit-links/look", {"body": {"token": token}}),
        (bo, "post", "/visit-links/open", {"body": {"token": token}}),
        (ada, "get", "/staff", {}),
        (
            ada,
            "post",
            "/staff",
            {"body": {"role": "coordinator", "family": "New", "email": "new@hospital.example"}},
        ),
        (ada, "post", f"/staff/{AMARA.id}/hours", {"body": LATE}),
        (ada, "get", f"/staff/{AMARA.id}/hours", {}),
        (amara, "post", f"/staff/{AMARA.id}/exceptions", {"body": AWAY}),
        (amara, "get", f"/staff/{AMARA.id}/exceptions", {"params": DAYS}),
        (ada, "get", "/sites", {}),
        (ada, "put", f"/sites/{WARD.id}/region", {"body": {"region": "DE-BY", "version": 0}}),
        (ada, "get", f"/sites/{WARD.id}/holidays", {"params": {"year": 2027}}),
        (ada, "get", f"/services/{CARDIOLOGY.id}/terms", {}),
        (amara, "post", f"/appointments/{other['id']}/cancel", {}),
    ]
    for person, method, path, options in steps:
        answer = await getattr(person, method)(f"/api/v1{path}", **options)
        assert answer.status in {200, 201}, (path, answer.text)
        pattern = next(each for each in described["paths"] if same(each, path))
        responses = described["paths"][pattern][method]["responses"]
        schema = responses[str(answer.status)]["content"]["application/json"]["schema"]
        fits(answer.json, schema, parts, path)


async def test_a_refusal_is_as_described(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    described = (await nobody.get("/api/v1/openapi.json")).json
    refused = await nobody.post("/api/v1/session", {})
    problem = described["components"]["schemas"]["Problem"]
    assert set(problem["required"]) <= set(refused.json) <= set(problem["properties"])


def same(pattern: str, path: str) -> bool:
    """Whether a path is one of the pattern's; literal parts win over parameters by standing first."""
    wanted, given = pattern.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        left == right or left.startswith("{") for left, right in zip(wanted, given, strict=True)
    )
