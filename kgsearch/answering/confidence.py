"""How sure an answer is: one formula over what its reading says. All its constants stand here.

How much better the answer is than the best that says something else (``margin``), that it has a value of the kind asked for, and the
search's score tell most. The weights are those of a logistic regression with signs held, on 180 questions over documents of provinces and
ministries (50 of them unanswerable) and, weighing less, on two published collections whose questions were asked with their context and
without it (one of them XQuAD, CC BY-SA 4.0). ``other``, ``unnamed`` and ``first`` were set by hand afterwards, between what 600 questions
like the 180 and the two collections gave: learnt on those alone, the weights served questions of law worse and unseen ones no better.
"""

from __future__ import annotations

import math

from kgsearch.answering.reading.reader import Features

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
"""What stands for a value and its neighbourhood where no value can be recognised."""

BIAS = -6.5
WEIGHTS = {
    "own": 0.45,
    "context": 0.4,
    "order": 0.6,
    "marks": 0.75,
    "fit": 1.5,
    "lacks": -0.85,
    "near": 0.3,
    "cue": 0.75,
    "same": 0.6,
    "other": -3.0,
    "unnamed": -1.2,
    "first": 0.4,
    "search": 1.25,
    "margin": 1.4,
    "clear": 1.85,
}


def confidence(features: Features) -> float:
    """The share of answers with such ``features`` that are right, from 0 to 1."""
    untold = features.fit == 0.5
    margin = min(max(features.margin, 0.0), 1.0)
    values = {
        "own": features.own,
        "context": features.context,
        "order": min(1.0, features.order + features.runs / 2),
        # The share of what it covers that agrees in its marks too: "thu do" is not "thủ đô".
        "marks": min(1.0, features.marks / features.own) if features.marks and features.own else UNMARKED,
        "fit": UNTOLD if untold else features.fit,
        "lacks": float(features.fit == 0.0),
        "near": UNTOLD if untold else features.near,
        "cue": features.cue,
        "same": float(1.0 in (features.period, features.subject, features.bound)),
        "other": float(min(features.period, features.subject, features.bound) == 0.0),
        "unnamed": features.unnamed,
        "first": features.first,
        "search": min(features.search, MOST_SEARCH),
        "margin": margin,
        # Nothing else may say it because nothing says it.
        "clear": margin * features.context,
    }
    return 1 / (1 + math.exp(-BIAS - sum(weight * values[name] for name, weight in WEIGHTS.items())))
