"""The sample corpus, whole: what the parser finds in each document against what its writers put there."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kgsearch.language import normalise
from kgsearch.models import Clause, Document, Kind
from kgsearch.parser import parse
from kgsearch.readers import read

ROOT = Path(__file__).parents[1]
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((ROOT / "tests" / "samples.json").read_text(encoding="utf-8"))
FILES = sorted(EXPECTED)


@cache
def documents(name: str) -> list[Document]:
    return parse(read(ROOT / "corpus" / name))


def same(text: str) -> str:
    """The text without case, with one placement of tone marks: what is compared is what was read, not how it is spelt."""
    return " ".join(normalise(unicodedata.normalize("NFC", text)).split())


def pairs(name: str) -> list[tuple[Document, dict[str, Any]]]:
    return list(zip(documents(name), EXPECTED[name], strict=True))


def clauses(document: Document) -> dict[str, Clause]:
    return {clause.eid: clause for clause, _ancestors in document.walk()}


@pytest.mark.parametrize("name", FILES)
def test_metadata(name: str) -> None:
    for document, expected in pairs(name):
        found = {
            "number": document.number,
            "type": document.type,
            "title": same(document.title),
            "issuer": same(document.issuer),
            "place": document.place,
            "issued": document.issued.isoformat() if document.issued else None,
            "signer": document.signer,
            "signer_title": same(document.signer_title),
        }
        wanted = {key: same(value) if value and key in ("title", "issuer", "signer_title") else value for key, value in expected.items()}
        assert found == {key: wanted.get(key, found[key]) for key in found}


@pytest.mark.parametrize("name", FILES)
def test_articles(name: str) -> None:
    for document, expected in pairs(name):
        main = [
            clause.label
            for clause, above in document.walk()
            if clause.kind is Kind.ARTICLE and not any(ancestor.eid.startswith("att_") for ancestor in above)
        ]
        attached = [
            labels
            for top in document.clauses
            if top.eid.startswith("att_") and (labels := [clause.label for clause, _above in top.walk() if clause.kind is Kind.ARTICLE])
        ]
        assert main == expected["articles"]
        assert attached == expected["attached"]


@pytest.mark.parametrize("name", FILES)
def test_clauses(name: str) -> None:
    for document, expected in pairs(name):
        found = clauses(document)
        missing = [check["eid"] for check in expected["checks"] if check["eid"] not in found]
        assert not missing, sorted(found)
        wrong = {
            check["eid"]: found[check["eid"]].text[:60]
            for check in expected["checks"]
            if not same(found[check["eid"]].text).startswith(same(check["starts"]))
        }
        assert not wrong
        assert not [eid for eid in expected.get("absent", []) if eid in found]


@pytest.mark.parametrize("name", FILES)
def test_joined_sentences_tables_and_footnotes(name: str) -> None:
    for document, expected in pairs(name):
        found = clauses(document)
        for joined in expected.get("joined", []):
            assert same(joined["contains"]) in same(found[joined["eid"]].full_text)
        for table in expected.get("tables", []):
            rows = [clause for clause, _above in found[table["eid"]].walk() if clause.kind is Kind.ROW]
            assert len(rows) == table["rows"]
            assert [same(column) for column in found[table["eid"]].columns] == [same(column) for column in table["columns"]]
        for note in expected.get("footnotes", []):
            assert (found[note["eid"]].marked_in + "__").startswith(note["under"] + "__")
