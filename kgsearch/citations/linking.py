"""Link a reference to what it leads to in the catalogue: a document, clauses of it, or several documents of which any may be meant.

What a reference looks for is told by `kgsearch.citations.sought`; the look-up is handed in. Nothing is guessed: what contradicts
excludes a document even where it is the only one, and what several documents fit stays ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from kgsearch.citations.find import THIS_ATTACHMENT, Form
from kgsearch.citations.name_keys import in_full, same_organ, unmarked
from kgsearch.citations.sought import Sought
from kgsearch.citations.typed import Path, components_of, names, spellings
from kgsearch.models import Address, LinkState, Reference

Linked = tuple[LinkState, tuple[Address, ...]]

MAX_CANDIDATES = 100
"""Documents that one ambiguous reference is kept with; the newest are."""

_MISSING: Linked = (LinkState.MISSING, ())


@dataclass(frozen=True, slots=True)
class Held:
    """A document of the catalogue, as far as linking asks. ``named_year`` is the year of the act that it is named after, ``place`` where
    it was issued."""

    id: str
    number_key: str
    name_key: str
    type: str
    issuer: str
    issued: date | None
    named_year: int | None
    place: str = ""

    @property
    def consolidated(self) -> bool:
        """Whether it is the consolidated text of an act, which has the act's name and a number of its own."""
        return "vbhn" in self.number_key.split("/")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is attached to a document: its place, its label ("Phụ lục I", "Quy chế"), how it is cited; ``annex``: a list or form."""

    eid: str
    label: str
    citation: str
    annex: bool


class Lookup(Protocol):
    """What linking needs of a catalogue; each is answered from an index."""

    def by_number(self, key: str, /) -> Sequence[Held]:
        """The documents with a number of this key."""

    def by_beginning(self, key: str, /) -> Sequence[Held]:
        """The documents whose number's key begins with this one and goes on ("43/2014": "43/2014/nd/cp")."""

    def by_name(self, key: str, /) -> Sequence[Held]:
        """The documents whose name has this key."""

    def cited(self, document_id: str, citation: str, /) -> Sequence[tuple[str, str]]:
        """(eId, citation) of the clauses of a document cited so."""

    def cited_from(self, document_id: str, citation: str, /) -> Sequence[tuple[str, str]]:
        """(eId, citation) of the clauses of a document whose citation begins so and goes on with a further component."""

    def ancestors(self, document_id: str, eid: str, /) -> Sequence[tuple[str, str]]:
        """(eId, citation) of a clause and those above it, itself first."""

    def attachments(self, document_id: str, /) -> Sequence[Attachment]:
        """What is attached to a document, in order."""


def link(reference: Reference, sought: Sought, citing: Held, lookup: Lookup) -> Linked:
    """What became of ``reference``, which stands in ``citing`` and looks for ``sought``, and its targets.

    Resolved: the clauses that it names, or the document whole where it names none or the document has none of them. Ambiguous: the
    documents that may be meant. Missing: nothing; also where it names a clause of its own document that there is not.
    """
    if sought.foreign:
        return _MISSING
    if sought.own:
        return _own(reference, citing, lookup)
    if _FOOTNOTE.search(reference.eid):
        # A footnote may have been added after the text: it tells of what changed it since.
        citing = replace(citing, issued=None)
    found = _by_number(sought, citing, lookup) if sought.number_key else _by_name(sought, citing, lookup)
    if not found:
        return _MISSING
    if len(found) > 1 or sought.several:
        return LinkState.AMBIGUOUS, tuple(Address(document.id) for document in found[:MAX_CANDIDATES])
    return LinkState.RESOLVED, _in_document(reference, sought, found[0].id, lookup)


_FOOTNOTE = re.compile(r"(?:^|__)fn_")


# --- which document -------------------------------------------------------------------------------------------------------

_FIGURE = re.compile(r"\d+[a-z]?")
_FIGURE_AND_YEAR = re.compile(r"\d+[a-z]?/(?:19|20)\d\d")


def keys_found_by(number_key: str) -> set[str]:
    """The keys of numbers under which a document may be looked for: its own, and what is left of it in brief mentions."""
    keys = {number_key}
    for pattern in (_FIGURE, _FIGURE_AND_YEAR):
        if match := re.match(rf"(?:{pattern.pattern})(?=/)", number_key):
            keys.add(match[0])
    return keys - {""}


def _by_number(sought: Sought, citing: Held, lookup: Lookup) -> list[Held]:
    key = sought.number_key
    found = list(lookup.by_number(key))
    if not found and sought.type and _FIGURE_AND_YEAR.fullmatch(key):
        found = [document for document in lookup.by_beginning(key) if unmarked(document.type) == sought.type]
    elif not found and sought.type and sought.issued and _FIGURE.fullmatch(key):
        # A figure alone is no number, but there is hardly a second of that type and day.
        found = [one for one in lookup.by_beginning(key) if unmarked(one.type) == sought.type and one.issued == sought.issued]
    found = [document for document in found if _may_be(document, sought, citing) and _of_day(document.issued, sought)]
    return [document for document in found if unmarked(document.type) == sought.type] or found


def _by_name(sought: Sought, citing: Held, lookup: Lookup) -> list[Held]:
    found = [document for document in lookup.by_name(sought.name_key) if _may_be(document, sought, citing)]
    if not (sought.year or sought.issued):
        return found
    # The act itself where it is there, else its consolidated text, if that says of which year's act it is.
    acts = [document for document in found if not document.consolidated and _of_day(document.issued, sought)]
    return acts or [document for document in found if document.consolidated and document.named_year == sought.year]


def _of_day(issued: date | None, sought: Sought) -> bool:
    """Whether a document's date does not contradict what is said of it."""
    if issued is None:
        return True
    return issued == sought.issued if sought.issued else sought.year in (None, issued.year)


def _may_be(document: Held, sought: Sought, citing: Held) -> bool:
    """Whether nothing but a date speaks against a document: it is no later than what cites it, and of the issuer that is named."""
    if document.id == citing.id:
        return True
    if document.issued and citing.issued and document.issued > citing.issued:
        return False
    issuer = in_full(unmarked(document.issuer))
    if sought.issuer and issuer and not same_organ(sought.issuer, issuer):
        return False
    return not _is_elsewhere(sought.issuer, issuer, citing)


_CENTRAL_CITIES = "ha noi|ho chi minh|hai phong|da nang|can tho|hue"
_PROVINCE = re.compile(rf"(?:^| )(?:tinh (?:uy |doan )?(?P<province>\S.*)|(?:thanh pho |tp\.? ?)?(?P<city>{_CENTRAL_CITIES}))$")
_LEVEL = re.compile(r"(?:^| )(huyen|quan|thi xa|thanh pho|xa|phuong|thi tran|dac khu)$")


def _is_elsewhere(stated: str, issuer: str, citing: Held) -> bool:
    """Whether what ``issuer`` issued is another place's, where the reference does not say which: "UBND tỉnh", "UBND huyện" or nothing.

    What another province issued is not what this province's organ cites so, nor is what another district did "của UBND huyện".
    """
    if _province(stated):
        return False
    own = in_full(unmarked(citing.issuer))
    here, there = _province(own) or _province_of_department(own, citing.place), _province(issuer)
    if here and there and here != there:
        return True
    level = _LEVEL.search(stated)
    if level is None:
        return False
    one, other = _name_after(level[1], own), _name_after(level[1], issuer)
    return bool(one and other) and not (one.startswith(other) or other.startswith(one))


def _province(organ: str) -> str:
    match = _PROVINCE.search(organ)
    return (match["province"] or match["city"]) if match else ""


def _province_of_department(organ: str, place: str) -> str:
    """A province's department ("Sở …") is called without the province, which is where it issues what it does."""
    if not organ.startswith("so "):
        return ""
    name = in_full(unmarked(place))
    return _province(name) or name


def _name_after(level: str, organ: str) -> str:
    return organ.partition(f" {level} ")[2]


# --- which clauses --------------------------------------------------------------------------------------------------------

_CONTAINERS = frozenset(["Phần", "Chương", "Mục", "Tiểu mục"])
_ATTACHED_BY_NUMBER = frozenset(["Phụ lục", "Mẫu"])
_WORD = re.compile(r"[^\W_]+")
_THIS_UNIT = re.compile(r"(?:^|\s)(tiết|điểm|khoản|Điều|Tiểu mục|Mục|Chương|Phần|Mẫu|Phụ lục) này$")


def _in_document(reference: Reference, sought: Sought, document_id: str, lookup: Lookup) -> tuple[Address, ...]:
    """The clauses of another document that a reference names, or that document whole."""
    whole = Address(document_id)
    tree = ""
    if sought.attached or reference.form == Form.ATTACHED or (reference.clauses and "kem theo" in unmarked(reference.text)):
        attached = _attachment_meant(reference, lookup.attachments(document_id))
        if attached is None:
            return (whole,)
        tree = attached.eid
    if not reference.clauses:
        return (Address(document_id, tree),)
    found = [_clauses(cited, document_id, tree, lookup) for cited in reference.clauses]
    return tuple(dict.fromkeys(Address(document_id, eids[0]) if len(eids) == 1 else whole for eids in found))


def _own(reference: Reference, citing: Held, lookup: Lookup) -> Linked:
    """What a reference of a document to itself leads to: it names a clause of the tree that it stands in.

    Where its own document has two clauses of the one name, either may be meant.
    """
    tree = _tree(reference.eid) if reference.document == THIS_ATTACHMENT else ""
    if not reference.clauses:
        if reference.document == THIS_ATTACHMENT and not tree:
            attached = _attachment_named(reference.text, lookup.attachments(citing.id))
            tree = attached.eid if attached else ""
        return LinkState.RESOLVED, (Address(citing.id, tree),)
    found = [_own_clauses(cited, reference.eid, citing.id, tree, lookup) for cited in reference.clauses]
    targets = tuple(dict.fromkeys(Address(citing.id, eid) for eids in found for eid in eids))
    if any(len(eids) > 1 for eids in found):
        return LinkState.AMBIGUOUS, targets
    return (LinkState.RESOLVED, targets) if targets else _MISSING


def _own_clauses(cited: str, eid: str, document_id: str, tree: str, lookup: Lookup) -> list[str]:
    """The eIds of the clauses that ``cited`` may name where it stands in ``eid``."""
    if own := _THIS_UNIT.search(cited):
        return _of_unit(cited[: own.start()].strip(), own[1].lower(), eid, document_id, lookup)
    found = _clauses(cited, document_id, tree, lookup)
    if not found and tree and _is_article(cited) and any(one.eid == tree and one.annex for one in lookup.attachments(document_id)):
        # An annex has no articles: "Điều 5" there is the document's; "mục 3" is not, it may be a column.
        found = _clauses(cited, document_id, "", lookup)
    return found or _in_article(cited, eid, document_id, lookup)


def _is_article(cited: str) -> bool:
    return [name for name, _number in components_of(cited)][-1:] == ["Điều"]


def _of_unit(rest: str, unit: str, eid: str, document_id: str, lookup: Lookup) -> list[str]:
    """The clauses ``rest`` of the article, annex … that ``eid`` stands in; that one itself where ``rest`` is ""."""
    annexes = unit in ("phụ lục", "mẫu")
    for above, citation in lookup.ancestors(document_id, eid):
        if _tree(above) == above if annexes else citation.lower().startswith(f"{unit} "):
            return _exactly(components_of(rest), document_id, above, citation, lookup) if rest else [above]
    return []


def _in_article(cited: str, eid: str, document_id: str, lookup: Lookup) -> list[str]:
    """ "khoản 2" without its article is of the article that it stands in."""
    path = components_of(cited)
    if not path or path[-1][0] not in ("khoản", "điểm", "tiết"):
        return []
    article = next((above for above in lookup.ancestors(document_id, eid) if above[1].startswith("Điều ")), None)
    return _exactly(path, document_id, article[0], article[1], lookup) if article else []


def _tree(eid: str) -> str:
    top = eid.partition("__")[0]
    return top if top.startswith("att_") else ""


def _attachment_meant(reference: Reference, attachments: Sequence[Attachment]) -> Attachment | None:
    """What is attached that a reference is of; where the clauses above it named that, the only one that has articles."""
    if "kem theo" not in unmarked(reference.text):
        regulations = [one for one in attachments if not one.annex]
        if len(regulations) == 1 and all(map(_is_article, reference.clauses)):
            return regulations[0]
    return _attachment_named(reference.text, attachments)


def _attachment_named(text: str, attachments: Sequence[Attachment]) -> Attachment | None:
    """What is attached that a text names by its label or the beginning of its name; the only one where it is called otherwise."""
    plain = f" {unmarked(text)} "
    regulations = [one for one in attachments if not one.annex] or list(attachments)
    named = [one for one in regulations if any(f" {begins} " in plain for begins in _beginnings(one))]
    candidates = named or (regulations if len(attachments) == 1 else [])
    return candidates[0] if len(candidates) == 1 else None


def _beginnings(attachment: Attachment) -> set[str]:
    return {unmarked(attachment.label), " ".join(unmarked(attachment.citation).split()[:2])} - {""}


def _clauses(cited: str, document_id: str, tree: str, lookup: Lookup) -> list[str]:
    """The eIds of the clauses of a document that ``cited`` may name: none, one, or several where the source repeats a number.

    ``tree`` is the eId of what is attached that it is looked for in, "" for the document's own clauses.
    """
    path = components_of(cited)
    if not path:
        return []
    if path[-1][0] in _ATTACHED_BY_NUMBER:
        annexes = [one for one in lookup.attachments(document_id) if _has_label(one, cited, path)]
        if len(path) == 1 or len(annexes) != 1:
            return [annex.eid for annex in annexes] if len(path) == 1 else []
        return _exactly(path[:-1], document_id, annexes[0].eid, annexes[0].citation, lookup)
    if tree:
        citation = next((one.citation for one in lookup.attachments(document_id) if one.eid == tree), "")
        return _exactly(path, document_id, tree, citation, lookup)
    return _exactly(path, document_id, "", "", lookup) or _in_container(path, document_id, lookup)


def _has_label(attachment: Attachment, cited: str, path: Path) -> bool:
    """Whether what is attached has the number of the largest component of ``path`` in its label, or at the beginning of its name."""
    if path[-1][0] == "Mẫu":
        # "Mẫu số 01/KHĐT" and "Mẫu số 01/TC" are two.
        return _figures(attachment.label) == _figures(cited[cited.find("Mẫu") :])
    begins = " ".join(_WORD.findall(attachment.citation)[:4])
    label = attachment.label if any(number for _name, number in components_of(attachment.label)) else begins
    own = components_of(label)
    return len(own) == 1 and bool(own[0][1]) and names(path[-1:], label, marked=True)


def _figures(label: str) -> str:
    return re.sub(r"^mau (?:so )?0*", "mau ", unmarked(label).strip(" .:"))


def _exactly(path: Path, document_id: str, tree: str, citation: str, lookup: Lookup) -> list[str]:
    """The eIds of the clauses below ``tree``, which is cited as ``citation``, whose citation is ``path`` and that one."""
    for spelling in spellings(path):
        cited_so = lookup.cited(document_id, f"{spelling} {citation}".strip())
        if found := [eid for eid, cited in cited_so if names(path, cited, marked=True) and _below(eid, tree)]:
            return found
    return []


def _in_container(path: Path, document_id: str, lookup: Lookup) -> list[str]:
    """The eId of the only clause that ``path`` names without the parts and sections that it stands in."""
    found: dict[str, None] = {}
    for spelling in spellings(path):
        for eid, cited in lookup.cited_from(document_id, spelling):
            above = components_of(cited)[len(path) :]
            if above and _below(eid, "") and names(path, cited, marked=True) and all(name in _CONTAINERS for name, _number in above):
                found[eid] = None
    return list(found) if len(found) == 1 else []


def _below(eid: str, tree: str) -> bool:
    return eid.startswith(f"{tree}__") if tree else not eid.startswith("att_")
