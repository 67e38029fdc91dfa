"""What a Vietnamese syllable may look like: which letters begin it, which follow, which tones they bear.

The rules of the spelling, with the rimes of loan words and names that documents hold ("moóc", "Đắk"). They say what can be a
syllable, not what is a word: that only a corpus can say.
"""

from __future__ import annotations

import re

from kgsearch.language.normalise import LONGEST_SYLLABLE, clean, place_tone, split_tones

_OPEN = """
a ai ao au ay âu ây e eo ê êu i ia iu iêu o oi ô ôi ơ ơi u ua ui ư ưa ưi ưu uôi ươi ươu y yêu oa oai oao oay oe oeo uê uơ uy uya uyu uây
"""
_SONOROUS = """
am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh êng im in inh iêm iên iêng om on ong oong ôm ôn ông ơm ơn um un ung ưm ưng
uôm uôn uông ươm ươn ương yêm yên yêng oam oan oang oanh oăm oăn oăng oen uân uâng uênh uyn uyên uynh
"""
_STOPPED = """
ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oc ooc op ot ôc ôp ôt ơp ơt uc up ut ưc ưt uôc uôt ươc ươp ươt
yêt oac oach oap oat oăc oăt oet uât uêch uyt uych uyp uyêt
"""
# After "qu", whose u is the glide: quỳnh, quýt.
_SONOROUS_AFTER_QU = frozenset(("ynh", "yu", "ya"))
_STOPPED_AFTER_QU = frozenset(("yt", "ych", "yp"))
_STOPPED_RIMES = frozenset(_STOPPED.split()) | _STOPPED_AFTER_QU
# Also "ăk", with a tone or without: "Đắk Lắk" is as often "Đăk Lăk".
_RIMES = frozenset([*_OPEN.split(), *_SONOROUS.split(), *_STOPPED.split(), "ăk"])
_STOP_TONES = frozenset("\u0301\u0323")
# Names of places (Bắc Kạn, Krông Nô) that keep to no rule.
_NAMES = frozenset(("kan", "krông", "plông", "prông"))

_ONSET = re.compile("ngh|ng|nh|ch|gh|gi(?=[aăâeêoôơuư])|kh|ph|qu|th|tr|[bcdđghklmnprstvx]|")
_FRONT = frozenset("eêiy")
_ONLY_BEFORE_FRONT = frozenset(("gh", "ngh"))
_NEVER_BEFORE_FRONT = frozenset(("c", "g", "ng"))
# "gi" before i is written with one: gì, gìn.
_G_WITH_I = frozenset(("i", "in"))
_WITHOUT_HATS = str.maketrans("ăâêôơưđ", "aaeooud")
_UNMARKED_NAMES = frozenset(name.translate(_WITHOUT_HATS) for name in _NAMES)
_UNMARKED_RIMES = frozenset(rime.translate(_WITHOUT_HATS) for rime in _RIMES | _SONOROUS_AFTER_QU | _STOPPED_AFTER_QU)


def is_syllable(text: str) -> bool:
    """Whether ``text`` is a well-formed Vietnamese syllable, in any case, Unicode form and placement of its tone.

    "Giải" and "hoà" are; "giat" is not, for want of a tone, nor is "cê", which is written with k.
    """
    if not 0 < len(text) <= LONGEST_SYLLABLE:
        return False
    bare, tones = split_tones(clean(text).lower())
    return len(tones) <= 1 and can_bear(place_tone(bare, ""), tones)


def can_bear(bare: str, tone: str) -> bool:
    """Whether the composed lower-case letters ``bare`` make a syllable with the combining mark ``tone`` ("" for none)."""
    if bare in _NAMES:
        return True
    onset, rime = _parts(bare)
    if rime in _STOPPED_RIMES and tone not in _STOP_TONES:
        return False
    if onset == "qu":
        return rime in _SONOROUS_AFTER_QU or rime in _STOPPED_AFTER_QU or (rime in _RIMES and rime[0] not in "uưo")
    return rime in _RIMES and _agree(onset, rime)


def is_unmarked_syllable(text: str) -> bool:
    """Whether the lower-case letters a to z of ``text`` can be a syllable typed without its marks ("giai", "duoc")."""
    if len(text) > LONGEST_SYLLABLE:
        return False
    _onset, rime = _parts(text)
    return rime in _UNMARKED_RIMES or text in _UNMARKED_NAMES


def _parts(bare: str) -> tuple[str, str]:
    onset = _ONSET.match(bare)
    length = onset.end() if onset else 0
    return bare[:length], bare[length:]


def _agree(onset: str, rime: str) -> bool:
    """Whether the letters of the onset are those that are written before the rime: k, gh, ngh before e, ê, i and y."""
    front = rime[0] in _FRONT
    if onset == "":
        return not rime.startswith("iê")  # written yê
    if onset == "k":
        return front or rime.startswith("ă")  # "Pắk", "Kắn" are names
    if onset in _NEVER_BEFORE_FRONT:
        return not front or (onset == "g" and rime in _G_WITH_I)
    return front or onset not in _ONLY_BEFORE_FRONT
