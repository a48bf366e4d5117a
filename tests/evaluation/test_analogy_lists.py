import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import pipeline
from explorer.errors import InputError, OutputError, ParameterError
from explorer.evaluation import UNKNOWN, UNREADABLE, WRONG, Analogies, solving
from explorer.progress import Cancelled
from explorer.table import Table
from explorer.vectors import Vectors

LIST = """: family
man woman king queen
man woman king dog
man unicorn king queen
king queen man
: gram1
queen king woman man
man woman king king
"""


def evaluated(table: Table, path, **options) -> Analogies:
    (found,) = pipeline.evaluate(table, path, **options)
    assert isinstance(found, Analogies)
    return found


def test_the_answers_are_counted_by_section(kin, written):
    found = evaluated(kin, written(LIST))
    numbers = [(s.name, s.right, s.counted, s.known, s.asked) for s in found.sections]
    assert numbers == [("family", 1, 2, 2, 3), ("gram1", 1, 2, 2, 2)]
    assert [group.name for group in found.groups] == ["semantic", "syntactic"]
    assert (found.total.right, found.asked, found.known) == (2, 5, 4)
    assert (found.score, found.coverage) == (0.5, 0.8)


def test_every_miss_says_what_was_found_and_where_the_expected_word_stands(kin, written):
    found = evaluated(kin, written(LIST))
    missed = [(m.line, m.kind, m.question, m.expected, m.found) for m in found.misses]
    assert missed == [
        (3, WRONG, "man woman king", "dog", "queen"),
        (4, UNKNOWN, "man unicorn king", "queen", ""),
        (5, UNREADABLE, "king queen man", "", ""),
        (8, WRONG, "man woman king", "king", "queen"),
    ]
    wrong, unknown, _, own = found.misses
    assert wrong.rank == 2  # behind queen; puppy is third
    assert wrong.rows == (0, 1, 2, 4, 3)
    assert (unknown.note, unknown.rank) == ("not in the table: unicorn", None)
    assert (own.note, own.rank) == ("the expected word is one of the question's own", None)


def test_unknown_words_can_count_as_wrong(kin, written):
    found = evaluated(kin, written(LIST), count_unknown=True)
    assert (found.total.right, found.total.counted, found.score) == (2, 5, 0.4)


def test_rows_of_a_words_other_case_are_no_answers_and_are_right_ones(written):
    tokens = ("one", "two", "six", "Six", "ten", "Ten")
    table = Table(tokens, Vectors(np.float32([[1, 0], [0, 1], [1, 0], [0, 1], [-1, 0], [0, 1]])))
    path = written("ONE TWO SIX TEN\n")
    answer = evaluated(table, path).answers[0]
    # Six lies in the direction asked for, but is a case of six; Ten is one of ten.
    assert (answer.rows, answer.found, answer.word) == ((0, 1, 2, 4), 5, "Ten")
    assert (answer.right, answer.rank) == (True, 1)
    assert evaluated(table, path, case_sensitive=True).known == 0


@pytest.mark.parametrize("how", ["add", "mul"])
@settings(max_examples=25)
@given(rows=st.integers(8, 120), dim=st.integers(2, 12), seed=st.integers(0, 2**31 - 1))
def test_many_questions_are_answered_as_one_by_one(tmp_path_factory, how, rows, dim, seed):
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, dim)).astype(np.float32)
    table = Table(tuple(f"w{row}" for row in range(rows)), Vectors(matrix))
    questions = np.array([random.choice(rows, 4, replace=False) for _ in range(20)])
    path = tmp_path_factory.mktemp("lists") / "questions.txt"
    path.write_text("\n".join(" ".join(f"w{row}" for row in one) for one in questions))
    found = evaluated(table, path, how=how)
    for (a, b, c, expected), answer in zip(questions.tolist(), found.answers, strict=True):
        ranking = pipeline.analogy(table, a, b, c, rows, how=how)
        assert answer.found == ranking.rows[0]
        assert answer.score == pytest.approx(ranking.scores[0], rel=1e-9)
        assert answer.rank == ranking.rows.tolist().index(expected) + 1
        assert answer.right == (expected == ranking.rows[0])


def test_the_answers_do_not_depend_on_the_size_of_a_block(shared_data, tmp_path, monkeypatch):
    table = pipeline.open_table(shared_data / "word2vec_imdb_10k")
    lines = (shared_data / "eval" / "questions-words.txt").read_text().splitlines()
    path = tmp_path / "some.txt"
    path.write_text("\n".join(lines[8300:9000]))
    plain = evaluated(table, path)
    monkeypatch.setattr(solving, "_LINES", 2**14)
    monkeypatch.setattr(solving, "_CHUNK", 2**12)
    other = evaluated(table, path)
    assert plain.known > 200
    for one, again in zip(plain.answers, other.answers, strict=True):
        assert (one.found, one.rank, one.right) == (again.found, again.rank, again.right)


def test_a_zero_row_is_never_found_and_never_known(kin, written):
    found = evaluated(kin, written("man woman nothing queen\nwoman man queen king\n"))
    assert found.answers[0].missing == ("nothing",)
    assert found.answers[1].word == "king"


def test_marked_pieces_are_looked_up_as_whole_words(written):
    words = ["Ġman", "Ġwoman", "king", "Ġking", "Ġqueen"]
    matrix = np.float32([[1, 0, 0], [1, 1, 0], [-1, 0, 0], [1, 0, 1], [1, 1, 1]])
    found = evaluated(Table(tuple(words), Vectors(matrix)), written("man woman king queen\n"))
    assert found.answers[0].rows == (0, 1, 3, 4)
    assert found.answers[0].right
    assert "Ġking for king" in found.notes[0]


@pytest.mark.parametrize(
    ("options", "score"),
    [
        ({"restrict_vocab": 3000}, 0.6188898),
        ({"restrict_vocab": 3000, "count_unknown": True}, 0.0382214),
        ({"case_sensitive": True}, 0.4404008),
        ({"count_unknown": True}, 0.0946582),
    ],
)
def test_the_options_mean_what_they_mean_to_gensim(shared_data, options, score):
    table = pipeline.open_table(shared_data / "word2vec_imdb_10k")
    found = evaluated(table, shared_data / "eval" / "questions-words.txt", **options)
    assert found.score == pytest.approx(score, abs=1e-6)


def test_the_score_of_the_public_analogies_is_that_of_gensim(shared_data):
    """Numbers of gensim 4.4, KeyedVectors.evaluate_word_analogies (benchmarks/evaluation.py)."""
    table = pipeline.open_table(shared_data / "word2vec_imdb_10k")
    found = evaluated(table, shared_data / "eval" / "questions-words.txt")
    assert (found.known, found.asked) == (4298, 19544)
    assert found.score == pytest.approx(0.4304328, abs=1e-6)
    right = {section.name: section.right for section in found.sections}
    assert (right["family"], right["gram3-comparative"], right["currency"]) == (235, 352, 0)


def test_several_lists_give_a_result_each_in_their_order(kin, written, tmp_path):
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("man\twoman\t9\n")
    found = pipeline.evaluate(kin, [written(LIST), pairs, str(pairs)])
    assert [one.kind for one in found] == ["analogies", "word similarity", "word similarity"]


def test_the_work_says_how_far_it_is_and_can_be_stopped(kin, written):
    seen = []
    evaluated(kin, written(LIST), report=seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)

    def stop(progress):
        if progress.message == "Solving analogies":
            raise Cancelled

    with pytest.raises(Cancelled):
        evaluated(kin, written(LIST), report=stop)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"how": "sum"}, "no method 'sum'"), ({"restrict_vocab": 0}, "restricted to 0 rows")],
)
def test_options_out_of_range_are_refused(kin, written, options, message):
    with pytest.raises(ParameterError, match=message):
        pipeline.evaluate(kin, written(LIST), **options)


def test_no_file_is_refused_and_a_bad_one_named_before_anything_is_asked(kin, written, tmp_path):
    with pytest.raises(ParameterError, match="no file"):
        pipeline.evaluate(kin, [])
    seen = []
    with pytest.raises(InputError, match=r"none\.txt"):
        pipeline.evaluate(kin, [written(LIST), tmp_path / "none.txt"], report=seen.append)
    assert {progress.message for progress in seen} == {"Reading the list"}


def test_an_empty_table_knows_nothing(written):
    empty = Table((), Vectors(np.empty((0, 3), dtype=np.float32)))
    found = evaluated(empty, written(LIST))
    assert (found.known, len(found.misses)) == (0, 6)


# --- the file of misses ------------------------------------------------------------------------


def test_misses_are_written_one_a_line(kin, written, tmp_path):
    results = pipeline.evaluate(kin, written(LIST))
    path = pipeline.write_misses(results, tmp_path / "misses.csv")
    raw = path.read_bytes()
    assert raw.count(b"\r\n") == 5
    with path.open(encoding="utf-8", newline="") as file:
        header, first, *_ = csv.reader(file)
    assert header[:4] == ["file", "line", "kind", "section"]
    assert first[1:] == ["3", "wrong", "family", "man woman king", "dog", "queen", "2", ""]


def test_a_miss_that_is_a_formula_is_made_safe_if_asked(kin, written, tmp_path):
    results = pipeline.evaluate(kin, written("=1+1 woman king queen\nman woman king queen\n"))
    plain = pipeline.write_misses(results, tmp_path / "misses.csv").read_text()
    safe = pipeline.write_misses(results, tmp_path / "safe.csv", spreadsheet_safe=True)
    assert ",=1+1 woman king," in plain
    assert ",'=1+1 woman king," in safe.read_text()


def test_misses_that_cannot_be_written_leave_nothing(kin, written, tmp_path):
    results = pipeline.evaluate(kin, written(LIST))
    with pytest.raises(OutputError):
        pipeline.write_misses(results, tmp_path / "none" / "misses.csv")
    assert {path.name for path in tmp_path.iterdir()} == {"list.txt"}
