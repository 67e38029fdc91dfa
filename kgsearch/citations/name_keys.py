"""Names of acts and organs, and citations, in one spelling: what they are compared in, and the keys under which they are looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from kgsearch.citations.read import plain
from kgsearch.language import fold

_ABBREVIATED = (
    (re.compile(r"(?<![\w/-])(?<![/-] )ubnd(?!\w)"), "uy ban nhan dan"),
    (re.compile(r"(?<![\w/-])(?<![/-] )hdnd(?!\w)"), "hoi dong nhan dan"),
    (re.compile(r"(?<![\w/-])(?<![/-] )tp(?:\.|(?!\w))"), "thanh pho "),
    (re.compile(r"(?<![\w/-])(?<![/-] )ttg(?:cp)?(?!\w)"), "thu tuong chinh phu"),
)
_WORD = re.compile(r"[^\W_]+")
_CONSTITUTION = "hien phap"
_BEGINS_LAW = re.compile(r"(?<!\w)(?:bo luat|luat|phap lenh|hien phap)(?!\w)")
_TITLE = re.compile(
    r"^(?:(?:ban |lien )?(?:bo truong|chu tich|pho chu tich|thuong truc|thuong vu|chu nhiem|tong giam doc|giam doc|thong doc"
    r"|vien truong|chanh an|tong kiem toan|tong thanh tra|cac|lien)\s+)+"
)
_BETWEEN = re.compile(r"\s*(?:[-–,;&.()]|\bva\b)\s*")
_MOST_LAWS = 20
_LONGEST_NAME = 60


def unmarked(text: str) -> str:
    """Plain text without any marks: what is typed without them has no đ either."""
    return plain(text).replace("đ", "d")


def in_full(text: str) -> str:
    """Unmarked text with the organs' abbreviations written out."""
    for pattern, words in _ABBREVIATED:
        text = pattern.sub(words, text)
    return " ".join(text.split())


def citation_key(citation: str) -> str:
    """The form under which a clause's citation is looked up: without marks, lower-case, single-spaced."""
    return " ".join(" ".join(map(_folded, citation.split())).split())


# Citations are made of few words, and every clause has one.
_folded = lru_cache(maxsize=1 << 12)(fold)


def name_key(name: str) -> str:
    """The key under which a name is looked up: words in small letters without marks ("Luật Đầu tư công": "luat dau tu cong")."""
    return _key(_WORD.findall(in_full(unmarked(name))))


def law_keys_in(text: str) -> list[str]:
    """The keys of all that may be the name of a law in ``text``: where the words after "Luật", "Bộ luật" … end it, no one can tell."""
    written = in_full(unmarked(text))
    keys: dict[str, None] = {}
    for match in list(_BEGINS_LAW.finditer(written))[:_MOST_LAWS]:
        words = _WORD.findall(written, match.start())[:_LONGEST_NAME]
        keys.update((_key(words[:length]), None) for length in range(2, len(words) + 1))
    return list(keys)


def _key(words: list[str]) -> str:
    key = " ".join(words)
    # There is one, and it is hardly ever called by its whole name.
    return _CONSTITUTION if key.startswith(f"{_CONSTITUTION} ") else key


def same_organ(stated: str, issuer: str) -> bool:
    """Whether two names of an organ, written out, may be one organ's: one is part of the other ("UBND tỉnh"), or short for it."""
    one, other = (" ".join(_BETWEEN.sub(" ", _TITLE.sub("", organ)).split()) for organ in (stated, issuer))
    return f" {one} " in f" {other} " or f" {other} " in f" {one} " or _abbreviates(one.split(), other.split())


def _abbreviates(short: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each word of ``short`` is the next of ``words`` or the initials of some ("bo gddt": "bo giao duc dao tao")."""
    position = 0
    for word in short:
        initials = "".join(following[0] for following in words[position : position + len(word)])
        if words[position : position + 1] == [word]:
            position += 1
        elif len(word) > 1 and initials == word:
            position += len(word)
        else:
            return False
    return position == len(words)
