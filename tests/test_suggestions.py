"""Suggestions while somebody types: documents by number and title, phrases; with marks and without, bounded, harmless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from test_server import HOSTILE, RESOLUTION

from kgsearch.language import fold
from kgsearch.models import DocumentRecord
from kgsearch.retrieval import suggestions
from kgsearch.retrieval.suggestions import MAX_TYPED, Suggester


def document(identifier: str, kind: str, number: str, title: str) -> DocumentRecord:
    return DocumentRecord(identifier, number, kind, title, "", "", date(2021, 1, 1), "", "")


# The newest first, as a catalogue gives them.
DOCUMENTS = [
    document("ct16", "Chỉ thị", "16/CT-TTg", "Về thực hiện Nghị quyết số 01/NQ-CP năm 2021"),
    document("nq15", "Nghị quyết", "15/NQ-HĐND", "Về phân bổ ngân sách địa phương"),
    document("nq1", "Nghị quyết", "01/NQ-CP", "Về nhiệm vụ, giải pháp chủ yếu phát triển kinh tế - xã hội"),
    document("law", "Luật", "72/2020/QH14", "Bảo vệ môi trường"),
    document("report", "Báo cáo", "", "Tình hình kinh tế và giải pháp xã hội"),
    document("plan", "Kế hoạch", "1/KH-UBND", "Phát triển kinh tế - xã hội"),
]
PHRASES = ("đầu tư công", "đầu tư phát triển", "dầu từ thực vật", "kinh tế - xã hội", "hải phòng", "hai lần")


def phrases(begun: str, limit: int) -> Sequence[str]:
    wanted = " ".join(fold(begun).split())
    return [phrase for phrase in PHRASES if fold(phrase).startswith(wanted) and fold(phrase) != wanted][:limit]


def named(typed: str, limit: int = 8) -> list[str]:
    return [one.document.id for one in Suggester(lambda: DOCUMENTS, phrases).suggest(typed, limit) if one.document]


def completed(typed: str, limit: int = 8) -> list[str]:
    return [one.phrase for one in Suggester(lambda: DOCUMENTS, phrases).suggest(typed, limit) if one.phrase]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("01/nq", ["nq1", "ct16"]),
        ("nq 01", ["nq1", "ct16"]),
        ("NQ 1", ["nq1", "nq15", "ct16"]),
        ("nq01", ["nq1", "ct16"]),
        ("01-NQ/CP", ["nq1", "ct16"]),
        ("Nghị quyết 1", ["nq1", "nq15", "ct16"]),
        ("nghi quyet so 15", []),
        ("nghi quyet 15", ["nq15"]),
        ("1/kh", ["plan"]),
        ("001", ["nq1", "plan", "ct16"]),
        ("qh14", ["law"]),
        ("72/2020/QH14", ["law"]),
        ("luật bảo vệ", ["law"]),
        ("moi truong", ["law"]),
        ("môi tr", ["law"]),
        ("bao ve moi truong ", ["law"]),
        ("bao ve moi tru ", []),
    ],
)
def test_documents_by_number_in_any_spelling_and_by_title(typed: str, ids: list[str]) -> None:
    assert named(typed) == ids


def test_words_that_stand_together_come_before_words_that_stand_apart() -> None:
    assert named("kinh tế xã hội") == ["nq1", "plan", "report"]


def test_two_letters_begin_no_title() -> None:
    assert named("kinh tế - xã h") == ["nq1", "plan"], "after the words that stand before them they may"
    assert named("kinh tế và xã h") == [] and named("kinh tế và xã hội") == ["report"]
    assert named("ph") == [], "alone they would begin half of all"
    assert named("phát triển ng") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("đầu tư", ["đầu tư công", "đầu tư phát triển", "dầu từ thực vật"]),
        ("dau tu", ["đầu tư công", "đầu tư phát triển", "dầu từ thực vật"]),
        ("dầu t", ["dầu từ thực vật", "đầu tư công", "đầu tư phát triển"]),
        ("ĐẦU TƯ C", ["đầu tư công"]),
        ("tình hình giải ngân đầu tư", ["tình hình giải ngân đầu tư công", "tình hình giải ngân đầu tư phát triển"]),
        ("thanh pho dau tu p", ["thanh pho đầu tư phát triển"]),
        ("thành phố hải", ["thành phố hải phòng"]),
        ("thanh pho hai", []),
        ('"đầu tư', []),
        ("loai:đầu tư", []),
        ("đầu tư -công", []),
        ("-hải", []),
    ],
)
def test_phrases_complete_what_is_typed(typed: str, found: list[str]) -> None:
    assert completed(typed) == found


def test_marks_that_are_typed_are_meant_after_other_words() -> None:
    assert completed("công ty đầu t") == ["công ty đầu tư công", "công ty đầu tư phát triển"]


@pytest.mark.parametrize("typed", ["", " ", "a", "/", "…", "\u0301", "\ud800", "x" * (MAX_TYPED + 1), "từ " * 60])
def test_nothing_is_suggested_for_what_cannot_be_completed(typed: str) -> None:
    assert Suggester(lambda: DOCUMENTS, phrases).suggest(typed) == []


def test_each_kind_leaves_room_for_the_other() -> None:
    many = [replace(DOCUMENTS[5], id=f"plan-{n}", title="Đầu tư") for n in range(20)]
    suggester = Suggester(lambda: many, lambda begun, most: [f"{begun} {n}" for n in range(20)])
    kinds = ["document" if one.document else "phrase" for one in suggester.suggest("đầu tư", 8)]
    assert kinds == ["phrase"] * 4 + ["document"] * 4
    kinds = ["document" if one.document else "phrase" for one in suggester.suggest("1 kế", 5)]
    assert kinds == ["document"] * 3 + ["phrase"] * 2, "a figure is rather a document's"
    assert len(Suggester(lambda: many, lambda begun, most: ()).suggest("đầu tư", 8)) == 8
    assert suggester.suggest("đầu tư", 0) == []


def test_documents_are_read_again_only_where_they_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    make = suggestions._entry

    def counted(one: DocumentRecord, known: suggestions._Entry | None) -> suggestions._Entry:
        if known is None:
            made.append(one.id)
        return make(one, known)

    monkeypatch.setattr(suggestions, "_entry", counted)
    held = [list(DOCUMENTS)]
    suggester = Suggester(lambda: held[0], phrases)
    suggester.suggest("nq 1")
    suggester.suggest("nq 15")
    assert made == [one.id for one in DOCUMENTS]
    held[0] = [document("new", "Nghị quyết", "1/NQ-HĐND", ""), *DOCUMENTS[1:]]
    found = [one.document.id for one in suggester.suggest("nq 1") if one.document]
    assert found == ["new", "nq1", "nq15"], "what is gone is not suggested, what is new is"
    assert made[len(DOCUMENTS) :] == ["new"]


@given(st.text(max_size=MAX_TYPED + 5), st.integers(0, 12))
def test_whatever_is_typed_gives_at_most_what_is_asked_for(typed: str, limit: int) -> None:
    found = Suggester(lambda: DOCUMENTS, phrases).suggest(typed, limit)
    assert len(found) <= limit
    assert all((one.document is None) == bool(one.phrase) for one in found)


@given(st.sampled_from([one for one in DOCUMENTS if one.number]), st.sampled_from(["/", " ", "-", "", " / "]))
def test_a_whole_number_names_its_document_first(one: DocumentRecord, between: str) -> None:
    assert named(one.number.replace("/", between or "/"))[0] == one.id


# --- API ---------------------------------------------------------------------------------------------------------------------


def test_api_gives_documents_with_their_addresses(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=nghi quyet 20").json
    assert body is not None and body["query"] == "nghi quyet 20"
    first = body["suggestions"][0]
    assert first["kind"] == "document" and first["text"] == "Nghị quyết 20/NQ-HĐND"
    assert first["detail"].endswith("06/10/2021") and RESOLUTION.title in first["detail"]
    assert first["url"] == f"/documents/{RESOLUTION.id}"
    assert client.get(first["url"]).status_code == 200


def test_api_gives_phrases_with_their_searches(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=giai").json
    assert body is not None
    phrase = body["suggestions"][0]
    assert phrase["kind"] == "phrase" and phrase["text"] == f"giai {HOSTILE}"
    assert "<" not in phrase["url"] and client.get(phrase["url"]).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [("?q=20&n=1", 200), ("?q=20&n=0", 400), ("?q=20&n=21", 400), ("?q=", 400), ("", 400), ("?q=20&sort=newest", 400), ("?q=2&q=3", 400)],
)
def test_api_is_bounded(client: FlaskClient, address: str, status: int) -> None:
    response = client.get(f"/api/v1/suggest{address}")
    assert response.status_code == status
    assert response.json is not None and len(response.json.get("suggestions", ())) <= 1


def test_what_is_too_long_to_complete_is_no_error(client: FlaskClient) -> None:
    body = client.get(f"/api/v1/suggest?q={'dau+tu+' * 60}").json
    assert body is not None and body["suggestions"] == []
