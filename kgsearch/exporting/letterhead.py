"""The head of a document, written anew from its metadata: the catalogue keeps of the printed one only what it says."""

from __future__ import annotations

from kgsearch.exporting.held import HeldDocument
from kgsearch.models import DocumentRecord, Kind


def place_and_date(document: DocumentRecord) -> tuple[str, str]:
    """("Hải Giang", "ngày 10 tháng 02 năm 2023"), each "" where the source prints none.

    The form is that of NĐ 30/2020/NĐ-CP, Phụ lục I: a 0 before days up to 9 and before the months 1 and 2.
    """
    day = document.issued
    if day is None:
        return document.place, ""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return document.place, f"ngày {day.day:02} tháng {month} năm {day.year}"


def addressed(held: HeldDocument) -> tuple[str, ...]:
    """Whom a letter is addressed to ("Kính gửi"): the recipients that the document's end does not name."""
    end = " ".join(clause.text for clause in held.clauses if clause.kind is Kind.CONCLUSIONS)
    return tuple(name for name in held.record.recipients if name not in end)
