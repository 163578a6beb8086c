"""Teaches what a question wants made of figures (rag/facets/wanted.py).

    python -m eval.question_forms        a minute on two cores

The questions are those that the answer scorer is taught by and, beside this file, 2,601 on the same
320 articles that want several figures or take one for granted, by eight authors who knew neither
the program nor its cases. Each is what its author says: one figure, a list, a comparison, what is
computed by a formula, or a premise. First each of four parts is told by weights of the others, no
subject in two of them, and what came of it is printed; then the weights of all are written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from rag.facets.wanted import WEIGHTS, Form, FormWeights, terms_of

NEWS = Path(__file__).parents[1] / "answer_scorer" / "news"
SEVERAL = Path(__file__).parent / "several"
_N_PARTS = 4
_LEAST_QUESTIONS = 6
"""That have a term. With 4 it is as good, and twice as large."""
_SCALE = 8.0
"""Of the tf-idf, beside a penalty of 1: with 4 and 3, 0.5 points less are told rightly."""
_FORMULAS = (
    (Form.SUM, r"[a-z](\+[a-z])+"),
    (Form.DIFFERENCE, r"[a-z](-[a-z])+"),
    (Form.TIMES, r"[a-z]/[a-z]"),
    (Form.SHARE, r"[a-z]/[a-z]\*100|100\*[a-z]/[a-z]"),
    (Form.CHANGE, r"\(([a-z])-([a-z])\)/[a-z]\*100"),
)
_STATED = {"list": Form.LIST, "compare": Form.COMPARISON}


def form_of(told: Mapping[str, Any]) -> Form | None:
    """What a question is, as its author says; None where that is nothing of these."""
    if told["kind"] == "premise":
        return Form.PREMISE
    if told["kind"] != "multi":
        return Form.ONE
    if told["form"] != "compute":
        return _STATED[told["form"]]
    formula = told.get("formula", "").replace(" ", "").lower()
    return next((form for form, shape in _FORMULAS if re.fullmatch(shape, formula)), None)


def read_forms() -> Iterator[tuple[str, str, Form]]:
    """The subject of each question, its text and its form."""
    for folder in (NEWS, SEVERAL):
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                told = json.loads(line)
                if form := form_of(told):
                    yield path.stem, told["question"], form


def fitted(texts: list[str], forms: NDArray[np.str_]) -> FormWeights:
    """The weights that some questions teach."""
    vectoriser = TfidfVectorizer(analyzer=terms_of, min_df=_LEAST_QUESTIONS, sublinear_tf=True)
    known = vectoriser.fit_transform(texts)
    model = LogisticRegression(C=1.0, max_iter=400).fit(_SCALE * known, forms)
    return FormWeights(
        {term: n for n, term in enumerate(vectoriser.get_feature_names_out())},
        vectoriser.idf_.astype(np.float32),
        (_SCALE * model.coef_.T).astype(np.float32),
        model.intercept_.astype(np.float32),
        tuple(map(Form, model.classes_)),
    )


def main() -> None:
    """Print how well it tells, and write the weights."""
    subjects, texts, told = zip(*read_forms(), strict=True)
    forms = np.array([form.value for form in told])
    order = {subject: n % _N_PARTS for n, subject in enumerate(sorted(set(subjects)))}
    part = np.array([order[subject] for subject in subjects])
    meant: Counter[tuple[str, str]] = Counter()
    for n in range(_N_PARTS):
        weights = fitted([t for t, p in zip(texts, part, strict=True) if p != n], forms[part != n])
        for at in np.flatnonzero(part == n):
            likely = weights.read(texts[at])
            meant[forms[at], max(likely, key=likely.__getitem__)] += 1
    for form in Form:
        row = {str(other): n for (own, other), n in meant.most_common() if own == form}
        print(f"{form}: {row.get(form, 0)} of {sum(row.values())}, told as {row}")
    fitted(list(texts), forms).save(WEIGHTS)
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
