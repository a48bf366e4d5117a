from __future__ import annotations

import zipfile

import pytest

from explorer.errors import InputError
from explorer.formats import sniff
from explorer.progress import silent
from explorer.reading.archives import opened_archive

TEXT = b"a 1 2\nb 3 4\n"


@pytest.fixture
def zipped(tmp_path):
    def write(members, compression=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", compression) as archive:
            for name, raw in members.items():
                archive.writestr(name, raw)
        return tmp_path / "a.zip"

    return write


def read(path):
    return sniff(path).read(path, "", report=silent)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("text", [TEXT, b"w,d0,d1\na,1,2\nb,3,4\n"])
def test_the_one_text_in_a_zip_archive_is_read(text, compression, zipped):
    assert read(zipped({"folder/": b"", "folder/t.txt": text}, compression)).tokens == ("a", "b")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"../evil.vec": TEXT}, "'../evil.vec' outside the archive"),
        ({"/evil.vec": TEXT}, "'/evil.vec' outside the archive"),
        ({"a.vec": TEXT, "b.vec": TEXT}, "several files ('a.vec', 'b.vec')"),
        ({"a.vec": b"hello"}, "holds no table in text form"),
        ({}, "empty"),
    ],
)
def test_any_other_zip_archive_says_why_it_is_none(members, said, zipped):
    with pytest.raises(InputError) as refused:
        read(zipped(members))
    assert said in str(refused.value)


def test_a_text_that_expands_far_beyond_its_archive_is_refused(zipped):
    with pytest.raises(InputError, match="expands far beyond its size"):
        read(zipped({"a.vec": b"a 1 2\n" * 2_000_000}))


def test_a_damaged_member_ends_in_whole_rows_or_a_sentence(zipped):
    path = zipped({"a.vec": b"".join(b"w%d %d 2\n" % (n, n * 7919 % 997) for n in range(9000))})
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 255
    path.write_bytes(raw)
    try:
        table = read(path)
    except InputError:
        return
    assert any("damaged or cut short" in note.message for note in table.report)


def test_encrypted_members_are_refused_before_they_are_asked_for(zipped):
    path = zipped({"a": TEXT})
    raw = path.read_bytes()
    at = raw.index(b"PK\1\2") + 8
    path.write_bytes(raw[:at] + b"\1" + raw[at + 1 :])
    with pytest.raises(InputError, match="encrypted"), opened_archive(path):
        pass
