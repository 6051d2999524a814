"""`telehealth keys shred|hold|release PATIENT`: erase a patient for good, or keep that from happening."""

import sys
from argparse import Namespace
from datetime import date
from typing import Any

from telehealth.background import erasing_of
from telehealth.config import Config
from telehealth.domain.erasure import Ground
from telehealth.opening import open_data
from telehealth.services.erasing import Prospect


def add_parts(parts: Any) -> None:
    """Register what `keys` does to one patient."""
    shred = parts.add_parser("shred", help="erase a patient for ever, by destroying their keys")
    shred.add_argument("patient", help="the patient's id")
    shred.add_argument(
        "--because",
        choices=[each.value for each in Ground],
        default=Ground.RETENTION.value,
        help="on what ground (default: the time that the record is kept for is over)",
    )
    shred.set_defaults(run=run_shred)
    hold = parts.add_parser("hold", help="keep a patient's record from being erased (legal hold)")
    hold.add_argument("patient", help="the patient's id")
    hold.add_argument("--reason", required=True, help="why; it is sealed with the patient's key")
    hold.set_defaults(run=run_hold)
    release = parts.add_parser("release", help="take a legal hold back")
    release.add_argument("patient", help="the patient's id")
    release.set_defaults(run=run_release)


async def run_shred(config: Config, options: Namespace) -> int:
    """Erase one patient once their date of birth has been typed; goes on with what was cut short."""
    async with open_data(config) as opened:
        erasing, patient_id = erasing_of(opened), options.patient
        async with opened.storage.reading() as uow:
            begun = await uow.erasures.get(patient_id)
        born = None
        if begun is None:
            _tell(patient_id, await erasing.look(patient_id))
            born = _typed()
        done = await erasing.erase(patient_id, Ground(options.because), born)
        print(
            f"Erased at {done.done_at:%Y-%m-%d %H:%M:%S} UTC: nothing of {patient_id} can be read any more."
        )
        print("Copies of the key directory made before still hold the wrapped keys: destroy them, or")
        print("`telehealth keys rotate` and destroy the former key and its escrow copy.")
    return 0


async def run_hold(config: Config, options: Namespace) -> int:
    """Set a legal hold."""
    async with open_data(config) as opened:
        await erasing_of(opened).hold(options.patient, options.reason)
        print(f"The record of {options.patient} is kept until `telehealth keys release {options.patient}`.")
    return 0


async def run_release(config: Config, options: Namespace) -> int:
    """Take a legal hold back."""
    async with open_data(config) as opened:
        await erasing_of(opened).release(options.patient)
        print(f"Nothing keeps the record of {options.patient} from being erased any more.")
    return 0


def _tell(patient_id: str, prospect: Prospect) -> None:
    until = f"{prospect.kept_until:%Y-%m-%d}" if prospect.kept_until else "no day"
    print(f"Patient {patient_id} of {prospect.house}: {prospect.resources} resources, kept until {until}.")
    print("What is erased is gone for ever, also from backups of the data. There is no way back.")


def _typed() -> date | None:
    """Return the date of birth that was typed; None for what is none."""
    if sys.stdin.isatty():
        print("Type the patient's date of birth (YYYY-MM-DD) to erase them: ", end="", flush=True)
    try:
        return date.fromisoformat(sys.stdin.readline().strip())
    except ValueError:
        return None
