"""Capitals turned into running text: "ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG" -> "Ủy ban nhân dân tỉnh Kiên Giang".

The document itself says how its names are written; where it does not, the rules of Nghị định 30/2020/NĐ-CP, Phụ lục II apply:
a name of an organ has a capital at its start and at each part of its field of work, a place name at every syllable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import pairwise

from kgsearch.parser.layout import is_capitals

_WORD = re.compile(r"[^\W_]++(?:[/.,-][^\W_]++)*+")
_WORDS_APART = re.compile(f"({_WORD.pattern})")
_LONGEST = 6
_NEAR = 8
"""How many characters before a word tell whether it begins a sentence."""

_PLACES = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "phường", "xã", "đảo")
# Organs whose name goes on with a field of work: "Bộ Khoa học và Công nghệ".
_FIELD_ORGANS = ("bộ", "sở", "cục", "vụ", "tổng cục", "ủy ban dân tộc")
_NAMES = {
    name.lower(): name
    for name in (
        "Việt Nam",
        "Trung ương",
        "Chính phủ",
        "Nhà nước",
        "Quốc hội",
        "Tổ quốc",
        "Thủ tướng",
        "Hội đồng nhân dân",
        "Ủy ban nhân dân",
        "Tỉnh ủy",
        "Thành ủy",
        "Huyện ủy",
        "Bộ trưởng",
        "Chủ tịch",
        "Phó Chủ tịch",
        "Phó Bí thư",
        "Bí thư",
        "Thường trực",
        "Giám đốc",
        "Phó Giám đốc",
        "Nghị quyết",
        "Quyết định",
        "Chỉ thị",
        "Kế hoạch",
        "Luật",
        "Đảng",
        "Covid-19",
    )
}
_NEW_TONES = {
    old: new
    for low, high in (("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"), ("oà oá oả oã oạ", "òa óa ỏa õa ọa"), ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"))
    for before, after in zip(low.split(), high.split(), strict=True)
    for old, new in ((before, after), (before.upper(), after.upper()), (before.capitalize(), after.capitalize()))
}
_OLD_TONE = re.compile(rf"(?<![qQ])(?:{'|'.join(_NEW_TONES)})(?![^\W\d_])")
_ABBREVIATED = {"UBND": "ỦY BAN NHÂN DÂN", "HĐND": "HỘI ĐỒNG NHÂN DÂN"}
_Key = tuple[str, ...]
Forms = Mapping[_Key, str]


def learn_forms(lines: Iterable[str], wanted: Iterable[str], organs: Iterable[str] = ()) -> Forms:
    """How what is in capitals is written in running text, its commonest form: sequences of two to six words of the texts ``wanted``,
    and the names ``organs`` whole, with what they begin with.

    Lines in capitals say nothing of it, nor does the start of a sentence of its first letter.
    """
    keys = frozenset(
        [key for text in wanted if is_capitals(text) for key in _keys(text)] + [key for organ in organs for key in _beginnings(organ)]
    )
    pairs = frozenset(key for key in keys if len(key) == 2)
    if not pairs:
        return {}
    found: list[tuple[_Key, str]] = []
    for line in lines:
        # Most lines hold no two neighbouring words of those wanted, which is soon seen.
        words = _WORD.findall(line.lower())
        if not (pairs.isdisjoint(pairwise(words)) or is_capitals(line)):
            _find(line, words, keys, found)
    forms: dict[_Key, str] = {}
    # The commonest comes first, and of equally common ones the one that the text has first.
    for (key, written), _count in Counter(found).most_common():
        if key not in forms and not is_capitals(written):
            forms[key] = written
    return forms


def _keys(text: str) -> Iterator[_Key]:
    """The sequences of two to six neighbouring words of a text, in small letters."""
    words = [word.lower() for word in _WORD.findall(text)]
    for start in range(len(words) - 1):
        yield from (tuple(words[start:end]) for end in range(start + 2, min(start + _LONGEST, len(words)) + 1))


def _beginnings(organ: str) -> Iterator[_Key]:
    """The sequences that an organ's name in capitals begins with and the whole name, in small letters; a long name has no known form."""
    name = _organ_text(organ)
    words = [word.lower() for word in _WORD.findall(name)]
    if len(words) <= _LONGEST and is_capitals(name):
        yield from (tuple(words[:end]) for end in range(2, len(words) + 1))


def _find(line: str, words: list[str], keys: Set[_Key], found: list[tuple[_Key, str]]) -> None:
    """Add to ``found`` how ``line``, whose ``words`` are given in small letters, writes the sequences ``keys``."""
    pieces = _WORDS_APART.split(line)
    if len(pieces) != 2 * len(words) + 1:
        return  # a letter whose small form is two characters
    for start, pair in enumerate(pairwise(words)):
        if pair not in keys or _starts_sentence(pieces[2 * start], start == 0):
            continue
        found.append((pair, "".join(pieces[2 * start + 1 : 2 * start + 4])))
        # What a sequence begins with is one of the sequences too.
        for end in range(start + 3, min(start + _LONGEST, len(words)) + 1):
            key = tuple(words[start:end])
            if key not in keys:
                break
            found.append((key, "".join(pieces[2 * start + 1 : 2 * end])))


def _starts_sentence(gap: str, is_first: bool) -> bool:
    """Whether a word that ``gap`` stands before, and that is perhaps the first of its line, begins a sentence."""
    before = gap[-_NEAR:].rstrip(" “\"'(-–*")
    return before.endswith((".", ":", "!", "?")) if before else is_first and len(gap) < _NEAR


def recase(text: str, forms: Forms) -> str:
    """``text`` in running form where it is in capitals, unchanged where it is not. The first letter is a capital."""
    if not is_capitals(text):
        return text
    words = list(_WORD.finditer(text))
    parts: list[str] = []
    index = copied = 0
    while index < len(words):
        length, written = _longest_form(words, index, forms)
        parts.append(text[copied : words[index].start()])
        parts.append(written)
        index += length
        copied = words[index - 1].end()
    parts.append(text[copied:])
    result = "".join(parts)
    return result[:1].upper() + result[1:]


def _longest_form(words: list[re.Match[str]], index: int, forms: Forms) -> tuple[int, str]:
    """How many words from ``index`` a known form covers, and that form; one word in small letters where none does."""
    for length in range(min(_LONGEST, len(words) - index), 1, -1):
        run = words[index : index + length]
        key = tuple(word.group().lower() for word in run)
        if " ".join(key) in _NAMES:
            return length, _NAMES[" ".join(key)]
        if key in forms and _same_gaps(run, forms[key]):
            return length, forms[key]
    word = words[index].group()
    if any(character.isdigit() for character in word) or re.fullmatch(r"[IVXLC]+", word):
        return 1, word
    return 1, _NAMES.get(word.lower(), word.lower())


def _same_gaps(run: list[re.Match[str]], form: str) -> bool:
    """Whether what stands between the words is the same as in the form, so that nothing printed is changed but its case."""
    source = run[0].string[run[0].start() : run[-1].end()]
    return source.lower() == form.lower()


def organ_name(text: str, forms: Forms) -> str:
    """An organ's name in capitals as it is written in running text; other text unchanged but for white space."""
    text = _organ_text(text)
    if not is_capitals(text):
        return text
    key = tuple(word.group().lower() for word in _WORD.finditer(text))
    known = forms.get(key)
    if known and known.lower() == text.lower():
        return known[:1].upper() + known[1:]
    return _by_rule(text)


def _organ_text(text: str) -> str:
    """An organ's name as printed, in one spelling and without abbreviations."""
    text = _modern(" ".join(text.split()))
    for short, whole in _ABBREVIATED.items():
        text = re.sub(rf"^{short}(?![^\W_])", whole, text)
    return text


def _modern(text: str) -> str:
    """An organ has one name, whether its u takes the tone ("ủy") or its y does ("uỷ"), and so for oa and oe."""
    return _OLD_TONE.sub(lambda match: _NEW_TONES[match[0]], text)


def _by_rule(text: str) -> str:
    lower = text.lower()
    for name, written in _NAMES.items():
        lower = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", written, lower)
    for place in _PLACES:
        lower = re.sub(rf"(?<!\w)({place}) (.+)$", lambda match: f"{match[1]} {_capitalised(match[2])}", lower)
    lower = re.sub(
        r"^((?:tỉnh|thành|huyện|quận) ủy) (.+)$", lambda match: f"{match[1]} {_capitalised(match[2])}", lower, flags=re.IGNORECASE
    )
    for organ in _FIELD_ORGANS:
        if lower.startswith(organ + " "):
            lower = organ + " " + re.sub(r"(^|\bvà |[-–,] )(\w)", lambda match: match[1] + match[2].upper(), lower[len(organ) + 1 :])
    return lower[:1].upper() + lower[1:]


def _capitalised(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in name.split())
