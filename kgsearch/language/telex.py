"""Vietnamese that was typed while no input method was on: raw Telex ("ddaauf tuw coong") and raw VNI ("d9a6u2 tu7").

The keys are read as an input method would have read them, but first it is asked what the letters as typed can be: a word of the
corpus, a syllable without marks, a code or an address is left alone. Some raw typing is English or a code as well ("been", "tax",
"quan1"): alone it is left too, and decoded only in the company of syllables that can be nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from kgsearch.language.fold import fold
from kgsearch.language.keystrokes import read_telex, read_vni
from kgsearch.language.syllables import is_unmarked_syllable


class Change(NamedTuple):
    """``meant`` for the letters ``typed``, which stand in the range of characters ``[start, end)`` of the text as typed."""

    typed: str
    meant: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text as it was meant, and in order what was changed in it for that."""

    text: str
    changes: tuple[Change, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was decoded; without it ``text`` is the text as typed."""
        return bool(self.changes)


_KEYS_ALONE = 2


def decode_typing(text: str, is_word: Callable[[str], bool]) -> Decoded:
    """``text`` with its syllables in raw Telex or raw VNI as they were meant, everything else as it is.

    ``is_word`` says whether a lower-case syllable without marks is a word of the corpus. What is one is left, nor is anything touched
    that has marks or is part of a number, a code or an address. Two exceptions, only in the company of sure raw typing: ten words
    that are English and the keys of very common syllables ("gif": gì), and a word with a footnote's figure glued to it ("cao1").
    The time is linear in the length of ``text``.
    """
    pieces = list(_pieces(text))
    changes: list[Change] = []
    for read in (_read_telex, _read_vni):
        readings = [read(piece, is_word) for piece in pieces]
        company = Counter(reading.likelihood for reading in readings)
        changes += (reading.change for reading in readings if reading.change and _is_believed(reading.likelihood, company))
    if len(pieces) == 1:
        # Alone, one key that is no letter of the syllable may be a name's or a code's ("nanj", "d9a").
        changes = [change for change in changes if len(change.typed) >= len(fold(change.meant)) + _KEYS_ALONE]
    changes.sort(key=lambda change: change.start)
    parts, position = [], 0
    for change in changes:
        parts += [text[position : change.start], change.meant]
        position = change.end
    return Decoded("".join([*parts, text[position:]]), tuple(changes))


# --- The parts of a text that can be raw typing --------------------------------------------------------------------------------

_CHUNK = re.compile(r"\S+")
_PIECE = re.compile(r"[^,;:!?()\[\]{}<>\"'“”‘’«»…–—]+")
_PLAIN = re.compile("[A-Za-z][A-Za-z0-9]*")
_JOINT = re.compile("[-/]")
_EDGES = "-+.*/&"


class _Piece(NamedTuple):
    """A run of letters and digits from ``start``; ``joined`` to others by hyphens or strokes, as in codes; ``plain`` where it can be
    raw typing: letters a to z first, no sign within that only addresses have; ``acronym`` where it is all that is in capitals."""

    text: str
    start: int
    joined: bool
    plain: bool
    acronym: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _pieces(text: str) -> Iterator[_Piece]:
    shouted = text.isupper()
    for chunk in _CHUNK.finditer(text):
        yield from _pieces_of(chunk, shouted=shouted)


def _pieces_of(chunk: re.Match[str], *, shouted: bool) -> Iterator[_Piece]:
    address = "@" in chunk[0] or "://" in chunk[0]
    for match in _PIECE.finditer(chunk[0]):
        core = match[0].strip(_EDGES)
        if not core:
            continue
        start = chunk.start() + match.start() + match[0].index(core)
        runs = _JOINT.split(core)
        plain = not address and all(run.isalnum() for run in runs)
        for run in runs:
            yield _Piece(run, start, len(runs) > 1, plain and _PLAIN.fullmatch(run) is not None, run.isupper() and not shouted)
            start += len(run) + 1


# --- What a part is by itself ----------------------------------------------------------------------------------------------------


class _Likelihood(Enum):
    """What a piece tells of the way a text was typed."""

    SURE = 1  # raw typing, and nothing else
    POSSIBLE = 2  # reads as raw typing, and is no word that is known
    FOREIGN = 3  # reads as raw typing, but is an English word, a loan word or the look of a code
    NEUTRAL = 4  # is typed so in any way: a syllable without marks, a word of the corpus, a number
    AGAINST = 5  # does not read as raw typing, or has its marks


class _Reading(NamedTuple):
    likelihood: _Likelihood
    change: Change | None = None


_NEUTRAL = _Reading(_Likelihood.NEUTRAL)
_AGAINST = _Reading(_Likelihood.AGAINST)


# In a text that is surely raw typing about a syllable in ten looks English, in VNI about half look like a word with a number.
_FOREIGN_FOR_EACH_LIKELY = 3


def _is_believed(likelihood: _Likelihood, company: Counter[_Likelihood]) -> bool:
    """Whether a piece of this likelihood is raw typing in a text whose pieces, itself among them, are of these."""
    if likelihood is _Likelihood.SURE:
        return True
    sure, foreign, against = company[_Likelihood.SURE], company[_Likelihood.FOREIGN], company[_Likelihood.AGAINST]
    likely = sure + company[_Likelihood.POSSIBLE]
    if (sure > 0 or likely > 1) and likely > against and _FOREIGN_FOR_EACH_LIKELY * likely >= foreign:
        return True
    # Alone among syllables without marks it is a slip at worst, and without its keys the syllable that was meant.
    return likelihood is _Likelihood.POSSIBLE and company.total() > 1 and likely > against + foreign


# Letters that follow each other in raw Telex and hardly ever in English.
_NO_ENGLISH = re.compile(
    r"""
      ^dd [a-z]{2}                                    # đ: ddaats
    | ^ngh? | ^(?:kh|nh) (?: [a-z]{3} | [a-z]+[fxj] ) # ngaan, khoong, nhaf
    | [a-z]{2} aa | aa [a-z]* [fsrxj]                 # phaan, caanf
    | [a-z] uw [a-z] | [a-z] uow | [ou]aw | (?<!q) [iyu]ee | uoo  # ddwowngf, huowng, hoawcj, tieen, buoon
    | aw (?: ng | [cmpt] ) | ee (?: [cn]h | u ) | oo (?: ng | [ci] )  # bawng, beenhj, coong, tooi
    | (?: ee | oo | ow ) [imnu] g? [fxj] | [^aeiouy]{2} w (?: ng | [aciu] ) [fsrxj]  # tooif, nhwngx
    | [aeiouyw]{2} [imnpt] j $ | [aeiouyw] (?: ng | nh | c | ch ) j $ | [aeiouyw] [cmnpt] j $  # luaatj
    | ng [fx] $ | nh [fsrx] $ | [fxj] (?: ng | nh ) $   # hangf, canhr, tifnh
    """,
    re.VERBOSE,
)
# A hat typed after other letters, a tone typed over another: input methods allow it, people seldom do, English has it often. And
# consonants with a w: the abbreviation of an agency as soon as ư ("tw").
_ROUNDABOUT = re.compile(r"([aeo])(?!\1)[a-z]+\1|[aeiouyw][a-z]*[fsrxj][a-z]*[fsrxj]|^[^aeiouy]+w$")
# These are loan words in Vietnamese itself: a text in raw Telex has them as they are.
_LOANS = frozenset(("bus", "co2", "gas", "gis", "oxi", "so2", "sofa", "taxi", "visa"))
# gì, có, cơ, cả, đó, mã, sẽ, sĩ, tế, hải: so common that a corpus which holds the English word too must not keep a raw text from them.
_COMMON_AS_KEYS = frozenset(("gif", "cos", "cow", "car", "ddos", "max", "sex", "six", "tees", "hair"))
# In capitals by habit, so not by the letters alone.
_LONGEST_ACRONYM = 4
# The commonest English words that read as keys. One that is missing is no more than POSSIBLE, so its company decides.
_ENGLISH = """
arm as aux ax bangs bar barn bats bays bee beef been beeps beer beets best bets bias bins bis bits boar boast boats boo boom booms
boon boong boons boor boost boots bore born bos bots bow bows box buf bums buns burn bust busy buts buys cams cans caps car cast cats
chair chaos char charm chats cheer chest chins chips choir chops chore chose chosen chow chown chums churn coast coats conf conj coon
coons coops coos cops core corn cost cots cows cox cups cur cus cuts dad dads dams darn dawn dawns days ddos deed deeds deem deems
deer def dens deps dest did didn dims dins dips dir dis dist docs dods doer does doesn dons doom dooms door dorm dose dost dots dow
down downs dud duds duns dups dust ees eos er ex gangs gaps gar gasp gays gif gins goats goer goes goo goof goon goong goons gore gots
gown gowns gums guns gust guts guys hair hams hangs harm has hasn hast hats hawk hawks hays hems hens her hero hex hips his hits hoar
hoary hoax hoes hoops hoots hops horn hose host how hows hums huns huts if ins is ism isn its keen keeps kern kins kir kits lair lams
laos laps las last lats lawn lawns lax lays lee lens lest lets lex liar lips lisa lisp list lits loaf loans loas longs loom looms loon
loong loons loops loos loots lops lore loren lose lost lots low lows luis lungs lust lux macs mans maps mar mast mats max maxi mays
mees meets mens mets mins mism mist mix moans moats moms moo moon moong moons moor moos mops more morn most mots mow mows mums mus
must mux naan naans nans nays nest nets ngos nips nits noes noon noons nor norm nose now nows nox nuns nuts nux oar oast oats of oops
ops or ore own owns ox oxen pair pans par parm pas past pats pawn pawns pax pays pee peeps peer pens per perm pest pets pins pips pis
pits pix poor poos pops pore porn pos pose post pots pow pox puns pups pus puts quasi queen queens queer quest quits rams rans raps
rasp rats rays reef ref rems reps rest rets rex rims rips rist roar roast rocs roof room rooms roos roost roots rosa rose rosen rots
row rows rums rungs runs rust ruts sans saps sari sas sawn sax says see seem seems seen seeps seer sees sets sex sims sins sips sir
sis sits six soaps soar songs soon soong sops sore sown sows sox sums suns sups sus sys tans taps tar taro tax tee teen teens term
test tex thats thee thins this thor thorn those tips toast toes toms tons too toon toong toons tops tor tore torn tots tow town towns
tows tox trams trans traps trays tree trees trims trips trix troops trots trow trust tuns turn tux twas ups uri urn us usa vans var
vary vast vats vax vee veer vest vets vias vis voom vor vow vows vox war was wax wis won worm worn wow wows xis xoong xor
"""
_FOREIGN = frozenset(_ENGLISH.split())
_LETTERS = re.compile("[A-Za-z]+")
# Letters without a vowel, with the keys of đ among them: BĐS, ĐKKD, GDĐT.
_CONSONANTS = re.compile("[b-df-hj-np-tv-xz]{2,}", re.IGNORECASE)
_TELEX_STROKE = re.compile("([dD])[dD](?![dD])")
_VNI_STROKE = re.compile("([dD])9")
_SHORTEST_SURE_ACRONYM = 4


def _read_telex(piece: _Piece, is_word: Callable[[str], bool]) -> _Reading:
    typed = piece.text
    if not piece.plain or _LETTERS.fullmatch(typed) is None:
        return _NEUTRAL if typed.isascii() else _AGAINST
    keys = typed.lower()
    known = is_word(keys) and keys not in _COMMON_AS_KEYS
    if keys in _LOANS or known or (is_unmarked_syllable(keys) and "oo" not in keys):
        return _NEUTRAL
    meant = read_telex(typed)
    if meant is None:
        return _read_acronym(piece, _TELEX_STROKE, is_word)
    change = Change(typed, meant, piece.start, piece.end)
    if _NO_ENGLISH.search(keys) and keys not in _FOREIGN and not is_word(keys):
        return _Reading(_Likelihood.SURE, change)
    if piece.joined:
        return _AGAINST
    acronym = len(keys) <= 2 or (piece.acronym and len(keys) <= _LONGEST_ACRONYM)
    foreign = acronym or keys in _FOREIGN or is_word(keys) or _ROUNDABOUT.search(keys)
    return _Reading(_Likelihood.FOREIGN if foreign else _Likelihood.POSSIBLE, change)


def _read_acronym(piece: _Piece, stroke: re.Pattern[str], is_word: Callable[[str], bool]) -> _Reading:
    """What has no vowel can still be typed with đ: "hddnd", "07/2017/qdd-ubnd"."""
    typed = piece.text
    unmarked, strokes = stroke.subn(r"\1", typed)
    if strokes and _CONSONANTS.fullmatch(unmarked) and is_word(unmarked.lower()):
        meant = stroke.sub(lambda match: "Đ" if match[1] == "D" else "đ", typed)
        sure = len(typed) >= _SHORTEST_SURE_ACRONYM - piece.joined
        return _Reading(_Likelihood.SURE if sure else _Likelihood.FOREIGN, Change(typed, meant, piece.start, piece.end))
    return _NEUTRAL if typed.isupper() else _AGAINST


# A digit before a letter is no number behind a word, as "quan1" and "khu7" have it.
_DIGIT_WITHIN = re.compile("[a-z][0-9]+[a-z]", re.IGNORECASE)
_WITHOUT_DIGITS = str.maketrans("", "", "0123456789")
_NUMBERED = re.compile("([a-z]+)[0-9]")
# What is counted with a figure, which may be glued to it.
_LABELS = """
ap ban bai bang bieu cap cau chuong dieu doi dot hang khoa khoan khu ky lo loai lop mau muc nhom phan phuong quan quy so tang thon thu to
tuan tuyen vong vung xa xom
"""
_COUNTED = frozenset(_LABELS.split())


def _read_vni(piece: _Piece, is_word: Callable[[str], bool]) -> _Reading:
    typed, keys = piece.text, piece.text.lower()
    if not typed.isascii():
        return _AGAINST
    letters = keys.translate(_WITHOUT_DIGITS)
    if letters in ("", keys):
        typed_so = not letters or typed.isupper() or is_word(keys) or is_unmarked_syllable(keys)
        return _NEUTRAL if typed_so else _AGAINST
    meant = read_vni(typed) if piece.plain and not piece.joined and keys not in _LOANS else None
    if meant is None:
        return _read_acronym(piece, _VNI_STROKE, is_word) if piece.plain and not is_word(keys) else _NEUTRAL
    change = Change(typed, meant, piece.start, piece.end)
    if is_word(keys):
        # Where a footnote's figure is glued to a word ("báo cáo1") the corpus knows what is none.
        return _Reading(_Likelihood.FOREIGN, change) if is_word(letters) else _NEUTRAL
    if _DIGIT_WITHIN.search(keys):
        return _Reading(_Likelihood.SURE, change)
    numbered = _NUMBERED.fullmatch(keys)
    code = numbered and (len(letters) == 1 or letters in _COUNTED)
    return _Reading(_Likelihood.FOREIGN if code else _Likelihood.POSSIBLE, change)
