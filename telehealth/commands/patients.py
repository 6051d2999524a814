"""`telehealth patients export`: a patient's whole record as one file, to be handed over to them."""

from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from telehealth.commands.archive_files import appearing, refuse_over
from telehealth.config import Config
from telehealth.domain.access import SYSTEM
from telehealth.opening import open_data
from telehealth.papers.typesetting import Typesetter
from telehealth.services.taking_out import Piece, TakingOut


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("patients", help="take a patient's whole record out")
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    export = parts.add_parser("export", help="write a record into a file: FHIR, PDF, who has read it")
    export.add_argument("patient", help="the patient's id")
    export.add_argument("file", type=Path, help="the new file (ZIP); it can be read by whoever has it")
    export.set_defaults(run=run_export)


async def run_export(config: Config, options: Namespace) -> int:
    """Write the file under another name first: what has its name is whole."""
    refuse_over(options.file)
    async with open_data(config) as opened:
        taking = TakingOut(work=opened.work, paper=Typesetter().pdf)
        with (
            appearing(options.file, opened.work.chance) as partial,
            ZipFile(partial, "w", ZIP_DEFLATED) as zipped,
        ):
            async with aclosing(taking.pieces(SYSTEM, options.patient)) as pieces:
                written = await _packed(zipped, pieces)
    print(f"{options.file}: {written} files. They are not sealed: hand them over, and delete the file.")
    return 0


async def _packed(zipped: ZipFile, pieces: AsyncIterator[Piece]) -> int:
    """Write the pieces, those of one name into one file; return how many files that were."""
    name, written, file = "", 0, None
    try:
        async for each in pieces:
            if each.name != name or file is None:
                if file is not None:
                    file.close()
                name, written = each.name, written + 1
                file = _opened(zipped, name)
            file.write(each.content)
    finally:
        if file is not None:
            file.close()
    return written


def _opened(zipped: ZipFile, name: str) -> IO[bytes]:
    """Open one file within; its date is that of no day, so that the same record makes the same file."""
    info = ZipInfo(name)
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    return zipped.open(info, "w", force_zip64=True)
