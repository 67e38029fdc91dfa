"""How sure an answer is: one formula over what its reading says. All its constants stand here.

How much better the answer is than the best that says something else (``margin``), that it has a value of the kind asked for, and that
nothing that the question names is missing around it tell most. The weights are those of a logistic regression with signs held, on 600
questions over documents of provinces and ministries (155 of them unanswerable): 480 that helped to make the rules, and 120 written after
them that count three times.
"""

from __future__ import annotations

import math

from kgsearch.answering.reading import Features

THRESHOLD = 0.65
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
"""What stands for a value where none can be recognised."""

BIAS = -6.8
WEIGHTS = {
    "own": 1.05,
    "order": 0.35,
    "marks": 2.3,
    "fit": 1.65,
    "lacks": -1.55,
    "side": 0.85,
    "cue": 1.05,
    "same": 0.4,
    "other": -3.0,
    "unnamed": -2.2,
    "search": 0.4,
    "first": 0.55,
    "margin": 1.6,
    "clear": 1.4,
    "many": 1.3,
    "length": -0.35,
}


def confidence(features: Features) -> float:
    """The share of answers with such ``features`` that are right, from 0 to 1."""
    margin = min(max(features.margin, 0.0), 1.0)
    values = {
        "own": features.own,
        "order": min(1.0, features.order + features.runs / 2),
        # The share of what it covers that agrees in its marks too: "thu do" is not "thủ đô".
        "marks": min(1.0, features.marks / features.own) if features.marks and features.own else UNMARKED,
        "fit": UNTOLD if features.fit == 0.5 else features.fit,
        "lacks": float(features.fit == 0.0),
        "side": features.side,
        "cue": features.cue,
        "same": float(1.0 in (features.period, features.subject, features.bound)),
        "other": float(min(features.period, features.subject, features.bound) == 0.0),
        "unnamed": features.unnamed,
        "search": min(features.search, MOST_SEARCH),
        "first": features.first,
        "margin": margin,
        # Nothing else may say it because nothing says it.
        "clear": margin * features.context,
        "many": features.many,
        "length": features.length,
    }
    return 1 / (1 + math.exp(-BIAS - sum(weight * values[name] for name, weight in WEIGHTS.items())))
