"""Credentials: what a file may hold, and who is taken from the demo's manifest."""

import json
from pathlib import Path
from typing import Any

import pytest

from telehealth.probe.credentials import from_file, from_manifest
from telehealth.probe.trouble import WrongUse

AMARA = {"email": "amara@hospital.example", "password": "long enough it is", "totp_secret": "JBSWY3DP"}


def file(folder: Path, told: object) -> Path:
    path = folder / "probe.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return path


def test_a_patient_is_named_by_id(tmp_path: Path) -> None:
    found = from_file(file(tmp_path, AMARA | {"patient_id": "p1"}))
    assert (found.email, found.patient_id, found.searches) == (AMARA["email"], "p1", ())


def test_a_patient_is_named_by_what_one_is_searched_for(tmp_path: Path) -> None:
    told = AMARA | {"patient_family": "Lindqvist", "patient_birth_date": "1961-05-14"}
    assert from_file(file(tmp_path, told)).searches == ({"family": "Lindqvist", "birth_date": "1961-05-14"},)


def test_secrets_do_not_show_when_credentials_are_printed(tmp_path: Path) -> None:
    shown = repr(from_file(file(tmp_path, AMARA | {"patient_id": "p1"})))
    assert AMARA["password"] not in shown
    assert AMARA["totp_secret"] not in shown


@pytest.mark.parametrize(
    "told,words",
    [
        ("{", "is no JSON"),
        ([], "one JSON object of texts"),
        (AMARA | {"email": 7}, "one JSON object of texts"),
        ({"email": "a@b"}, "has no 'password'"),
        (AMARA, "names no patient"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, told: object, words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        from_file(file(tmp_path, told))


def test_a_missing_file_is_said_to_be_unreadable(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        from_file(tmp_path / "nothing.json")


def test_the_manifest_gives_its_first_specialist_and_every_patient() -> None:
    manifest: dict[str, Any] = {
        "staff": [{"role": "coordinator", "email": "carla"}, AMARA | {"role": "specialist"}],
        "patients": [{"phone": "+1"}, {"phone": "+2"}],
    }
    found = from_manifest(manifest)
    assert found.email == AMARA["email"]
    assert found.searches == ({"phone": "+1"}, {"phone": "+2"})


def test_no_demo_is_said_in_words() -> None:
    with pytest.raises(WrongUse, match="no demo"):
        from_manifest({"staff": [], "patients": []})
