from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from claim_samples import checked, checker_in

from rag.claim_check import ClaimChecker
from rag.cli.check_page import check_page

DRAFT = """The gauge at Tanner's Bridge peaked at 4.96 metres. <script>alert("7 & 8")</script>

The comet has a tail of 38 million kilometres."""


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClaimChecker]:
    with checker_in(tmp_path_factory.mktemp("library")) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(checker: ClaimChecker) -> str:
    return check_page(checked(checker, DRAFT), "a <b> draft")


class Seen(HTMLParser):
    """Ids, link targets and how many scripts a page has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            if name == "id":
                self.ids.add(value or "")
            if name == "href":
                self.targets.add((value or "").removeprefix("#"))


def test_words_of_the_draft_stay_text(page: str) -> None:
    assert Seen(page).scripts == 1
    assert "&lt;script&gt;alert(" in page
    assert "a &lt;b&gt; draft" in page


def test_every_figure_leads_to_its_evidence_and_back(page: str) -> None:
    seen = Seen(page)
    assert {"figure-1", "claim-1"} <= seen.ids
    assert seen.targets <= seen.ids
    assert len(seen.targets) == 2 * page.count('class="claim"')


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    assert "default-src &#x27;none&#x27;" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)


def test_the_value_of_the_article_is_marked(page: str) -> None:
    assert "peaked at <mark>4.86</mark> metres" in page
    assert "No article says anything of it." in page
