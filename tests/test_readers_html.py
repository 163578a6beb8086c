from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.readers import html as html_reader
from rag.readers.html import HtmlReader
from rag.schema import Document

ARTICLES = Path(__file__).parent / "data" / "articles"
BODY = "<article><h1>Whale count rises</h1>" + "<p>Observers counted 1,254 whales.</p>" * 8


def read(page: str | bytes) -> Document:
    (document,) = HtmlReader().read(page.encode() if isinstance(page, str) else page, "/w.html")
    return document


def page(head: str = "", body: str = BODY) -> str:
    return (
        f"<!doctype html><html><head><title>Whales</title>{head}</head><body>{body}</body></html>"
    )


def test_a_saved_page() -> None:
    document = read((ARTICLES / "whales.html").read_bytes())
    info = document.info
    assert (info.title, info.publisher) == ("Whale count rises for a third year", "Example Times")
    assert (info.author, info.published) == ("Ann Ray", date(2021, 3, 4))
    assert document.text.split("\n")[1:] == [
        (
            "Observers counted 1,254 humpback whales off the cape last winter, 8% more than the "
            "year before, the marine institute said on Thursday."
        ),
        (
            "“It is the third rise in a row,” said Cy Poe, who led the count. The lowest count, "
            "611, dates from 1998."
        ),
        "Adults: 1,010",
        "Calves: 244",
        "The institute will count again in January. It has asked for $1.5 million to do so.",
    ]


LD = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:published_time" content="2021-03-04T10:00Z">', BODY),
        ('<meta name="DC.date.issued" content="2021-03-04">', BODY),
        ('<meta itemprop="datePublished" content="March 4, 2021">', BODY),
        (LD % '{"@type":"NewsArticle","datePublished":"2021-03-04T10:00:00+01:00"}', BODY),
        (LD % '{"@graph":[{"@type":"Person"},{"datePublished":"2021-03-04"}]}', BODY),
        (LD % "{broken" + '<meta name="pubdate" content="2021-03-04">', BODY),
        ("", BODY + '<time itemprop="datePublished" datetime="2021-03-04">today</time>'),
        ("", BODY + '<time pubdate datetime="2021-03-04">today</time>'),
        ("", BODY.replace("</h1>", "</h1><p>Published: 4 March 2021</p>")),
    ],
)
def test_a_stated_day_of_publication_is_read(head: str, body: str) -> None:
    assert read(page(head, body)).info.published == date(2021, 3, 4)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", BODY),
        ('<link rel="canonical" href="https://example.org/2019/05/06/whales">', BODY),
        ('<meta property="og:url" content="https://example.org/2019/05/06/whales">', BODY),
        ('<meta property="article:modified_time" content="2021-03-04">', BODY),
        ('<meta name="date" content="2021">', BODY),
        ('<meta name="date" content="03/04/2021">', BODY),
        ("", BODY + "<footer>© 2021 Example. Updated 2021-03-04.</footer>"),
        ("", BODY + '<img src="/2021/03/04/whale.jpg">'),
        ("", BODY + "<p>The last count was on March 4, 2021, when it rained all day long.</p>"),
        ("", BODY + '<aside><time datetime="2021-03-04">4 March</time> Other news</aside>'),
        (LD % '{"mentions":[{"datePublished":"2021-03-04"}]}', BODY),
    ],
)
def test_a_day_is_never_guessed(head: str, body: str) -> None:
    assert read(page(head, body)).info.published is None


def test_the_host_of_an_address_is_no_publisher() -> None:
    head = '<link rel="canonical" href="https://www.example.org/whales">'
    assert read(page(head)).info.publisher is None


def test_the_encoding_that_a_page_names_is_used() -> None:
    head = '<meta charset="iso-8859-7">'
    text = "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας. "
    document = read(page(head, f"<article><p>{text * 10}</p></article>").encode("iso-8859-7"))
    assert "Αθήνα" in document.text


def test_an_xml_declaration_does_not_disturb() -> None:
    declared = '<?xml version="1.0" encoding="utf-16"?>' + page()
    assert "1,254 whales" in read(declared).text


@pytest.mark.parametrize(
    "content",
    ["<html></html>", "<html><body><script>var a = 1</script></body></html>", "<div>" * 5000],
)
def test_a_page_without_an_article_is_refused(content: str) -> None:
    with pytest.raises(UnreadableFileError, match="no article text"):
        read(content)


END = "<p>The last count was 611.</p>"


@pytest.mark.parametrize(
    "middle",
    [
        "<div>" * 300 + "x" + "</div>" * 300,
        "<p>" + "<b>" * 300 + "x</p>",
        f"<p>{'word ' * 2_200_000}</p>",
        f'<img alt="{"x" * 11_000_000}">',
    ],
    ids=["blocks", "letters", "text", "attribute"],
)
def test_a_page_that_the_parser_leaves_unfinished_is_refused(middle: str) -> None:
    with pytest.raises(UnreadableFileError, match="end cannot be reached") as caught:
        read(page(body=BODY + middle + END))
    assert caught.value.hint


def test_a_page_that_holds_its_pictures_is_read_to_its_end() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 11_000_000}">'
    assert "611" in read(page(body=BODY + picture + END)).text


def test_a_page_of_endless_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_reader, "MAX_ELEMENTS", 50)
    with pytest.raises(UnreadableFileError, match="elements, more than 50"):
        read(page(body=BODY + "<br>" * 60))
    monkeypatch.setattr(html_reader, "MAX_MARKUP", 300)
    with pytest.raises(UnreadableFileError, match="characters, more than 300"):
        read(page())


@pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "rot13", "no-such"])
def test_a_charset_that_is_none_does_not_disturb(charset: str) -> None:
    text = page(f'<meta charset="{charset}">', BODY.replace("1,254 whales", "1,254 “whales”"))
    assert "1,254 “whales”" in read(text.encode("cp1252")).text
