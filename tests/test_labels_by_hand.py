"""Below the articles: the labels of twenty real documents as a careful reader wrote them down, against what the parser finds."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from kgsearch.models import Kind
from kgsearch.parser import parse
from kgsearch.readers import read

TABLE: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "real_labels.json").read_text(encoding="utf-8"))
LABELLED = (Kind.ARTICLE, Kind.CLAUSE, Kind.POINT, Kind.SUBPOINT, Kind.SECTION, Kind.PART)
RIGHT = 0.98
INVENTED = 0.02


def found(shared: Path, name: str) -> tuple[list[str], tuple[str, ...]]:
    """The eIds of labelled clauses, divisions that hold articles left out as they are in the table, and the warnings."""
    document = parse(read(shared / "real" / name))[0]
    eids = [clause.eid for clause, _above in document.walk() if clause.kind in LABELLED]
    return [eid for eid in eids if not re.search(r"(?:^|__)chp_", eid)], document.warnings


def tables_only(entry: dict[str, Any]) -> set[str]:
    """The attachments of which the table leaves the inside out."""
    return set(re.findall(r"att_\d+", entry["note"])) if "left out" in entry["note"] else set()


def test_labels_in_sequence(shared: Path) -> None:
    right = expected = invented = 0
    for name, entry in TABLE.items():
        eids, warnings = found(shared, name)
        wanted = entry["eids"]
        ordered = [eid for eid in eids if eid in set(wanted)]
        assert ordered == [eid for eid in wanted if eid in set(eids)], f"{name}: out of order"
        extra = [eid for eid in eids if eid not in set(wanted) and eid.split("__")[0] not in tables_only(entry)]
        lost_heads = "lost the heads" in entry["note"]
        assert warnings or not lost_heads, f"{name}: lost heads without a warning"
        right += len(set(wanted) & set(eids))
        expected += len(wanted)
        invented += 0 if lost_heads else len(extra)
    assert right / expected >= RIGHT, (right, expected)
    assert invented / expected <= INVENTED, (invented, expected)


def test_numbers_do_not_skip_without_a_warning(shared: Path) -> None:
    """Over all documents: a series of khoản or điểm that skips a number, or runs backwards, has a warning."""
    silent = []
    for path in sorted((shared / "real").glob("*.txt")):
        for document in parse(read(path)):
            for clause, _above in document.walk():
                numbers = [int(child.number) for child in clause.clauses if child.kind is Kind.CLAUSE and child.number.isdigit()]
                steps = [after - before for before, after in pairwise(numbers)]
                if any(step not in (0, 1) for step in steps) and not document.warnings:
                    silent.append((path.name, clause.eid, numbers))
    assert silent == []
