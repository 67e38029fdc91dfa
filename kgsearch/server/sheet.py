"""The text of a document as HTML, with as little mark-up as a clause can do with: a law has thousands of them.

A clause is its element with its eId, its words and one short link, which is its label where it has one. The link leads to the clause's
own page; a script unfolds there what can be done with the clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import chain
from math import sqrt
from urllib.parse import quote
from zlib import crc32

from markupsafe import Markup

from kgsearch.i18n import gettext as _
from kgsearch.models import ClauseRecord, Kind
from kgsearch.server.cited_by import CitedHere
from kgsearch.server.formats import number
from kgsearch.server.outline import Block, Layout, Row, Table

# The parameter of a document's page that leads on to one of its clauses.
PARAMETER = "c"
# A browser lays a part out when it comes near the screen; of this length it takes a few milliseconds and fills two or three screens.
PART_LENGTH = 5000
# A row is as high as its longest cell, so a short one takes as much room as a line of text.
ROW_LENGTH = 80
# A column's width is so many of these parts of a table's, and no column is narrower.
WIDTH, NARROWEST = 24, 2
# Ends the link of a clause without label: the style sheet tells by it what is no word of the text.
UNLABELLED = "-"
_LETTERS = 26
_CENTRED = frozenset({Kind.PART, Kind.CHAPTER, Kind.ATTACHMENT, Kind.ANNEX})
_CLASSES = {Kind.PREAMBLE: "pre", Kind.CONCLUSIONS: "end", **dict.fromkeys(_CENTRED, "mid")}
_STOPPED = frozenset({Kind.ARTICLE, Kind.SECTION, Kind.SUBSECTION})


def place_code(clause: ClauseRecord) -> str:
    """A short name of a clause in its document, as it is now: its position and two letters that its eId decides.

    After the document has changed, the letters tell (all but once in 676 times) that another clause stands in the position.
    """
    first, second = divmod(crc32(clause.eid.encode()) % _LETTERS**2, _LETTERS)
    return f"{clause.position}{chr(97 + first)}{chr(97 + second)}"


def named_by(clauses: Sequence[ClauseRecord], code: str) -> ClauseRecord | None:
    """The clause that a short link names, None where it names none (any more)."""
    return next((clause for clause in clauses if place_code(clause) == code.removesuffix(UNLABELLED)), None)


def sheet(layout: Layout, address: str | None = "") -> Markup:
    """The blocks, tables and footnotes of ``layout`` in order; ``address`` is that of the document's page, "" on that page itself, None
    where its clauses have no pages of their own and so no links."""
    writer = _Writer(address)
    parts = (f'<div class="part">\n{"".join(map(writer.block, part))}</div>\n' for part in _parts(layout.blocks))
    return Markup("".join(chain(parts, writer.footnotes(layout.footnotes))))


def _parts(blocks: Sequence[Block | Table]) -> Iterator[list[Block | Table]]:
    """``blocks`` in parts of about the same length."""
    part: list[Block | Table] = []
    length = 0
    for block in chain.from_iterable(map(_divided, blocks)):
        part.append(block)
        length += _length(block)
        if length >= PART_LENGTH:
            yield part
            part, length = [], 0
    if part:
        yield part


def _divided(block: Block | Table) -> Iterator[Block | Table]:
    """A table longer than a part in several, all with its heads and with columns of the same widths."""
    if not isinstance(block, Table) or _length(block) <= PART_LENGTH:
        yield block
        return
    shares = _shares(block)
    rows: list[Row] = []
    length = 0
    for row in block.rows:
        rows.append(row)
        length += _row_length(row)
        if length >= PART_LENGTH:
            yield replace(block, rows=rows, shares=shares)
            rows, length = [], 0
    if rows:
        yield replace(block, rows=rows, shares=shares)


def _shares(table: Table) -> tuple[int, ...]:
    """What part of a table each column needs: a column of ten times as many words takes about three times the room."""
    most = WIDTH // NARROWEST
    if table.width > most:
        return ()
    lengths = [sum(len(row.clause.cells[column]) for row in table.rows if column < len(row.cells)) for column in range(table.width)]
    roots = [sqrt(1 + length / len(table.rows)) for length in lengths]
    return tuple(max(NARROWEST, round(WIDTH * root / sum(roots))) for root in roots)


def _length(block: Block | Table) -> int:
    return sum(map(_row_length, block.rows)) if isinstance(block, Table) else max(ROW_LENGTH, len(block.clause.text))


def _row_length(row: Row) -> int:
    return max(ROW_LENGTH, len(row.clause.text))


class _Writer:
    """Writes clauses, each with its link. What comes from outside is escaped here, or was where it was marked."""

    def __init__(self, address: str | None) -> None:
        self._link = "" if address is None else f'<a href="{escape(address)}?{PARAMETER}='

    def block(self, block: Block | Table) -> str:
        """A clause or a table."""
        if isinstance(block, Table):
            return self._table(block)
        return self._titled(block) if block.level else self._running(block)

    def footnotes(self, notes: Sequence[Block]) -> Iterator[str]:
        """The footnotes, each with the way back to its mark; nothing where there are none."""
        if notes:
            name = escape(_("Footnotes"))
            yield f'<section class="part footnotes" aria-label="{name}">\n<h2>{name}</h2>\n'
            yield from (self._note(note, place) for place, note in enumerate(notes, start=1))
            yield "</section>\n"

    def _titled(self, block: Block) -> str:
        clause, level = block.clause, block.level
        stop = "." if block.heading and clause.kind in _STOPPED and clause.label[-1:].isalnum() else ""
        link, after = self._links(clause, stop)
        heading, body = str(block.heading), str(block.body)
        notes = _notes(block)
        words = f"<p>{body}{notes}</p>\n" if body else ""
        return (
            f'<section id="{escape(clause.eid)}"{_class(_CLASSES.get(clause.kind, ""))}><h{level}>{link}{heading}{after}'
            f"{'' if body else notes}</h{level}>\n{words}{_cited(block.cited)}</section>\n"
        )

    def _running(self, block: Block, more: str = "") -> str:
        clause = block.clause
        link, after = self._links(clause)
        heading = f"<b>{block.heading}</b>" if block.heading else ""
        classes = (_CLASSES.get(clause.kind, ""), f"i{block.indent}" if block.indent else "")
        return (
            f'<p id="{escape(clause.eid)}"{_class(*classes)}>{link}{heading}{block.body}{_notes(block)}{after}{more}</p>\n'
            f"{_cited(block.cited)}"
        )

    def _note(self, block: Block, place: int) -> str:
        back = block.clause.marked_in
        name = _("Back to the text of footnote %(mark)s") % {"mark": block.clause.label or place}
        return self._running(block, f' <a href="#{quote(back)}" aria-label="{escape(name)}">↩</a>' if back else "")

    def _table(self, table: Table) -> str:
        heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
        heads += "<td></td>" * (table.width - len(table.columns)) if heads else ""
        widths = "".join(f'<col class="w{share}">' for share in table.shares)
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(_("Table"))}">\n'
            f'<table class="rows{" even" if widths else ""}">\n{f"<colgroup>{widths}</colgroup>" if widths else ""}'
            f"{f'<thead><tr>{heads}</tr></thead>' if heads else ''}<tbody>\n"
            f"{''.join(self._row(row, table.width) for row in table.rows)}</tbody>\n</table>\n</div>\n"
        )

    def _row(self, row: Row, width: int) -> str:
        clause = row.clause
        cells = [str(cell) for cell in row.cells]
        if clause.label.strip() and clause.cells[0] == clause.label:
            cells[0] = self._linked(clause, cells[0])
        else:
            cells[-1] += self._sign(clause)
        cells[-1] += _cited(row.cited)
        openings = ["<td>"] * len(cells)
        if len(cells) < width:
            openings[-1] = f'<td colspan="{width - len(cells) + 1}">'
        shown = "".join(f"{opening}{cell}</td>" for opening, cell in zip(openings, cells, strict=True))
        return f'<tr id="{escape(clause.eid)}">{shown}</tr>\n'

    def _links(self, clause: ClauseRecord, stop: str = "") -> tuple[str, str]:
        """What stands before and after the words of a clause: one of them is its link."""
        if not (clause.label.strip() or clause.text):
            return "", ""
        if not clause.label.strip():
            return "", self._sign(clause)
        return f"{self._linked(clause, escape(clause.label) + stop)} ", ""

    def _linked(self, clause: ClauseRecord, label: str) -> str:
        """The label of a clause as its link."""
        return f'{self._link}{place_code(clause)}">{label}</a>' if self._link else f"<b>{label}</b>"

    def _sign(self, clause: ClauseRecord) -> str:
        """The link of a clause whose label cannot be it."""
        return f' {self._link}{place_code(clause)}{UNLABELLED}">¶</a>' if self._link else ""


def _class(*names: str) -> str:
    given = " ".join(filter(None, names))
    return f' class="{given}"' if given else ""


def _notes(block: Block) -> str:
    return "".join(
        f'<sup><a href="#{quote(eid)}" aria-label="{escape(_("Footnote %(mark)s") % {"mark": mark})}">{escape(mark)}</a></sup>'
        for eid, mark in block.notes
    )


def _cited(cited: CitedHere | None) -> str:
    """Where a clause is cited: the number and the first places, or the page that lists them all."""
    if cited is None:
        return ""
    count = number(cited.count)
    name = f"{escape(_('Cited by'))} ({count})"
    every = f'<a href="{escape(cited.address)}">'
    if not cited.first:
        return f'<div class="cited">{every}{name}</a></div>\n'
    places = "".join(f'<li><a href="{escape(place.address)}">{escape(place.name)}</a></li>' for place in cited.first)
    if cited.count > len(cited.first):
        places += f"<li>{every}{escape(_('All %(count)s places') % {'count': count})}</a></li>"
    return f'<details class="cited"><summary>{name}</summary><ul>{places}</ul></details>\n'
