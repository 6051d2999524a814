"""What `telehealth demo` and the demo's start print for people."""

from datetime import UTC, datetime

import pytest

from telehealth.commands.demo import print_manifest

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's test vectors."""
MANIFEST = {
    "base_url": "http://localhost:8080",
    "staff": [
        {
            "id": "1",
            "role": "specialist",
            "name": "Dr Amara Diallo",
            "email": "amara@hospital.example",
            "password": "word",
            "totp_secret": SECRET,
        }
    ],
    "services": [
        {"name": "Heart visit", "organization": "Hill Hospital", "book_url": "http://localhost:8080/s/7"}
    ],
    "visits": [
        {
            "specialist_id": "1",
            "patient": "Wolfeschlegelsteinhausenbergerdorff, Hubert",
            "start": "2026-03-29T03:10:00+02:00",
            "join_url": "http://localhost:8080/v?lang=de#token",
            "code": "ABCD-1234",
            "birth_date": "1970-02-09",
            "joinable": True,
        }
    ],
}


def test_a_time_names_its_distance_from_utc_and_a_long_name_pushes_no_link_aside(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_manifest(MANIFEST)
    line = next(each for each in capsys.readouterr().out.splitlines() if "Wolfe" in each)
    address = "http://localhost:8080/v?lang=de#token"
    assert line.startswith(f"  03:10 +02:00  {address}  Wolfe")


def test_the_page_is_told_on_which_anybody_books(capsys: pytest.CaptureFixture[str]) -> None:
    print_manifest(MANIFEST)
    assert "\n  http://localhost:8080/s/7  Heart visit, Hill Hospital\n" in capsys.readouterr().out


def test_an_authenticators_code_is_told_where_the_moment_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_manifest(MANIFEST)
    assert "081804" not in capsys.readouterr().out
    print_manifest(MANIFEST, at=datetime(2005, 3, 18, 1, 58, 29, tzinfo=UTC))
    assert f"{SECRET}  081804" in capsys.readouterr().out
