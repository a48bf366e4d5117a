"""What the window's actions are called, by name: their texts, tips, keys and icons."""

from __future__ import annotations

from typing import NamedTuple


class Wording(NamedTuple):
    """text: in menus, & before its mnemonic. tip: what it does, in a sentence. icon: of Material
    Design Icons."""

    text: str
    tip: str
    keys: str = ""
    icon: str = ""

    @property
    def tooltip(self) -> str:
        """The tip, and the keys that do the same."""
        return f"{self.tip} ({self.keys})" if self.keys else self.tip


ACTIONS = {
    "open": Wording("&Open…", "Open a table", keys="Ctrl+O", icon="folder-open-outline"),
    "open_folder": Wording(
        "Open a &folder…", "Open a model or projector folder", keys="Ctrl+Shift+O"
    ),
    "labels": Wording("&Attach labels…", "Name the rows by a TSV or CSV file, one line a row"),
    "sample": Wording("Open the &sample table", "Open the table that comes with the product"),
    "save": Wording(
        "&Save table as…",
        "Save the table as safetensors",
        keys="Ctrl+S",
        icon="content-save-outline",
    ),
    "export": Wording(
        "&Export coordinates…",
        "Write rows, tokens, coordinates and columns as CSV or Parquet",
        keys="Ctrl+E",
        icon="table-arrow-right",
    ),
    "picture": Wording(
        "Save &picture…", "Save the map as it is seen", keys="Ctrl+P", icon="image-outline"
    ),
    "figure": Wording(
        "Save &figure…",
        "Draw the map for a report or a slide: PDF, SVG or PNG, with title, legend and caption",
        keys="Ctrl+Shift+P",
    ),
    "quit": Wording("&Quit", "Close the window", keys="Ctrl+Q"),
    "find": Wording("&Find a token", "Search the tokens", keys="Ctrl+F"),
    "look_up": Wording(
        "&Look up a text", "See what a typed text looks up", keys="Ctrl+L", icon="text-search"
    ),
    "neighbours": Wording(
        "&Neighbours of…", "Ask for the neighbours of a token or an expression", keys="Ctrl+J"
    ),
    "copy": Wording("&Copy tokens", "Copy the selected tokens, one a line", keys="Ctrl+Shift+C"),
    "select_all": Wording("&All rows shown", "Select every row that is shown", keys="Ctrl+A"),
    "select_none": Wording("&None", "Clear the selection", keys="Ctrl+Shift+A"),
    "invert": Wording(
        "&Invert", "Select the rows shown that are not selected", keys="Ctrl+Shift+I"
    ),
    "grow": Wording(
        "&Grow by neighbours",
        "Add the nearest rows of every selected row, by cosine; how many, says the Selection panel",
        keys="Ctrl+G",
    ),
    "grow_mean": Wording(
        "Grow round the &mean",
        "Add the rows nearest to the mean of the selected ones, by cosine",
        keys="Ctrl+Shift+G",
    ),
    "on_map": Wording("Only those on the &map", "Unselect rows without a place on the active map"),
    "keep": Wording(
        "&Keep by name…", "Keep the selected rows under a name, also for later", keys="Ctrl+K"
    ),
    "export_selection": Wording(
        "&Export the selection…",
        "Write row, token, coordinates and columns of the selected rows",
        keys="Ctrl+Shift+E",
    ),
    "preferences": Wording(
        "&Preferences…", "Colours, and the memory a table may take", keys="Ctrl+,"
    ),
    "project": Wording(
        "&Make the map",
        "Project all rows as the Project panel says; again to stop",
        keys="Ctrl+R",
        icon="chart-scatter-plot",
    ),
    "project_selected": Wording(
        "Map of &these rows",
        "Make a map of the selected rows alone, by the method in the Project panel",
        keys="Ctrl+Shift+R",
    ),
    "measure": Wording(
        "How far to &believe the map", "Measure how many neighbours the map keeps", keys="Ctrl+B"
    ),
    "train": Wording(
        "&Train a table…", "Train a table on reviews", keys="Ctrl+T", icon="school-outline"
    ),
    "graph": Wording(
        "Neighbour &graph",
        "Draw lines from the selected rows to their nearest, and from these to theirs",
        keys="Ctrl+Alt+G",
    ),
    "fit": Wording("&Fit the map", "Show all rows", keys="Ctrl+0"),
    "add_map": Wording(
        "Another &map", "Open another map of the table, beside this one", keys="Ctrl+M"
    ),
    "close_map": Wording("&Close this map", "Close the active map", keys="Ctrl+Shift+M"),
    "next_map": Wording("&Next map", "The keys go to the next map", keys="F6"),
    "undo": Wording("&Undo", "Undo the last selection, isolation or move of a map", keys="Ctrl+Z"),
    "redo": Wording("&Redo", "Do again what was undone", keys="Ctrl+Shift+Z"),
    "isolate": Wording("&Isolate the selection", "Show the selected rows only", keys="Ctrl+I"),
    "show_all": Wording("&Show all rows", "Show all rows again", keys="Ctrl+I"),  # once isolated
    "shortcuts": Wording("&Keys and mouse", "What keys and mouse do", keys="F1"),
    "about": Wording("&About", "Version and licence"),
}
