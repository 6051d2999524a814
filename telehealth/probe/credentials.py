"""Who signs in and for whom is booked: from a JSON file, or from the demo's manifest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telehealth.probe.trouble import WrongUse

SEARCHED = ("identifier", "phone", "email", "family", "birth_date")
"""What a patient can be found by; the family name and the birth date go together."""
PREFIX = "patient_"
"""In the file these stand as patient_phone and so on, beside the specialist's own e-mail."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A specialist's way in. The patient is `patient_id`, or the first whom one of `searches` finds."""

    email: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    patient_id: str = ""
    searches: tuple[Mapping[str, str], ...] = field(default=(), repr=False)


def from_file(path: Path) -> Credentials:
    """Read a credentials file; raise WrongUse naming what is wrong with it."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUse(f"The credentials file {path} cannot be read.") from error
    except ValueError as error:
        raise WrongUse(f"The credentials file {path} is no JSON.") from error
    if not isinstance(told, dict) or not all(isinstance(each, str) for each in told.values()):
        raise WrongUse(f"The credentials file {path} must hold one JSON object of texts.")
    missing = [name for name in ("email", "password", "totp_secret") if not told.get(name)]
    if missing:
        raise WrongUse(f"The credentials file {path} has no '{missing[0]}'.")
    search = {name: told[PREFIX + name] for name in SEARCHED if told.get(PREFIX + name)}
    if not told.get("patient_id") and not search:
        raise WrongUse(
            f"The credentials file {path} names no patient: give 'patient_id', or 'patient_identifier', "
            "'patient_phone', 'patient_email', or 'patient_family' with 'patient_birth_date'."
        )
    return Credentials(
        told["email"],
        told["password"],
        told["totp_secret"],
        told.get("patient_id", ""),
        (search,) if search else (),
    )


def from_manifest(manifest: Mapping[str, Any]) -> Credentials:
    """Take the demo's first specialist and its patients; raise WrongUse when there is no demo."""
    specialists = [each for each in manifest.get("staff", ()) if each.get("role") == "specialist"]
    if not specialists:
        raise WrongUse(
            "There is no demo in DATA to sign in with: name its folder by TELEHEALTH_DATA, or give "
            "--credentials FILE."
        )
    person = specialists[0]
    # Booking is for patients of the specialist's own organization, which only the server knows.
    searches = tuple({"phone": each["phone"]} for each in manifest.get("patients", ()))
    return Credentials(person["email"], person["password"], person["totp_secret"], "", searches)
