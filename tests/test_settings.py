import json
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import OutputError
from explorer.settings import MapLook, Settings, load, save, settings_file

FULL = Settings(
    "dark",
    ("/b.csv", "/a.csv"),
    geometry="AdnQ",
    layout="AAAA",
    memory_share=0.25,
    look=MapLook(1.5, 0.5, density=True, shapes=True, labels=False, label_size=14),
    measure_maps=False,
)


def test_what_is_saved_is_loaded_again(tmp_path: Path):
    save(FULL, tmp_path / "new" / "settings.json")
    assert load(tmp_path / "new" / "settings.json") == FULL


def test_a_missing_file_gives_the_defaults(tmp_path: Path):
    assert load(tmp_path / "settings.json") == Settings()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1, 2]", b"null", b"\xff\xfe\x00", b"[" * 100_000]
)
def test_a_file_that_makes_no_sense_gives_the_defaults(tmp_path: Path, content: bytes):
    (tmp_path / "settings.json").write_bytes(content)
    assert load(tmp_path / "settings.json") == Settings()


@pytest.mark.parametrize(
    ("stored", "loaded"),
    [
        ({"theme": "pink", "geometry": "AdnQ"}, Settings(geometry="AdnQ")),
        ({"theme": ["dark"], "layout": 7}, Settings()),
        ({"theme": "dark", "recent": "/a.csv"}, Settings("dark")),
        ({"recent": ["/a.csv", 3, None, "/b.csv"]}, Settings(recent=("/a.csv", "/b.csv"))),
        ({"recent": list("abcdefghijklmnop")}, Settings(recent=tuple("abcdefghij"))),
        ({"memory_share": 0.95}, Settings(memory_share=0.95)),
        ({"memory_share": 0.96}, Settings()),
        ({"memory_share": float("nan"), "theme": "dark"}, Settings("dark")),
        ({"memory_share": "0.3"}, Settings()),
        ({"unknown": 1, "theme": "light"}, Settings("light")),
        ({"measure_maps": 0}, Settings()),
        ({"look": {"dot_size": 2.0, "labels": False}}, Settings(look=MapLook(2.0, labels=False))),
        ({"look": {"opacity": 3.0, "label_size": 9}}, Settings(look=MapLook(label_size=9))),
        ({"look": {"density": 1, "label_size": 9.5, "new": 1}}, Settings()),
        ({"look": {"dot_size": float("nan"), "shapes": True}}, Settings(look=MapLook(shapes=True))),
        ({"look": [2.0], "theme": "dark"}, Settings("dark")),
    ],
)
def test_only_what_makes_sense_is_taken(tmp_path: Path, stored: dict[str, Any], loaded: Settings):
    (tmp_path / "settings.json").write_text(json.dumps(stored))
    assert load(tmp_path / "settings.json") == loaded


def test_a_file_opened_again_becomes_the_newest(tmp_path: Path):
    settings = Settings()
    for name in ("a", "b", "a"):
        settings = settings.with_recent(tmp_path / name)
    assert settings.recent == (str(tmp_path / "a"), str(tmp_path / "b"))


def test_ten_recent_files_are_remembered(tmp_path: Path):
    settings = Settings()
    for number in range(12):
        settings = settings.with_recent(tmp_path / str(number))
    assert [Path(path).name for path in settings.recent] == [str(n) for n in range(11, 1, -1)]


def test_a_settings_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="settings folder"):
        save(Settings(), tmp_path / "file" / "settings.json")


def test_the_tests_do_not_reach_the_settings_of_the_user(tmp_path_factory):
    assert tmp_path_factory.getbasetemp() in settings_file().parents
