from __future__ import annotations

import codecs
import contextlib

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
