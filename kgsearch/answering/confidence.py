"""How sure an answer is: one formula over what its reading says. All its constants stand here.

How much better the answer is than the best that says something else (``margin``), that it has a value of the kind asked for, and that
nothing that the question names is missing around it tell most. The weights are those of a logistic regression with signs held, on 480
questions over documents of provinces and ministries (125 of them unanswerable), which also helped to make the rules.
"""

from __future__ import annotations

import math

from kgsearch.answering.reading import Features

THRESHOLD = 0.7
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

BIAS = -5.5
WEIGHTS = {
    "own": 0.8,
    "marks": 0.9,
    "fit": 2.0,
    "lacks": -1.7,
    "side": 1.4,
    "cue": 0.85,
    "other": -2.7,
    "unnamed": -2.2,
    "search": 0.15,
    "first": 0.45,
    "margin": 1.9,
    "clear": 1.8,
    "many": 2.0,
    "length": -1.1,
    "rarest": 0.2,
}


def confidence(features: Features) -> float:
    """The share of answers with such ``features`` that are right, from 0 to 1."""
    margin = min(max(features.margin, 0.0), 1.0)
    values = {
        "own": features.own,
        # The share of what it covers that agrees in its marks too: "thu do" is not "thủ đô".
        "marks": min(1.0, features.marks / features.own) if features.marks and features.own else UNMARKED,
        "fit": UNTOLD if features.fit == 0.5 else features.fit,
        "lacks": float(features.fit == 0.0),
        "side": features.side,
        "cue": features.cue,
        "other": float(min(features.period, features.subject, features.bound) == 0.0),
        "unnamed": features.unnamed,
        "search": min(features.search, MOST_SEARCH),
        "first": features.first,
        "margin": margin,
        # Nothing else may say it because nothing says it.
        "clear": margin * features.context,
        "many": features.many,
        "length": features.length,
        "rarest": features.rarest,
    }
    return 1 / (1 + math.exp(-BIAS - sum(weight * values[name] for name, weight in WEIGHTS.items())))
