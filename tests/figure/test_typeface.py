"""Which letters are drawn with which typeface."""

import numpy as np
import pytest

from explorer.figure import draw_map, typeface
from explorer.figure.typeface import BASE, NO_GLYPH, drawable, families


@pytest.fixture
def machine(monkeypatch):
    """machine({family: letters}): pretends that these typefaces, and the base, are installed."""

    def install(**letters):
        known = {BASE: frozenset("abc ")} | {
            name.replace("_", " "): frozenset(text) for name, text in letters.items()
        }
        preferred = [name for name in typeface._PREFERRED if name in known]
        others = sorted(known.keys() - {BASE, *preferred})
        monkeypatch.setattr(typeface, "_letters", lambda family: known[family])
        monkeypatch.setattr(typeface, "_installed", lambda: (*preferred, *others))
        typeface._fallbacks.cache_clear()

    yield install
    typeface._fallbacks.cache_clear()


def test_a_text_that_the_base_holds_needs_no_other(machine):
    machine(Other="abcxyz")
    assert families("abc") == (BASE,)


def test_the_rest_comes_from_the_fewest_typefaces_preferred_ones_first(machine):
    machine(A="日", Droid_Sans_Fallback="日本", Z="本語")
    assert families("a日本") == (BASE, "Droid Sans Fallback")
    assert families("日本語") == (BASE, "Droid Sans Fallback", "Z")


def test_a_character_that_nobody_has_becomes_a_box(machine):
    machine(Other="日")
    assert drawable("a日語b") == f"a日{NO_GLYPH}b"


@pytest.mark.parametrize("text", ["hello", "Größe", "κόσμος", "привет", "שלום", "سلام", "→ ⏎ ␣"])
def test_scripts_of_the_base_are_drawn_on_any_machine(text):
    assert families(text) == (BASE,)
    assert drawable(text) == text


def test_the_typeface_of_signs_without_meaning_is_never_asked():
    assert not any("last resort" in family.lower() for family in typeface._installed())


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_every_script_is_written_without_a_warning(projected, tmp_path, ending, caplog):
    tokens = ["日本語", "한국어", "ไทย", "हिन्दी", "שלום", "سلام", "🙂", "👩‍🚀", "\U0001f9ff", "ʘ"]
    corners = [[10.0 * (row % 4), 10.0 * (row // 4)] for row in range(len(tokens))]
    made = projected(tokens, corners, method="tsne")
    draw_map(made, tmp_path / f"map.{ending}", title="標題 title")
    assert not caplog.records


def test_what_is_drawn_of_a_script_is_its_letters_where_a_typeface_has_them(
    projected, tmp_path, written
):
    if not typeface._fallbacks(frozenset("日本語")):
        pytest.skip("no typeface of this machine has Chinese characters")
    draw_map(projected(["日本語"], np.zeros((1, 2))), tmp_path / "map.png")
    assert "日本語" in written
