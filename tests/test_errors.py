from pathlib import Path

from explorer.errors import ExplorerError, InputError, UnknownTokenError


def test_the_hint_follows_the_message():
    assert str(ExplorerError("It is broken.", "Mend it.")) == "It is broken. Mend it."
    assert str(ExplorerError("It is broken.")) == "It is broken."


def test_an_error_of_input_leads_with_the_file_and_the_place():
    error = InputError("words.txt", "this is no number.", place="line 7")
    assert str(error) == "words.txt, line 7: this is no number."
    assert (error.path, error.place) == (Path("words.txt"), "line 7")


def test_a_token_is_named_whole_unless_it_is_long():
    assert "The token 'a\\u202eb' is not" in str(UnknownTokenError("a\u202eb", "", offers=True))
    message = str(UnknownTokenError("x" * 20_000, "", offers=True))
    assert message == f"The token '{'x' * 59}…' is not in the table."
