import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError, InputError
from explorer.evaluation import PairList, QuestionList, read_list

PAIRS = [("tiger", "cat", 7.35), ("book", "paper", 7.46), ("stock", "egg", 1.81)]


def read_pairs(path):
    found = read_list(path)
    assert isinstance(found, PairList)
    return [(pair.first, pair.second, pair.score) for pair in found.pairs]


@pytest.mark.parametrize(
    "text",
    [
        "# comment\n# Word 1\tWord 2\ntiger\tcat\t7.35\nbook\tpaper\t7.46\nstock\tegg\t1.81\n",
        "Word 1,Word 2,Human (mean)\r\ntiger,cat,7.35\r\nbook,paper,7.46\r\nstock,egg,1.81\r\n",
        ("Word 1\tWord 2\tHuman (mean)\t1\n"
        "tiger\tcat\t7.35\t9\nbook\tpaper\t7.46\t8\nstock\tegg\t1.81\t5\n"),
        "tiger cat 7.35\nbook paper 7.46\n\nstock egg 1.81",
        "tiger;cat;7,35\nbook;paper;7,46\nstock;egg;1,81\n",
        "t\ttiger\tcat\t7.35\nt\tbook\tpaper\t7.46\ni\tstock\tegg\t1.81\n",
        "1\ttiger\tcat\t7.35\n2\tbook\tpaper\t7.46\n3\tstock\tegg\t1.81\n",
        "tiger\tcat\tN\t7.35\tANTONYMS\nbook\tpaper\tN\t7.46\tNONE\nstock\tegg\tN\t1.81\tNONE\n",
        "score,word1,word2\n7.35,tiger,cat\n7.46,book,paper\n1.81,stock,egg\n",
        "word1\tword2\tPOS\tSimLex999\tconc(w1)\ntiger\tcat\tN\t7.35\t4.5\nbook\tpaper\tN\t7.46\t1\nstock\tegg\tN\t1.81\t3\n",
        '"tiger","cat",7.35\n"book","paper",7.46\n"stock","egg",1.81\n',
    ],
    ids=[
        "WordSim-353 by tabs", "with a header in CSV", "with every rater", "spaces",
        "decimal commas", "with a type before", "numbered", "SimVerb", "the score first",
        "SimLex-999", "quoted",
    ],
)  # fmt: skip
def test_word_pairs_are_read_however_they_are_laid_out(written, text):
    assert read_pairs(written(text)) == PAIRS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(written, end):
    pairs = read_list(written(end.join(["tiger cat 7", "sea ocean 9", "book paper 5"]))).pairs
    assert [(one.line, one.first) for one in pairs] == [(1, "tiger"), (2, "sea"), (3, "book")]


def test_numbers_in_a_header_do_not_part_its_columns(written):
    found = read_list(
        written("word 1\tword 2\tmean\ntiger\tcat\t7.35\nbook\tpaper\t7.46\nbroken\n")
    )
    assert [(pair.line, pair.first) for pair in found.pairs] == [(2, "tiger"), (3, "book")]
    assert [bad.line for bad in found.bad_lines] == [4]


def test_the_lines_of_word_pairs_are_those_of_the_file(written):
    found = read_list(written("# none\n\ntiger cat 7.35\n\nbook paper 7.46\n"))
    assert [pair.line for pair in found.pairs] == [3, 5]


def test_lines_that_say_nothing_are_kept_with_their_number_and_the_reason(written):
    text = (
        "tiger\tcat\t7.35\nbook\tpaper\nbook\tpaper\tmany\nsun\tsea\t1e999\n\tsea\t3\nsea\tsun\t3\n"
    )
    found = read_list(written(text))
    assert [pair.line for pair in found.pairs] == [1, 6]
    assert [(bad.line, bad.problem) for bad in found.bad_lines] == [
        (2, "3 columns are needed, and here are 2"),
        (3, "column 3 is no number"),
        (4, "column 3 is no number"),
        (5, "a word is missing"),
    ]


def test_an_open_quote_does_not_swallow_the_lines_after_it(written):
    found = read_list(written('tiger,cat,7.35\n"book,paper,7.46\nstock,egg,1.81\n'))
    assert [pair.line for pair in found.pairs] == [1, 3]
    assert [bad.line for bad in found.bad_lines] == [2]


def test_a_long_line_is_quoted_in_short(written):
    found = read_list(written("tiger cat 7\n" + "word " * 999 + "\n"))
    assert len(found.bad_lines[0].text) == 120


def test_analogies_have_the_sections_of_their_list(written):
    text = (
        "//Copyright\n: capital-world\nAthens Greece Oslo Norway\nRome Italy Paris\n"
        ":gram1 \nbad\tbadly\tgood\twell\n"
    )
    found = read_list(written(text))
    assert isinstance(found, QuestionList)
    first, second = found.questions
    words = (first.section, first.a, first.b, first.c, first.expected, first.line)
    assert words == ("capital-world", "Athens", "Greece", "Oslo", "Norway", 3)
    assert (second.section, second.expected) == ("gram1", "well")
    assert [(bad.line, bad.problem) for bad in found.bad_lines] == [
        (4, "four words are needed, and here are 3")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "New York\tUnited States\tParis\tFrance\n",
        "New York,United States,Paris,France\n",
        "a,b,c,d\nNew York,United States,Paris,France\n",
    ],
)
def test_words_of_analogies_may_hold_spaces_between_tabs_and_commas(written, text):
    (question,) = read_list(written(text)).questions
    assert (question.a, question.b, question.section) == ("New York", "United States", "")


def test_four_words_and_a_number_are_a_word_pair(written):
    assert read_pairs(written("i tiger cat 7.35\nt book paper 7.46\ni stock egg 1.81\n")) == PAIRS


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + "tüger cat 7\n".encode(),
        codecs.BOM_UTF16_LE + "tüger cat 7\n".encode("utf-16-le"),
        "tüger cat 7\n".encode("cp1252"),
    ],
)
def test_words_are_decoded_whatever_wrote_them(written, content):
    found = read_list(written(content))
    assert found.pairs[0].first == "tüger"


def test_what_is_not_utf8_is_said_to_be(written):
    assert read_list(written(b"t\xfcger cat 7\n")).notes == (
        "The file is not UTF-8; it was read as cp1252.",
    )
    assert "latin-1" in read_list(written(b"t\x81ger cat 7\n")).notes[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no lines"),
        (b"# only\n\n  \n", "holds no lines"),
        (b"It was a dark night; nobody came.\nNobody at all.\n", "holds neither"),
        (b": section\n", "holds neither"),
        (b"tiger cat 7\n\0", "is not a text"),
    ],
)
def test_a_file_that_holds_no_list_is_named(written, content, message):
    path = written(content)
    with pytest.raises(InputError, match=message) as caught:
        read_list(path)
    assert str(path) in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path):
    for path, message in [
        (tmp_path, "holds no files with pairs of words"),
        (Path("/dev/null"), "is not a file"),
        (tmp_path / "none.txt", "there is no such file"),
        (tmp_path / "a\0b", "no name of a file"),
    ]:
        with pytest.raises(InputError, match=message):
            read_list(path)


def test_the_public_lists_are_read_whole(shared_data):
    questions = read_list(shared_data / "eval" / "questions-words.txt")
    assert (len(questions.questions), questions.bad_lines) == (19544, ())
    assert len({question.section for question in questions.questions}) == 14
    simlex = read_list(shared_data / "eval" / "simlex999.txt")
    wordsim = read_list(shared_data / "eval" / "wordsim353.tsv")
    assert (len(simlex.pairs), simlex.bad_lines) == (999, ())
    assert (len(wordsim.pairs), wordsim.bad_lines) == (353, ())


_CELLS = st.one_of(
    st.sampled_from(["king", "7.5", "-1", ":", "#", '"', "//", "1e400", "nan", "٣", "a,b", ""]),
    st.text(max_size=4),
)
_LINES = st.lists(
    st.tuples(st.sampled_from(["\t", " ", ",", ";"]), st.lists(_CELLS, max_size=6)), max_size=8
)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(lines=_LINES, encoding=st.sampled_from(["utf-8", "utf-16", "latin-1"]))
def test_no_list_raises_anything_but_our_errors(written, lines, encoding):
    text = "\n".join(separator.join(cells) for separator, cells in lines)
    _read_or_refuse(written(text.encode(encoding, "replace")))


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=200))
def test_no_bytes_raise_anything_but_our_errors(written, content):
    _read_or_refuse(written(content))


def _read_or_refuse(path):
    try:
        found = read_list(path)
    except ExplorerError:
        return
    if isinstance(found, PairList):
        assert all(pair.first and pair.second and abs(pair.score) < 1e400 for pair in found.pairs)
    else:
        assert found.questions


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("1 2 3 4\n2 3 4 5\n", (1, 2, 3)),
        ("tiger\tcat\t7\t6.5\ncar\tcup\t2\t1\n", (1, 2, 3)),
        ("1\ttiger\tn\tcat\t7.5\n2\tcar\tn\tcup\t2\n", (2, 4, 5)),
        ("word1,word2,rating,mean\ntiger,cat,7,8\ncar,cup,2,1\n", (1, 2, 3)),
    ],
)
def test_which_columns_were_read_is_told_where_others_hold_numbers_too(written, text, columns):
    (note,) = read_list(written(text)).notes
    first, second, score = columns
    assert f"columns {first} and {second}, the score from column {score};" in note


def test_nothing_is_told_of_columns_that_are_in_no_doubt(written):
    for text in ("tiger cat 7.35\ncar cup 2\n", "word1,word2,POS,SimLex999,SD\na,b,n,1,2\n"):
        assert read_list(written(text)).notes == ()


@pytest.mark.parametrize("some", ["one two three four\n", "one two 3.5\n"])
def test_a_text_in_which_some_lines_look_like_a_list_is_no_list(tmp_path, some):
    path = tmp_path / "README.md"
    path.write_text(some * 10 + "It was a dark night, and nobody at all came to us.\n" * 11)
    with pytest.raises(InputError, match="is no list of words: 11 of 21 lines") as told:
        read_list(path)
    assert "line 11" in told.value.message


def test_a_small_list_may_have_more_wrong_lines_than_right_ones(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("one two three four\n" + "one two\n" * 9)
    assert len(read_list(path).bad_lines) == 9
