"""How sure an answer is: one formula over what its reading says. All its constants stand here.

Of the features, how much better the answer is than the best that says something else (``margin``) and the search's score tell most.
The weights were set by hand and scaled so that the confidence is the share of right answers over three sets: questions of two published
collections, each asked with its context and without it (one of them XQuAD, CC BY-SA 4.0), and sentences of documents with a value and a
third of their words left out, asked with their document and without it.
"""

from __future__ import annotations

import math

from kgsearch.answering.reading import Features

THRESHOLD = 0.5
"""An answer that is less sure is not given."""

IN_HEAD = 0.97
"""Of what stands in the head or at the end of a document that the question names."""

IN_HEAD_BY_TITLE = 0.85
"""Of the same where only the document's title was named."""

MOST_SEARCH = 3.0
"""Search scores beyond this, as a multiple of the question's idf, say no more."""

UNMARKED = 0.8
"""What stands for the agreement of marks where the question has none."""

UNTOLD = 0.6
"""What stands for a value and its neighbourhood where no value can be recognised."""

BIAS = -5.87
WEIGHTS = {
    "own": 0.56,
    "context": 0.94,
    "order": 0.47,
    "around": 0.38,
    "marks": 0.47,
    "rarest": 0.14,
    "fit": 0.38,
    "near": 0.28,
    "side": 0.24,
    "same": 0.19,
    "other": -1.41,
    "search": 0.94,
    "margin": 1.65,
}


def confidence(features: Features) -> float:
    """The share of answers with such ``features`` that are right, from 0 to 1."""
    untold = features.fit == 0.5
    values = {
        "own": features.own,
        "context": features.context,
        "order": min(1.0, features.order + features.runs / 2),
        "around": features.context_order,
        # The share of what it covers that agrees in its marks too: "thu do" is not "thủ đô".
        "marks": min(1.0, features.marks / features.own) if features.marks and features.own else UNMARKED,
        "rarest": features.rarest,
        "fit": UNTOLD if untold else features.fit,
        "near": UNTOLD if untold else features.near,
        "side": UNTOLD if untold else features.side,
        "same": float(1.0 in (features.period, features.subject)),
        "other": float(min(features.period, features.subject) == 0.0),
        "search": min(features.search, MOST_SEARCH),
        "margin": min(max(features.margin, 0.0), 1.0),
    }
    return 1 / (1 + math.exp(-BIAS - sum(weight * values[name] for name, weight in WEIGHTS.items())))
