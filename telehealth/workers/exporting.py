"""Writes the files that programs have asked for, and erases those that are kept no longer."""

from telehealth.services.export_run import ExportRun
from telehealth.workers.loops import Loop

EVERY, SWEEPING = 1.0, 600.0


def exporting(run: ExportRun) -> tuple[Loop, ...]:
    """Look every second, and go on at once while one runs."""

    async def step() -> None:
        while await run.step():
            pass

    return Loop("exporting", step, EVERY), Loop("export-sweeping", run.sweep, SWEEPING)
