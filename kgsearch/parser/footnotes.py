"""Footnotes: their texts taken out of the lines among which they stand, and tied to the clauses that carry their marks."""

from __future__ import annotations

from collections.abc import Sequence

from kgsearch.models import Kind
from kgsearch.parser.clean import NOTE_LINE, CleanLine
from kgsearch.parser.layout import Layout, continues, ends_sentence
from kgsearch.parser.mapped import Block
from kgsearch.parser.tree import Node, walk


def take_out(lines: Sequence[CleanLine], layout: Layout) -> tuple[list[CleanLine], list[Node]]:
    """``lines`` without the texts of footnotes, and the footnotes as nodes in their order.

    A note printed at a page's foot (raised number) ends with its paragraph; notes in brackets stand together at the end of a
    consolidated text, so everything up to the next one belongs to a note.
    """
    kept: list[CleanLine] = []
    notes: list[Node] = []
    previous: CleanLine | None = None
    raised = False
    for line in lines:
        if line.note:
            notes.append(_note(line))
            raised = line.raised
            previous = line
        elif previous is not None and (not raised or _goes_on(line, previous, layout, notes[-1], kept)):
            notes[-1].body.append(Block([(line.words, line.end)], list(line.marks), line.page))
            previous = line
        else:
            previous = None
            kept.append(line)
    return kept, notes


def _goes_on(line: CleanLine, previous: CleanLine, layout: Layout, note: Node, body: Sequence[CleanLine]) -> bool:
    """Whether a line continues a note at a page's foot; after an empty line the sentence that the page broke off goes first."""
    if layout.spaced and line.gap > 0 and body and not ends_sentence(body[-1].text):
        return False
    return continues(line, previous, layout, opened=len(note.body) == 1)


def _note(line: CleanLine) -> Node:
    """The node of a note, its number's characters left out of its words."""
    match = NOTE_LINE.match(line.text)
    words = line.words.cut(match.end()) if match else line.words
    body = [Block([(words, line.end)], [], line.page)] if words.text else []
    return Node(Kind.FOOTNOTE, "fn", label=line.note, number=line.note, body=body, page=line.page, offset=line.words.starts[0])


def tie(notes: Sequence[Node], body: Node, warnings: list[str]) -> None:
    """Write into each note the eId of the clause that carries its mark, after eIds were given; a mark without its note goes."""
    carriers: dict[str, str] = {}
    known = {note.number for note in notes}
    for node in walk(body.children):
        node.footnotes = [number for number in node.footnotes if number in known]
        for number in node.footnotes:
            carriers.setdefault(number, node.eid)
    for note in notes:
        note.marked_in = carriers.get(note.number, "")
        if not note.marked_in:
            warnings.append(f"footnote {note.number}: its mark was not found")
