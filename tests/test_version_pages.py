"""Earlier versions of a document: listed, read as of one, compared, in the API; marked as replaced, and nothing to cite them by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from corpus_index import Rewritten, rewritten
from flask.testing import FlaskClient
from test_server import DOCUMENT, HOSTILE, PLAN, RESOLUTION, page

from kgsearch.server import create_app

VERSION = f"{DOCUMENT}?version=1"
COMPARED = f"/compare?a={RESOLUTION.id}%401&b={RESOLUTION.id}"


def test_a_document_lists_its_versions_newest_first(client: FlaskClient) -> None:
    found = page(client, DOCUMENT)
    listed = [link for link in found.links if "?version=" in link]
    assert listed == [f"{DOCUMENT}?version=2", f"{DOCUMENT}?version=1"]
    assert f"/compare?a={RESOLUTION.id}%402&b={RESOLUTION.id}" in found.links
    assert "nghi-quyet-20 2.txt" in found.text and "Bản thảo lần 2" in found.text
    assert "?version=" not in client.get(f"/documents/{PLAN.id}").text


def test_a_version_is_what_the_document_was_and_says_that_it_was_replaced(client: FlaskClient) -> None:
    response = client.get(f"{VERSION}&lang=en")
    assert response.status_code == 200 and HOSTILE not in response.text
    assert "61% kế hoạch" in response.text and "84%" not in response.text and 'id="art_2"' not in response.text
    assert "replaced and not for citing" in response.text
    assert f'href="{DOCUMENT}"' in response.text


def test_a_version_has_nothing_to_cite_it_by_and_no_page_of_a_clause(client: FlaskClient) -> None:
    html = client.get(VERSION).text
    assert "data-copy>" not in html and "cite-text" not in html and "?c=" not in html and "/tools" not in html
    found = page(client, VERSION)
    assert not [link for link in found.links if link.startswith((f"{DOCUMENT}/", "/report", "/documents/x"))]
    # It has its anchors and contents, as the document has.
    assert {"art_1", "art_1__para_2__point_a", "fn_1"} <= set(found.ids) and "#art_1" in found.links


def test_words_are_marked_in_a_version(client: FlaskClient) -> None:
    html = client.get(f"{VERSION}&q=giai+ngan").text
    assert html.count("<mark>") == 2 and html.count("data-jump=") == 2


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{DOCUMENT}?version=3", 404),
        (f"{DOCUMENT}?version=0", 400),
        (f"{DOCUMENT}?version=-1", 400),
        (f"{DOCUMENT}?version=x", 400),
        (f"{DOCUMENT}?version=99999999999999999999", 400),
        (f"{DOCUMENT}?version=", 200),
        (f"/documents/{PLAN.id}?version=1", 404),
        ("/documents/none?version=1", 404),
        (f"/compare?a={RESOLUTION.id}%40", 404),
        (f"/compare?a={RESOLUTION.id}%40x", 404),
        (f"/compare?a={RESOLUTION.id}%403", 404),
        (f"/compare?a={RESOLUTION.id}%40%C2%B2", 404),
        (f"/compare?a={RESOLUTION.id}%401%40", 404),
        (f"/compare?a={RESOLUTION.id}%401%23art_2", 404),
        (f"/compare?a=%401&b={RESOLUTION.id}", 404),
        (f"/api/v1/documents/{RESOLUTION.id}/versions/0", 404),
        (f"/api/v1/documents/{RESOLUTION.id}/versions/1?n=x", 400),
        ("/api/v1/documents/none/versions", 404),
    ],
)
def test_what_is_no_version_is_said_so(client: FlaskClient, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status


def test_a_version_is_compared_with_the_document(client: FlaskClient) -> None:
    response = client.get(f"{COMPARED}&lang=en")
    assert response.status_code == 200 and HOSTILE not in response.text
    assert re.search(r"<del><span[^>]*>removed: </span>61</del>", response.text)
    assert re.search(r"<ins><span[^>]*>added: </span>84</ins>", response.text)
    found = page(client, COMPARED)
    point = "art_1__para_2__point_a"
    assert f"{DOCUMENT}?version=1#{point}" in found.links and f"{DOCUMENT}#{point}" in found.links, "each side leads into its own version"
    assert f"{DOCUMENT}#art_2" in found.links and f"{DOCUMENT}?version=1#art_2" not in found.links


def test_versions_are_compared_with_each_other(client: FlaskClient) -> None:
    found = page(client, f"/compare?a={RESOLUTION.id}%401&b={RESOLUTION.id}%402&view=all")
    assert "61" in found.text and "62" in found.text and "84" not in found.text
    swapped = f"/compare?a={RESOLUTION.id}%402&b={RESOLUTION.id}%401&view=all"
    assert swapped in found.links


def test_a_clause_of_a_version_finds_what_it_became(client: FlaskClient) -> None:
    response = client.get(f"/compare?a={RESOLUTION.id}%401%23art_1&b={RESOLUTION.id}")
    assert response.headers["Location"] == f"/compare?a={RESOLUTION.id}%401%23art_1&b={RESOLUTION.id}%23art_1"
    response = client.get(f"/compare?a={RESOLUTION.id}%23art_1&b={RESOLUTION.id}%402")
    assert response.headers["Location"] == f"/compare?a={RESOLUTION.id}%23art_1&b={RESOLUTION.id}%402%23art_1"


def test_the_other_versions_are_offered_for_comparing(client: FlaskClient) -> None:
    offered = page(client, f"/compare?a={RESOLUTION.id}").links
    assert f"/compare?a={RESOLUTION.id}&b={RESOLUTION.id}%402" in offered
    offered = page(client, f"/compare?a={RESOLUTION.id}%402").links
    assert f"/compare?a={RESOLUTION.id}%402&b={RESOLUTION.id}" in offered
    assert f"/compare?a={RESOLUTION.id}%402&b={RESOLUTION.id}%401" in offered
    assert f"/compare?a={RESOLUTION.id}%402&b={RESOLUTION.id}%402" not in offered


def test_comparisons_that_are_kept_are_not_mixed_up(client: FlaskClient) -> None:
    """A version must not be taken for the document, nor one version for another."""
    for number, old in ((1, "61"), (2, "62"), (1, "61")):
        shown = client.get(f"/compare?a={RESOLUTION.id}%40{number}&b={RESOLUTION.id}").text
        assert re.findall(r"</span>(\d\d)</del>", shown) == [old]
    assert "</del>" not in client.get(f"/compare?a={RESOLUTION.id}&b={RESOLUTION.id}").text


def test_the_api_has_versions_and_comparisons(client: FlaskClient) -> None:
    listed = client.get(f"/api/v1/documents/{RESOLUTION.id}/versions").json
    assert listed is not None
    assert [one["number"] for one in listed["versions"]] == [2, 1]
    assert client.get(listed["versions"][0]["url"]).status_code == 200
    whole = client.get(f"/api/v1/documents/{RESOLUTION.id}/versions/1").json
    some = client.get(f"/api/v1/documents/{RESOLUTION.id}/versions/1?n=2&offset=1").json
    assert whole is not None and some is not None
    assert whole["total"] == some["total"] == len(whole["clauses"])
    assert some["clauses"] == whole["clauses"][1:3]
    compared = client.get(f"/api/v1/compare?a={RESOLUTION.id}%401&b={RESOLUTION.id}").json
    assert compared is not None
    assert (compared["a"]["version"], compared["b"]["version"]) == (1, None)
    by_state = {pair["state"]: pair for pair in compared["pairs"]}
    assert by_state["added"]["right"]["eid"] == "art_2" and by_state["added"]["left"] is None
    changed = by_state["changed"]
    assert [changed["left"]["text"][start:end] for start, end in changed["left"]["differing"]] == ["61"]
    assert [changed["right"]["text"][start:end] for start, end in changed["right"]["differing"]] == ["84"]
    everything = client.get(f"/api/v1/compare?a={RESOLUTION.id}%401&b={RESOLUTION.id}&view=all").json
    assert everything is not None and everything["total"] == sum(compared["counts"].values()) > compared["total"]


# --- over a real index -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def changed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Rewritten:
    return rewritten(samples, tmp_path_factory)


def test_a_rewritten_file_leaves_a_version_to_read_and_compare(changed: Rewritten) -> None:
    client = create_app(changed.settings).test_client()
    address = f"/documents/{changed.document}"
    assert changed.added in client.get(address).text and changed.added not in client.get(f"{address}?version=1").text
    html = client.get(f"/compare?a={changed.document}@1&b={changed.document}&lang=en").text
    assert changed.added in html and "<ins>" in html
    found = client.get(f"/search?q={changed.added}").text
    assert f"/documents/{changed.document}?q=" in found, "what is said now is found"
    failed = client.get("/status").text
    assert changed.failed in failed
