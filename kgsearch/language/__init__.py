"""Vietnamese: one spelling, folding, syllables, words, and the analysis that index and query share. Pure functions.

Importing this loads no model: pyvi's is read when `segment` first meets Vietnamese text with marks.
"""

from kgsearch.language.analysis import ANALYSIS_VERSION, Analysis, analyse, code_key, fields, syllable_key, syllable_keys
from kgsearch.language.fold import fold, fold_syllable
from kgsearch.language.normalise import clean, has_marks, nfc, normalise_syllable, repair_numerals
from kgsearch.language.segment import segment
from kgsearch.language.tokenise import Token, codes, normalise, tokenise

__all__ = [
    "ANALYSIS_VERSION",
    "Analysis",
    "Token",
    "analyse",
    "clean",
    "code_key",
    "codes",
    "fields",
    "fold",
    "fold_syllable",
    "has_marks",
    "nfc",
    "normalise",
    "normalise_syllable",
    "repair_numerals",
    "segment",
    "syllable_key",
    "syllable_keys",
    "tokenise",
]
