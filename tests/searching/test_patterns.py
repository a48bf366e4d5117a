"""Regular expressions that are wrong, large or meant to hang."""

import pytest

from explorer.searching import Index, PatternError, Search


@pytest.mark.parametrize(
    ("pattern", "position", "reason"),
    [
        ("ab(c", 2, "not closed"),
        ("ab)c", 2, "closes"),
        ("ab[c", 2, "not closed"),
        ("*", 0, "nothing here to repeat"),
        ("ab**", 2, "repetition"),
        ("x[z-a]", 2, "range"),
        ("x(?=y)", 1, "look-around"),
        (r"(x)\1", 3, "back-references"),
        ("ab\\", 2, "backslash"),
        ("ab{2000}", 2, "1,000"),
        ("x(?P<n", 1, "named"),
        ("a" * 1001, 1000, "1,000 characters"),
        (r"\pL{900}", 7, "large"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_told_with_its_place(
    pattern: str, position: int, reason: str
):
    search = Search(pattern, "regex")
    with pytest.raises(PatternError, match=f"character {position + 1}:") as caught:
        Index(("abc",)).find(search)
    assert reason in caught.value.reason
    assert caught.value.position == position
    with pytest.raises(PatternError):
        search.spans("abc")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*a){12}b", "(a?){30}a{30}"])
def test_patterns_on_which_backtracking_never_ends_are_over_soon(pattern: str):
    tokens = ["a" * 60 + "!", "a" * 40] * 20
    rows = Index(tokens).find(Search(pattern, "regex")).tolist()
    assert set(rows) <= set(range(40))
    assert Search(pattern, "regex").spans("a" * 60 + "!") in ([], [(0, 60)])


def test_anchors_belong_to_the_token_not_to_a_line_or_the_vocabulary():
    tokens = ("a\nb", "b", "ab", "a")
    index = Index(tokens)
    assert index.find(Search("^b$", "regex")).tolist() == [1]
    assert index.find(Search("a$", "regex")).tolist() == [3]
    assert index.find(Search("a.b", "regex")).tolist() == []
    assert index.find(Search(r"a\sb", "regex")).tolist() == [0]
    assert index.find(Search(r"\bb", "regex")).tolist() == [0, 1]


def test_more_texts_than_are_looked_at_at_once_are_all_looked_at():
    tokens = [f"{'ä' if row % 3 else 'a'}{row}" for row in range(20_000)]
    rows = Index(tokens).find(Search("ä.*9$", "regex"))
    assert rows.tolist() == [row for row in range(20_000) if row % 3 and row % 10 == 9]


@pytest.mark.parametrize(
    ("pattern", "quick"),
    [
        ("^un.*ed$", True),
        ("[aeiou]{3}", True),
        (r"\d{4}-\d{2}-\d{2}", True),
        (r"\pL+", True),
        (r"\pL{300}", False),
        ("((a{90}){90}){90}", False),
        ("a{" + "9" * 500 + "}", False),
        ("(.{0,9}){0,90}", False),
    ],
)
def test_patterns_that_take_long_to_read_are_known_beforehand(pattern: str, quick: bool):
    assert Search(pattern, "regex").quick is quick
    assert Search(pattern).quick


def test_an_open_quotation_is_taken_by_the_letter():
    tokens = ["a(b", "a)b", "(", "a\\"]
    index = Index(tokens)
    assert index.find(Search(r"\Qa(", "regex")).tolist() == [0]
    assert Search(r"\Qa(", "regex").spans("a(b") == [(0, 2)]
    assert Search("\\Qa\\", "regex").spans("a\\") == [(0, 2)]


def test_a_single_byte_is_refused_where_it_stands():
    with pytest.raises(PatternError) as raised:
        Search(r"\Q\C\E日\C", "regex").spans("日本")
    assert raised.value.position == 7
    assert Search(r"a\\C", "regex").spans("a\\C") == [(0, 3)]
