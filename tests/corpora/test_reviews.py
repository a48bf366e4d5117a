"""Labelled reviews from CSV, TSV and the folders of aclImdb."""

import csv
import gzip
from pathlib import Path

import pytest

from explorer.corpora import corpora
from explorer.corpora.reviews import CORPUS, ReviewsParams
from explorer.errors import InputError, ParameterError
from explorer.progress import Cancelled, Progress

IMDB = Path(__file__).parents[3] / "shared/data/imdb/imdb_train_25k.csv.gz"
TWO = "Good one,positive\nBad one,negative\n"


def test_the_corpus_is_in_the_registry():
    assert corpora()["reviews"] is CORPUS


def test_our_own_layout_gives_texts_and_classes(read_reviews):
    corpus = read_reviews("review,sentiment\n" + TWO)
    assert corpus.texts == ["Good one", "Bad one"]
    assert corpus.labels.tolist() == [1, 0]
    assert corpus.label_names == ("negative", "positive")
    assert corpus.notes == ()


@pytest.mark.parametrize("header", ["text,label", "Sentence,Class", "Comment, Polarity "])
def test_columns_are_recognised_by_their_names(read_reviews, header):
    assert read_reviews(f"{header}\n{TWO}").texts == ["Good one", "Bad one"]


def test_the_label_is_preferred_to_the_rating_and_the_text_to_the_id(read_reviews):
    corpus = read_reviews("id,label,rating,review\n7,1,9,fine\n8,0,2,poor\n")
    assert corpus.texts == ["fine", "poor"]
    assert corpus.labels.tolist() == [1, 0]


def test_of_two_columns_the_other_follows_from_the_one_that_is_known(read_reviews):
    assert read_reviews("opinion,label\n" + TWO).texts == ["Good one", "Bad one"]
    assert read_reviews("review,verdict\n" + TWO).labels.tolist() == [1, 0]


def test_named_columns_are_taken_whatever_else_is_there(read_reviews):
    content = "review,label,note,mark\na,x,good text,1\nb,y,bad text,0\n"
    corpus = read_reviews(content, text_column="note", label_column="Mark")
    assert corpus.texts == ["good text", "bad text"]
    assert corpus.labels.tolist() == [1, 0]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_taken_from_the_header_line(read_reviews, delimiter):
    rows = f'review{delimiter}label\n"one, two; three"{delimiter}1\nfour{delimiter}0\n'
    assert read_reviews(rows).texts == ["one, two; three", "four"]


def test_texts_keep_commas_quotes_newlines_and_strange_separators(read_reviews):
    content = 'review,sentiment\r\n"He said ""no"",\r\nthen\u2028left\u0085",neg\r\nfine,pos\r\n'
    corpus = read_reviews(content)
    assert corpus.texts == ['He said "no", then\u2028left…', "fine"]
    assert corpus.labels.tolist() == [0, 1]


def test_quotation_marks_of_a_tsv_may_be_characters_like_any_other(read_reviews):
    content = 'id\tsentiment\treview\n1\t1\t"a \\"fine\\" film"\n2\t0\tso " bad\n'
    corpus = read_reviews(content, "reviews.tsv")
    assert corpus.texts == ['"a \\"fine\\" film"', 'so " bad']


def test_a_gzipped_file_is_known_by_its_content_not_by_its_name(read_reviews):
    corpus = read_reviews(gzip.compress(("review,label\n" + TWO).encode()), "reviews.csv")
    assert corpus.texts == ["Good one", "Bad one"]


def test_a_byte_order_mark_is_no_part_of_the_first_name(read_reviews):
    content = "\ufeffreview,sentiment\n" + TWO
    assert len(read_reviews(content).texts) == 2
    assert len(read_reviews(content.encode("utf-16")).texts) == 2


def test_a_file_that_is_not_utf8_is_read_as_cp1252_and_says_so(read_reviews):
    corpus = read_reviews("review,sentiment\nCafé – très bon,pos\nbad,neg\n".encode("cp1252"))
    assert corpus.texts[0] == "Café – très bon"
    assert "1252" in corpus.notes[0].message


@pytest.mark.parametrize(
    ("spelt", "classes", "names"),
    [
        (("positive", "negative"), [1, 0], ("negative", "positive")),
        (("POS", " neg "), [1, 0], ("negative", "positive")),
        (("1", "0"), [1, 0], ("negative", "positive")),
        (("ham", "spam"), [0, 1], ("ham", "spam")),
        (("10", "9"), [1, 0], ("9", "10")),
    ],
)
def test_labels_are_classes_negative_first(read_reviews, spelt, classes, names):
    corpus = read_reviews(f"review,label\na,{spelt[0]}\nb,{spelt[1]}\n")
    assert corpus.labels.tolist() == classes
    assert corpus.label_names == names


def test_rows_without_text_or_label_are_left_out_and_told(read_reviews):
    content = "review,label\n" + TWO + "<br />,positive\n\nlost,\nGood one,positive\n"
    corpus = read_reviews(content)
    assert corpus.texts == ["Good one", "Bad one", "Good one"]
    assert [note.message.split()[0] for note in corpus.notes] == ["1", "1", "1"]
    assert "without text" in corpus.notes[0].message
    assert "without a label" in corpus.notes[1].message
    assert "already" in corpus.notes[2].message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("review,sentiment\n", "no reviews"),
        ("review\nfine\n", "one column"),
        ("review,sentiment\n" + "fine,positive\n" * 2, "every review is labelled 'positive'"),
        (
            "review,sentiment\nfine,positive\nbad, very,negative\n",
            "line 3: the row's fields number 3, the header's 2",
        ),
        ("review,sentiment\nfine\n", "line 2: the row's fields number 1"),
        ('review,sentiment\n"two\nlines",pos\n"never closed,neg\n', "line 4"),
        (b"PK\x03\x04\x00\x00,", "NUL"),
        (gzip.compress(b"review,label\n" * 99)[:-9], "damaged"),
        (gzip.compress(b"a" * 2**22), "200 times"),
        ("a,b,c\n1,2,3\n", "the columns are a, b, c"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(read_reviews, content, said):
    with pytest.raises(InputError, match=r"reviews\.csv") as refusal:
        read_reviews(content)
    assert said in str(refusal.value)
    assert refusal.value.hint


def test_a_column_that_is_not_there_is_refused_with_those_that_are(read_reviews):
    with pytest.raises(InputError, match=r"no column 'txt'; the columns are review, label"):
        read_reviews("review,label\n" + TWO, text_column="txt")


def test_one_column_cannot_be_both_text_and_label(read_reviews):
    with pytest.raises(ParameterError, match="both"):
        read_reviews("review,label\n" + TWO, text_column="label")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        CORPUS.read(tmp_path / "nowhere.csv", ReviewsParams(), print)


def test_a_long_text_is_read_and_the_csv_module_left_as_it_was(read_reviews):
    before = csv.field_size_limit(77_777)
    try:
        corpus = read_reviews("review,label\n" + "long " * 40_000 + ",1\nb,0\n")
        assert csv.field_size_limit() == 77_777
    finally:
        csv.field_size_limit(before)
    assert len(corpus.texts[0]) == 199_999


def test_reading_stops_where_the_report_says_so(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("review,label\n" + TWO)

    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        CORPUS.read(path, ReviewsParams(), stop)


@pytest.fixture
def acl_imdb(tmp_path: Path) -> Path:
    """A small folder laid out as aclImdb is."""
    for part, label, text in [
        ("train", "pos", "A joy.<br />"),
        ("train", "neg", "A bore \x96 truly."),
        ("train", "unsup", "Unknown."),
        ("test", "pos", "Unseen."),
        ("test", "neg", "Unseen."),
    ]:
        folder = tmp_path / "aclImdb" / part / label
        folder.mkdir(parents=True)
        (folder / "0_9.txt").write_text(text, encoding="utf-8")
    return tmp_path / "aclImdb"


@pytest.mark.parametrize("part", ["", "train"])
def test_of_aclimdb_the_labelled_training_part_is_read(acl_imdb, part):
    corpus = CORPUS.read(acl_imdb / part, ReviewsParams(), lambda progress: None)
    assert corpus.texts == ["A bore – truly.", "A joy."]
    assert corpus.labels.tolist() == [0, 1]


def test_a_folder_of_another_kind_is_refused(acl_imdb):
    with pytest.raises(InputError, match="no pos and neg"):
        CORPUS.read(acl_imdb / "train" / "pos", ReviewsParams(), print)
    (acl_imdb / "train" / "neg" / "0_9.txt").unlink()
    with pytest.raises(InputError, match=r"no \.txt files"):
        CORPUS.read(acl_imdb, ReviewsParams(), lambda progress: None)


def test_reviews_are_recognised_by_layout_not_by_suffix(acl_imdb, tmp_path):
    table = tmp_path / "some.data"
    table.write_text("review;sentiment\nfine;1\n")
    binary = tmp_path / "reviews.csv"
    binary.write_bytes(b"a,b\x00")
    assert CORPUS.recognises(acl_imdb)
    assert CORPUS.recognises(table)
    assert not CORPUS.recognises(binary)
    assert not CORPUS.recognises(tmp_path)
    assert not CORPUS.recognises(tmp_path / "nowhere")


@pytest.mark.skipif(not IMDB.exists(), reason="needs the development data")
def test_the_real_reviews_are_read_whole_and_clean():
    corpus = CORPUS.read(IMDB, ReviewsParams(), lambda progress: None)
    assert len(corpus.texts) == 25_000
    assert corpus.labels.sum() == 12_500
    assert not any("<br" in text or "\x96" in text for text in corpus.texts)
