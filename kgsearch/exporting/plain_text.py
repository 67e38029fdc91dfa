"""A document as plain text to read, mail or paste: its head, its clauses indented by level, its footnotes at the end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from kgsearch.exporting.held import HeldDocument
from kgsearch.exporting.letterhead import addressed, place_and_date
from kgsearch.models import Clause, Kind

_STEP = "  "
_RULE = "-" * 20

_TITLED = frozenset({Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.ARTICLE, Kind.ATTACHMENT, Kind.ANNEX})
"""Kinds that begin after an empty line, their headings on a line of their own."""

_RULED = frozenset({Kind.ATTACHMENT, Kind.ANNEX})
"""Kinds that a line is drawn before."""

_FLUSH = _TITLED | {Kind.PREAMBLE, Kind.CONCLUSIONS, Kind.ROW}
"""Kinds that begin at the margin, wherever they stand."""

_RECIPIENT = re.compile(r"(?<=[;:,.]) (?=[-–] )")


def plain_text(held: HeldDocument) -> str:
    """The text of a document; each paragraph is one line, however long.

    Control and format characters but tabs are left out: the text goes to terminals too.
    """
    lines = [*_head(held), *_Body(held).lines(), *_footnotes(held)]
    return "".join(f"{_printable(line).rstrip()}\n" for line in lines)


def _head(held: HeldDocument) -> Iterator[str]:
    document = held.record
    place = ", ".join(part for part in place_and_date(document) if part)
    number = f"Số: {document.number}" if document.number else ""
    yield from (line for line in (document.secrecy, document.issuer, number, place) if line)
    yield ""
    yield from (line for line in (document.type.upper(), document.title) if line)
    receivers = addressed(held)
    if receivers:
        yield from ("", f"Kính gửi: {'; '.join(receivers)}.")
    yield ""


def _footnotes(held: HeldDocument) -> Iterator[str]:
    """Every footnote, in order, after a line."""
    notes = [clause for clause in held.by_eid.values() if clause.kind is Kind.FOOTNOTE]
    if notes:
        yield from ("", _RULE)
    for note in notes:
        yield f"{_mark(note)} {note.text}{_marks_in(held, note)}"
        for clause, ancestors in note.walk():
            if ancestors:
                yield f"{_STEP * len(ancestors)}{clause.label} {clause.text}"


class _Body:
    """The lines of the clauses, but for footnotes."""

    def __init__(self, held: HeldDocument) -> None:
        self._held = held

    def lines(self) -> Iterator[str]:
        """All of them, in order."""
        return self._below(self._held.clauses, 0)

    def _below(self, clauses: Sequence[Clause], level: int) -> Iterator[str]:
        """The lines of clauses that stand side by side; rows that follow one another have the heads of their columns above them."""
        for tabular, run in groupby(clauses, key=lambda clause: clause.kind is Kind.ROW):
            for number, clause in enumerate(run):
                columns = self._held.columns_at[clause.eid] if tabular and number == 0 else ()
                if columns:
                    yield from ("", " | ".join(columns))
                yield from self._clause(clause, level)

    def _clause(self, clause: Clause, level: int) -> Iterator[str]:
        if clause.kind is Kind.FOOTNOTE:
            return
        flush = clause.kind in _FLUSH
        margin = "" if flush else _STEP * level
        if clause.kind in _RULED:
            yield from ("", _RULE)
        if clause.kind in _TITLED or clause.kind is Kind.CONCLUSIONS:
            yield ""
        own = [line for line in self._own(clause) if line]
        if own:
            own[-1] += _marks_in(self._held, clause)
        yield from (margin + line for line in own)
        yield from self._below(clause.clauses, 0 if flush else level + 1)

    def _own(self, clause: Clause) -> Sequence[str]:
        """The lines of a clause's own words."""
        if clause.kind is Kind.ROW and clause.cells:
            return [" | ".join(clause.cells)]
        if clause.kind is Kind.CONCLUSIONS:
            return self._conclusions(clause.text)
        if clause.kind in _TITLED:
            return _titled(clause)
        return [f"{clause.label} {clause.text}".strip()]

    def _conclusions(self, text: str) -> list[str]:
        """Each recipient and the signer's name on a line."""
        lines = _RECIPIENT.split(text)
        signer = self._held.record.signer
        if signer and lines[-1].endswith(f" {signer}"):
            lines[-1:] = [lines[-1].removesuffix(signer).rstrip(), signer]
        return lines


def _titled(clause: Clause) -> list[str]:
    """Label and heading as they are printed: "Điều 1. Phạm vi" on one line, as is "I. MỤC ĐÍCH", "Chương I" above its heading."""
    rest = clause.text[len(clause.heading) :].lstrip()
    if clause.kind is Kind.ARTICLE:
        label = f"{clause.label}." if clause.label[-1:].isalnum() else clause.label
        return [f"{label} {clause.heading}", rest] if clause.heading else [f"{label} {rest}"]
    if clause.label[-1:].isalnum():
        return [clause.label, clause.heading, rest]
    return [f"{clause.label} {clause.heading or rest}", rest if clause.heading else ""]


def _mark(note: Clause) -> str:
    """A footnote's mark as it is set in the text and before the note: "[1]"."""
    return f"[{note.label.strip(' []()') or note.eid.rsplit('_', 1)[-1]}]"


def _marks_in(held: HeldDocument, clause: Clause) -> str:
    """The marks of a clause's footnotes, to be set after its words."""
    notes = [held.by_eid[eid] for eid in clause.footnotes if eid in held.by_eid]
    return "".join(f" {_mark(note)}" for note in notes)


def _printable(line: str) -> str:
    return "".join(character for character in line if character == "\t" or unicodedata.category(character) not in ("Cc", "Cf"))
