"""Headers, static files, compression, health and reports: what every answer carries."""

import gzip
import re
from pathlib import Path

import pytest
from yarl import URL

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import Hospital, hospital_at
from web.headers import NO_PAGE

PAGES = (
    "/sign-in",
    "/v",
    "/api/v1/session",
    "/fhir/R4/metadata",
    "/static/staff-DEF.css",
    "/nothing",
    "/health/live",
)


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_is_guarded(hospital: Hospital, path: str) -> None:
    answer = await (await hospital.visitor()).get(path)
    headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Origin-Agent-Cluster"] == "?1"
    assert headers["Reporting-Endpoints"] == 'csp="/reports"'
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Python" not in headers["Server"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/sign-in", "/v", "/nothing"])
async def test_a_page_runs_its_own_scripts_only(hospital: Hospital, path: str) -> None:
    policy = (await (await hospital.visitor()).get(path)).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-")
    for part in ("require-trusted-types-for 'script'", "connect-src 'self' ws://clinic.example"):
        assert part in policy


@pytest.mark.parametrize("path", ["/api/v1/session", "/fhir/R4/metadata", "/static/staff-DEF.css"])
async def test_what_is_no_page_may_do_nothing(hospital: Hospital, path: str) -> None:
    answer = await (await hospital.visitor()).get(path)
    assert answer.headers["Content-Security-Policy"] == NO_PAGE["Content-Security-Policy"]
    assert "(self)" not in answer.headers["Permissions-Policy"]


async def test_https_is_kept_unless_the_certificate_is_for_development(built: Path) -> None:
    for dev, sent in ((False, True), (True, False)):
        async with hospital_at(built, public_url="https://clinic.example", dev_certificate=dev) as hospital:
            answer = await (await hospital.visitor()).get("/sign-in")
            assert ("Strict-Transport-Security" in answer.headers) is sent
            assert "connect-src 'self' wss://clinic.example" in answer.headers["Content-Security-Policy"]


async def test_the_camera_belongs_to_the_pages_of_a_call(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    with_camera = {
        path
        for path in ("/clinic", "/v", "/test", "/book", "/sessions")
        if "camera=(self)" in (await amara.get(path)).headers["Permissions-Policy"]
    }
    assert with_camera == {"/clinic", "/v", "/test"}


async def test_nonces_are_fresh_and_on_every_script(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    nonces = set()
    for _ in range(3):
        answer = await amara.get("/clinic")
        nonce = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[0]
        nonces.add(nonce)
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert not re.findall(r"\son\w+=|javascript:|style=", answer.text)
    assert len(nonces) == 3


async def test_tokens_are_masked_anew_in_every_answer(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    tokens = [(await amara.get("/api/v1/session")).json["csrf"] for _ in range(2)]
    assert tokens[0] != tokens[1]
    for token in tokens:
        amara.csrf = token
        assert (await amara.post("/api/v1/session/step-up", {"code": "000000"})).status == 422


async def test_dynamic_answers_are_never_kept(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    for path in ("/clinic", "/api/v1/clinic", "/fhir/R4/metadata", "/health/live"):
        assert (await amara.get(path)).headers["Cache-Control"] == "no-store"


async def test_static_files_are_kept_for_ever_in_the_best_coding(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    for wanted, coding in (
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("identity", None),
        ("br;q=0, gzip;q=0", None),
    ):
        url = nobody.client.make_url("/static/clinic-ABC.js")
        async with nobody.client.session.get(
            url, headers={"Accept-Encoding": wanted}, auto_decompress=False
        ) as answer:
            assert answer.headers.get("Content-Encoding") == coding
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Content-Type"] == "text/javascript"
    assert (await nobody.get("/static/staff-DEF.css")).text == "p{}"


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "preload.json", "clinic-ABC.js.br", "..%2f..%2fsettings.py", ".stamp", "nothing.js"],
)
async def test_nothing_else_is_served(hospital: Hospital, name: str) -> None:
    assert (await (await hospital.visitor()).get(f"/static/{name}")).status == 404


async def test_pages_above_a_kilobyte_are_compressed(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    cookie = {cookie.key: cookie.value for cookie in amara.client.session.cookie_jar}
    url = amara.client.make_url("/clinic")
    headers = {"Accept-Encoding": "gzip", "Cookie": f"staff={cookie['staff']}"}
    async with amara.client.session.get(url, headers=headers, auto_decompress=False) as answer:
        raw = await answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Clinic today" in gzip.decompress(raw).decode()
    small = await amara.get("/health/live")
    assert "Content-Encoding" not in small.headers


async def test_readiness_gives_its_reasons(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    assert (await nobody.get("/health/live")).status == 200
    assert (await nobody.get("/health/ready")).json == {"status": "ready", "reasons": []}
    hospital.reasons.append("draining")
    answer = await nobody.get("/health/ready")
    assert (answer.status, answer.json["reasons"]) == (503, ["draining"])


async def test_reports_leave_the_name_of_the_directive_only(
    hospital: Hospital, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = await hospital.visitor()
    report = [
        {
            "type": "csp-violation",
            "body": {"effectiveDirective": "img-src", "blockedURL": "https://evil.example/BO"},
        }
    ]
    for body in (report, {}, [1], [{"body": {"effectiveDirective": "x\ny"}}]):
        assert (await nobody.post("/reports", body)).status == 204
    told = [record.__dict__.get("reason") for record in caplog.records if record.name == "web"]
    assert told == ["img-src"]


async def test_behind_a_proxy_people_count_apart(built: Path) -> None:
    async with hospital_at(built, trusted_proxies=("127.0.0.1",)) as hospital:
        nobody = await hospital.visitor()
        for number in range(12):
            sent = await nobody.post(
                "/api/v1/session",
                {"email": f"a{number}@x.example", "password": "wrong wrong"},
                headers={"X-Forwarded-For": f"1.2.3.4, 198.51.100.{number}"},
            )
            assert sent.status == 401


async def test_the_language_of_the_link_is_kept(built: Path) -> None:
    async with hospital_at(built, languages=("en", "es")) as hospital:
        nobody = await hospital.visitor()
        first = await nobody.get("/test?lang=es")
        assert "lang=es" in first.headers["Set-Cookie"]
        second = await nobody.get("/test")
        assert '<html lang="es" dir="ltr">' in second.text
        assert "Set-Cookie" not in second.headers
        assert "Set-Cookie" not in (await nobody.get("/test?lang=xx")).headers


@pytest.mark.parametrize("path", ["//evil.example/v", "////evil.example/sign-in", "/%2fevil.example/v"])
async def test_no_page_of_ours_leads_to_a_host_that_its_address_names(built: Path, path: str) -> None:
    async with hospital_at(built, languages=("en", "es")) as hospital:
        nobody = await hospital.visitor()
        url = URL(str(hospital.server.make_url("")).rstrip("/") + path, encoded=True)
        async with nobody.client.session.get(url) as answer:
            told = await answer.text()
    assert answer.status == 404
    assert "hreflang" in told
    assert not re.findall(r'(?:href|src|action)="[^"]*evil[^"]*"', told)
