"""Colours must be told apart by people with any common colour vision.

Colour differences: CIEDE2000 (Sharma, Wu and Dalal 2005, doi:10.1002/col.20070). Dichromacy:
Machado, Oliveira and Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1, on linear sRGB.
"""

import numpy as np
import pytest

from explorer.palettes import colour_values, map_colours, most_categories, ramp_colours

DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
SIGHTS = {"usual": np.eye(3), "deuteranopia": DEUTERANOPIA, "protanopia": PROTANOPIA}
# IEC 61966-2-1, D65
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.119192, 0.9503041],
    ]
)
WHITE = (0.95047, 1.0, 1.08883)

both_themes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
every_sight = pytest.mark.parametrize("sight", SIGHTS)


def lab(colours, sight="usual"):
    """CIE L*a*b* of 8-bit sRGB colours (n, 3) as that sight has them."""
    signal = np.asarray(colours, float) / 255
    linear = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(SIGHTS[sight]), 0, 1)
    ratio = seen @ XYZ.T / WHITE
    bent = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(bent, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(first, second):
    """Differences of L*a*b* colours, broadcast."""
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(np.asarray(c, float), -1, 0) for c in (first, second))
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) / 2
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    between = np.where(grey, h1 + h2, np.where(abs(h1 - h2) > 180, h1 + h2 + 360, h1 + h2) / 2)
    lightness, chroma = (l1 + l2) / 2 - 50, (c1 + c2) / 2
    waves = ((-0.17, 1, 30), (0.24, 2, 0), (0.32, 3, -6), (-0.2, 4, 63))
    weight = 1 + sum(a * np.cos(np.radians(n * between - shift)) for a, n, shift in waves)
    d_l = (l2 - l1) / (1 + 0.015 * lightness**2 / np.sqrt(20 + lightness**2))
    d_c = (c2 - c1) / (1 + 0.045 * chroma)
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    angle = np.radians(60 * np.exp(-(((between - 275) / 25) ** 2)))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(angle)
    return np.sqrt(d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h)


def differences(colours, sight="usual"):
    """Of every pair of colours, float (pairs,)."""
    seen = lab(colours, sight)
    return ciede2000(seen[:, None], seen[None])[np.triu_indices(len(seen), 1)]


def categories(count, dark, *, others=0):
    """The first colours of categories, as a map with `others` more would show them."""
    names = [f"c{place:02d}" for place in range(count + others)]
    return [
        e.rgb for e in colour_values(np.array(names), numeric=False, dark=dark, limit=count).legend
    ]


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (61, -5, 29), 22.8977),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
        ((50, 2.5, 0), (58, 24, 15), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_colour_difference_is_that_of_the_published_pairs(first, second, published):
    assert ciede2000(first, second) == pytest.approx(published, abs=5e-5)


@both_themes
@every_sight
@pytest.mark.parametrize("count", [8, 12])
def test_the_first_categories_and_other_differ_by_ten_to_every_sight(sight, dark, count):
    colours = categories(count, dark, others=3)
    assert len(colours) == count + 1
    assert differences(colours, sight).min() >= 10


@both_themes
@every_sight
def test_the_first_twelve_categories_stand_out_from_the_background(sight, dark):
    background = lab([map_colours(dark)["background"]], sight)
    assert ciede2000(lab(categories(12, dark), sight), background).min() >= 20


@both_themes
def test_every_category_that_has_a_colour_has_one_of_its_own(dark):
    assert most_categories() >= 60
    assert differences(categories(most_categories(), dark)).min() >= 7.5
    assert differences(categories(20, dark)).min() >= 14


@both_themes
@pytest.mark.parametrize("name", ["viridis", "cividis", "diverging", "density"])
def test_the_ends_of_a_ramp_differ_to_every_sight(name, dark):
    ramp = ramp_colours(name, dark=dark)
    assert all(differences(ramp[[0, -1]], sight).min() > 20 for sight in SIGHTS)


@both_themes
def test_density_rises_evenly_from_just_above_the_background(dark):
    ramp = lab(ramp_colours("density", dark=dark))
    steps = np.diff(ramp[:, 0]) * (1 if dark else -1)
    assert steps.min() > -0.35, "of 8 bits, not of the ramp"
    assert np.diff(ramp[::32, 0]).std() < 0.3
    background = lab([map_colours(dark)["background"]])
    assert 8 < ciede2000(ramp[:1], background)[0] < 20
    assert ciede2000(ramp[-1:], background)[0] > 60
