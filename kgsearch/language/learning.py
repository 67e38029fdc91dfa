"""Learning from a corpus: one pass over its documents gives all that the lexicon holds. Pure: texts come in, tables go out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from kgsearch.language import definitions, phrases, variants
from kgsearch.language.analysis import syllable_key
from kgsearch.language.bigrams import Bigrams, count
from kgsearch.language.normalise import LONGEST_SYLLABLE, clean, normalise_syllable
from kgsearch.language.tables import LexiconTables
from kgsearch.language.tokenise import tokenise

PHRASE_SYLLABLES = 400_000
"""From how many syllables phrases are learnt: those that are worth suggesting are met often in as many."""

QUESTION_SHARE = 50_000
"""Each of the phrases below is counted once in so many syllables."""

# What people ask and documents do not say: without it "đúng hay sai" would be read as "dùng hay sai", and "gì" be taken for a slip.
_QUESTIONS = """
ai|do ai|là ai|ai là|những ai|gì|là gì|cái gì|làm gì|những gì|gồm những gì|nào|nào là|thế nào|là thế nào|như thế nào|khi nào|lúc nào|bao giờ
bao lâu|trong bao lâu|bao nhiêu|là bao nhiêu|bao nhiêu tiền|mấy|ở đâu|đâu là|tại đâu|tại sao|vì sao|sao|ra sao|có không|không|hay không
được không|có được không|phải không|có phải không|đúng không|đúng hay sai|nào sau đây|nào dưới đây|sau đây là đúng|cho biết|xin hỏi
cho hỏi|hãy|tôi muốn|tôi cần|làm sao|cách nào|thủ tục gì|giấy tờ gì|trường hợp nào|cơ quan nào|điều nào|ngày nào|năm nào|khác gì
"""


class _Normalised(dict[str, str]):
    """Lower-case token -> the word that is counted for it; "" for what is none: anything with a digit, or longer than any word."""

    def __missing__(self, token: str) -> str:
        word = normalise_syllable(token) if len(token) <= LONGEST_SYLLABLE and not any(map(str.isdigit, token)) else ""
        key = syllable_key(word)
        self[token] = word if key.isascii() and key.isalpha() else ""
        return self[token]


class Learner:
    """Counts documents, one after the other; `tables` is what was learnt."""

    def __init__(self) -> None:
        self.syllables = 0
        self._normalised = _Normalised()
        self._tokens: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._runs: list[list[str]] = []
        self._phrase_syllables = 0
        self._definitions: list[list[tuple[str, str]]] = []

    def add(self, texts: Iterable[str]) -> None:
        """Count one document, given as the text of each of its clauses."""
        defined: list[tuple[str, str]] = []
        for text in texts:
            self._add_text(clean(text).lower())
            defined += definitions.definitions(text)
        if defined:
            self._definitions.append(defined)

    def _add_text(self, text: str) -> None:
        tokens = tokenise(text)
        found = [token.text for token in tokens]
        words = [self._normalised[token] for token in found]
        self._tokens.update(found)
        count(words, self._words, self._pairs)
        self.syllables += len(words)
        if self._phrase_syllables < PHRASE_SYLLABLES:
            self._phrase_syllables += len(words)
            # "kinh tế - xã hội" is one phrase, "thu hồi đất; bồi thường" are two.
            goes_on = (text[before.end : token.start].strip() in ("", "-", "–") for before, token in pairwise(tokens))
            self._runs += phrases.runs(zip(words, (True, *goes_on), strict=True)) if words else ()

    def tables(self) -> LexiconTables:
        """What was learnt from the documents so far."""
        self._add_questions()
        words = Counter({word: number for word, number in self._words.items() if word})
        marked = Bigrams.learn(words, self._pairs)
        folded = self._folded(words)
        keys = [syllable_key(word) for word in marked.words[1:]]
        shown = self._shown()
        return LexiconTables(
            marked=marked,
            folded=folded,
            keys=[folded.ids.get(key, 0) for key in keys],
            shown={number: shown[word] for number, word in enumerate(marked.words) if shown.get(word, word) != word},
            abbreviations=definitions.learn(self._definitions),
            variants=variants.learn(folded),
            phrases=list(self._phrases(shown)),
        )

    def _add_questions(self) -> None:
        times = -(-self.syllables // QUESTION_SHARE)
        for line in _QUESTIONS.split("\n"):
            for phrase in filter(None, line.split("|")):
                words = [self._normalised[token.text] for token in tokenise(phrase)]
                for _time in range(times):
                    count(words, self._words, self._pairs)

    def _folded(self, words: Mapping[str, int]) -> Bigrams:
        keys = {"": "", **{word: syllable_key(word) for word in words}}
        folded_words: Counter[str] = Counter()
        folded_pairs: Counter[tuple[str, str]] = Counter()
        for word, number in words.items():
            folded_words[keys[word]] += number
        for (first, second), number in self._pairs.items():
            folded_pairs[keys[first], keys[second]] += number
        return Bigrams.learn(folded_words, folded_pairs)

    def _shown(self) -> Mapping[str, str]:
        """Word -> how the corpus spells it most often."""
        spellings: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for token, number in self._tokens.items():
            if word := self._normalised[token]:
                spellings[word].append((number, token))
        return {word: max(found)[1] for word, found in spellings.items()}

    def _phrases(self, shown: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        counted = phrases.PhraseCounts()
        for run in self._runs:
            counted.count(run, self._pairs, phrases.LEAST_COUNT)
        for words in phrases.choose(counted.counts, phrases.LEAST_COUNT):
            yield " ".join(map(syllable_key, words)), " ".join(shown.get(word, word) for word in words)


def learn(documents: Iterable[Sequence[str]]) -> LexiconTables:
    """What is learnt from documents, each given as the texts of its clauses."""
    learner = Learner()
    for texts in documents:
        learner.add(texts)
    return learner.tables()
