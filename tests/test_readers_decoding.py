from __future__ import annotations

import bz2
import codecs
import contextlib
import gzip
import time

import pytest

from rag.errors import UnreadableFileError
from rag.readers.decoding import decode

ENGLISH = "The café’s prices rose 3% – “far too much,” said Ann Ray. The fee is £5."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_text_comes_back_as_written(encoding: str) -> None:
    assert decode(ENGLISH.encode(encoding)) == ENGLISH


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf_16_without_a_mark_is_detected(order: str) -> None:
    assert decode(ENGLISH.encode(f"utf-16-{order}")) == ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "El Niño and La Niña drove prices up 3%, the agency said.",
        "The fee was £5 and the fine ¥300. It is 5° out; ½ of it is ©.",
        "Müller said € 5 was paid in Zürich. Größe.",
        "À la carte, très bon, said the señor of São Paulo, who is not naïve about it.",
    ],
)
def test_a_few_accents_do_not_make_english_another_script(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Москва является столицей России. Население растёт."),
        ("shift_jis", "東京は日本の首都です。人口は多いです。" * 3),
        ("cp1250", "Zażółć gęślą jaźń, powiedział rzecznik miasta w piątek."),
    ],
)
def test_other_scripts_are_detected(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_the_encoding_that_a_file_names_goes_before_detection() -> None:
    assert decode("Ελλάδα".encode("iso8859-7"), declared="iso8859-7") == "Ελλάδα"
    assert decode(ENGLISH.encode("cp1252"), declared="no-such-encoding") == ENGLISH


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03" * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"The text has a \x00 in it.",
        b"\x01\x02\x03\x04\x05 text",
        codecs.BOM_UTF8 + b"caf\xe9",
        codecs.BOM_UTF16_LE + b"\x00\xd8\x00",
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        decode(data)
    assert "not read" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp437", "iso8859-7", "big5"])
def test_no_replacement_character_appears(encoding: str) -> None:
    data = ENGLISH.encode(encoding, errors="ignore")
    with contextlib.suppress(UnreadableFileError):
        assert "\ufffd" not in decode(data)


@pytest.mark.parametrize(
    "data",
    [
        "It’s “far too much”, she said of the café".encode() + "’".encode()[:2],
        b"The price rose by \xe2\x82\xac5 \xe2",
        "café ".encode() * 9 + "café ".encode("cp1252") * 9,
        b"It rose \xed\xa0\xbd\xed\xb8\x80 by 3%.",
        "“ ".encode() * 200_000 + b"\xe9 and more",
    ],
    ids=["cut amid a character", "cut late", "mixed", "surrogates", "damaged far behind"],
)
def test_damaged_utf_8_is_refused_and_not_taken_for_another_encoding(data: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="begins as UTF-8 text but byte") as caught:
        decode(data)
    assert "UTF-8" in caught.value.hint


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Le «CAFÉ» est ouvert, dit Zoé."),
        ("cp1251", "Её дом большой, а сад красивый. Её кот спит на крыше, пока пёс гуляет."),
    ],
)
def test_what_looks_like_utf_8_by_chance_is_no_damage(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "declared",
    [
        *("idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "undefined"),
        *("rot13", "zlib", "base64", "hex", "mbcs", "utf_8_sig", "..", "aliases"),
    ],
)
def test_a_declared_codec_that_is_no_encoding_of_text_is_not_used(declared: str) -> None:
    assert decode(ENGLISH.encode("cp1252"), declared=declared) == ENGLISH


@pytest.mark.parametrize("declared", ["iso-8859-1", "latin-1", "us-ascii"])
def test_a_page_that_declares_latin_1_keeps_its_quotes(declared: str) -> None:
    assert decode(ENGLISH.encode("cp1252"), declared=declared) == ENGLISH


@pytest.mark.parametrize(
    ("data", "packer"),
    [(gzip.compress(b"text", mtime=0), "gzip"), (bz2.compress(b"text" * 99), "bzip2")],
)
def test_packed_text_is_refused_as_such(data: bytes, packer: str) -> None:
    with pytest.raises(UnreadableFileError, match=f"packed \\({packer}\\)"):
        decode(data)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be"])
def test_a_large_file_is_read_by_a_sample_of_its_accents(encoding: str) -> None:
    text = "The price rose by 3% in May. " * 30_000 + ENGLISH + "\n" + "It fell in June. " * 9
    assert decode(text.encode(encoding)) == text


def test_a_large_file_of_two_byte_letters_is_read() -> None:
    text = "東京は日本の首都です。人口は多い。\n" * 9_000
    assert decode(text.encode("shift_jis")) == text


@pytest.mark.parametrize("unit", [b"\x00", b"\x01", b"\x80", b"\xff\xd8", b"a" * 999 + b"\xe9\x81"])
def test_the_time_of_detection_does_not_grow_with_the_file(unit: bytes) -> None:
    started = time.perf_counter()
    with contextlib.suppress(UnreadableFileError):
        decode(unit * (20_000_000 // len(unit)))
    assert time.perf_counter() - started < 5  # 0.1 s; a sample of the whole file: 3 s and more
