from pathlib import Path

from explorer.errors import ExplorerError, InputError


def test_the_hint_follows_the_message():
    assert str(ExplorerError("It is broken.", "Mend it.")) == "It is broken. Mend it."
    assert str(ExplorerError("It is broken.")) == "It is broken."


def test_an_error_of_input_leads_with_the_file_and_the_place():
    error = InputError("words.txt", "this is no number.", place="line 7")
    assert str(error) == "words.txt, line 7: this is no number."
    assert (error.path, error.place) == (Path("words.txt"), "line 7")
