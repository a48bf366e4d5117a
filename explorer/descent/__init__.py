"""The descent of t-SNE (van der Maaten and Hinton 2008): who is to be whose neighbour, and the
forces that bring it about.

    affinities   how much each row wants each of its neighbours
    attraction   neighbours pull each other
    repulsion    all rows push each other, by interpolation on a grid (2-D)
    barnes_hut   both, by openTSNE's tree (3-D)
    steps        momentum, gains and the phases of a run
    placing      new points in a map that stays as it is

Everything here works on arrays alone. torch, scipy and openTSNE are imported when it is used.
"""
