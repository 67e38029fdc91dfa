"""How long a search takes from a cold start, as a ratio: `kgsearch search` over `python -c "import flask, whoosh"`.

Both are run alternately, so that what else the machine does falls on both; the medians are compared. The ratio is to stay under 3.

    python benchmarks/cold_start.py [--runs 7] [--corpus corpus] [--query "giải ngân đầu tư công"]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOUND = 3.0


def seconds(command: Sequence[str]) -> float:
    """Wall-clock seconds of one run of a command, which must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print medians and ratio; 0 where the ratio is under the bound, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="runs of each command")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus", help="folder of the documents to search")
    parser.add_argument("--query", default="giải ngân đầu tư công")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kgsearch = [sys.executable, "-m", "kgsearch", "--corpus", str(arguments.corpus), "--index", str(Path(folder) / "index")]
        search = [*kgsearch, "search", arguments.query]
        imports = [sys.executable, "-c", "import flask, whoosh"]
        seconds([*kgsearch, "index"])
        # Once each unmeasured: the first run compiles modules and fills the disk's cache.
        for command in (search, imports):
            seconds(command)
        pairs = [(seconds(search), seconds(imports)) for _ in range(arguments.runs)]
    searching, importing = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = searching / importing
    print(f"kgsearch search: {searching:.3f} s, import flask, whoosh: {importing:.3f} s (medians of {arguments.runs} runs each)")
    print(f"ratio: {ratio:.2f} (bound: {BOUND:.0f})")
    return 0 if ratio < BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
