"""`make soak`: MINUTES of a call (30), with a fault every minute; SEED makes another order of faults."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.laboratory.network import missing
from tests.laboratory.soak.soaking import Soak, soak
from tests.services import programs


def main() -> int:
    """Return 0 when everybody is in the call at its end and nothing is left over."""
    program = programs.headless_chromium()
    if program is None or programs.coturn() is None or missing():
        print(f"soak needs Chromium, coturn and root on Linux. {missing()}", file=sys.stderr)
        return 2
    minutes, seed = float(os.environ.get("MINUTES") or 30), int(os.environ.get("SEED") or 1)
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(soak(Soak(60 * minutes, 60, seed), program, Path(folder)))
    worst = max((took for _, took in told.healed), default=0.0)
    print(
        f"{len(told.healed)} faults in {minutes:.0f} minutes (seed {seed}); "
        f"sound back after {worst:.1f} s at most."
    )
    print("\n".join(told.wrong) or "Everybody is in the call, and nothing is left over.")
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
