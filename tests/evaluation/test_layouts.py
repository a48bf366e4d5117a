"""Analogies as pairs of one relation (BATS), and as questions and answers in two files (MSR)."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import pipeline
from explorer.errors import ExplorerError, InputError
from explorer.evaluation import (
    UNKNOWN,
    UNREADABLE,
    WRONG,
    Analogies,
    QuestionList,
    read_list,
    relations,
)
from explorer.table import Table
from explorer.vectors import Vectors

BATS = {
    "1_Inflections/I01 [noun - plural_reg].txt": "dog\tdogs\ncat\tcats\ncow\tcows\n",
    "1_Inflections/I02 [verb].txt": "go\twent\nsee\tsaw\n",
    "3_Lexicography/L01 [hypernyms].txt": "cat\tfeline/animal/mammal\ndog\tcanine/animal\n",
}


@pytest.fixture
def bats(tmp_path: Path) -> Path:
    folder = tmp_path / "BATS_3.0"
    for name, text in BATS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "metadata.json").write_text("{}")
    return folder


@pytest.fixture
def msr(tmp_path: Path) -> Path:
    path = tmp_path / "word_relationship.questions"
    path.write_text("good better rough\nbetter good rougher\ntown towns city\nsee sees go\n")
    path.with_suffix(".answers").write_text(
        "JJ_JJR rougher\nJJR_JJ rough\nNN_NNS cities\nVB_VBZ goes\n"
    )
    return path


def read(path: Path) -> QuestionList:
    found = read_list(path)
    assert isinstance(found, QuestionList)
    return found


def table_of(words: dict[str, list[float]]) -> Table:
    return Table(tuple(words), Vectors(np.array(list(words.values()), np.float32)))


@pytest.fixture
def answers(written):
    """The answers of a table to the pairs of one relation."""
    return lambda words, text: evaluated(table_of(words), written(text)).answers


def evaluated(table: Table, paths, **options) -> Analogies:
    (found,) = pipeline.evaluate(table, paths, **options)
    assert isinstance(found, Analogies)
    return found


# --- BATS --------------------------------------------------------------------------------------


def test_every_pair_of_a_relation_is_asked_about_every_other(bats):
    found = read(bats)
    assert len(found.questions) == 3 * 2 + 2 + 2
    first = [(q.a, q.b, q.c, q.right) for q in found.questions if q.line == 1][:2]
    assert first == [("cat", "cats", "dog", ("dogs",)), ("cow", "cows", "dog", ("dogs",))]


def test_files_are_sections_and_folders_their_groups(bats):
    found = read(bats)
    sections = list(dict.fromkeys((q.group, q.section) for q in found.questions))
    assert sections == [
        ("1_Inflections", "I01 [noun - plural_reg]"),
        ("1_Inflections", "I02 [verb]"),
        ("3_Lexicography", "L01 [hypernyms]"),
    ]


def test_all_right_answers_are_kept_and_the_first_of_the_known_pair_is_asked_with(bats):
    (first, second) = read(bats).questions[-2:]
    assert (first.a, first.b, first.c) == ("dog", "canine", "cat")
    assert first.right == ("feline", "animal", "mammal")
    assert (second.b, second.right) == ("feline", ("canine", "animal"))


def test_any_right_answer_counts_and_the_best_one_has_the_rank(answers):
    words = {
        "cat": [1, 0, 0], "feline": [1, 1, 0], "dog": [1, 0, 1], "animal": [1, 1, 1],
        "far": [-1, 0, 0], "canine": [-1, -1, -1],
    }  # fmt: skip
    answer = answers(words, "cat\tfeline\ndog\tcanine/animal\n")[1]
    assert (answer.question.c, answer.word, answer.right, answer.rank) == ("dog", "animal", True, 1)
    wrong = answers(words, "cat\tfeline\ndog\tcanine/far\n")[1]
    assert (wrong.word, wrong.right, wrong.rank) == ("animal", False, 2)


def test_one_right_answer_in_the_table_is_enough_to_ask(answers):
    words = {"cat": [1, 0], "feline": [0, 1], "dog": [1, 1], "animal": [-1, 1]}
    text = "cat\tfeline\ndog\tunheard/animal\n"
    asked, missed = answers(words, text)[::-1]
    assert (asked.question.c, asked.missing, asked.rows[3]) == ("dog", (), 3)
    assert missed.missing == ("unheard",)  # the pair is asked with its first answer
    gone = answers(words, "cat\tfeline\ndog\tunheard/unseen\n")[1]
    assert gone.missing == ("unheard", "unseen")


def test_right_answers_that_the_question_names_are_none(tmp_path):
    words = {"cat": [1, 0], "animal": [0, 1], "dog": [1, 1], "pet": [-1, 1]}
    path = tmp_path / "list.txt"
    path.write_text("cat\tanimal\ndog\tanimal/pet\n")
    answer = evaluated(table_of(words), path).answers[1]
    assert (answer.word, answer.right) == ("pet", True)
    path.write_text("cat\tanimal\ndog\tanimal/cat\n")
    missed = evaluated(table_of(words), path).misses[1]
    assert (missed.rank, missed.note) == (None, "every right word is one of the question's own")


@settings(max_examples=25)
@given(seed=st.integers(0, 2**31 - 1), how=st.sampled_from(["add", "mul"]))
def test_many_right_answers_are_judged_as_the_whole_ranking_says(tmp_path_factory, seed, how):
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(30, 6)).astype(np.float32)
    table = Table(tuple(f"w{row}" for row in range(30)), Vectors(matrix))
    lines = []
    for row in range(6):
        right = random.choice(30, random.integers(1, 6), replace=False)
        lines.append(f"w{row}\t" + "/".join(f"w{one}" for one in right))
    path = tmp_path_factory.mktemp("lists") / "relation.txt"
    path.write_text("\n".join(lines))
    for answer in evaluated(table, path, how=how).answers:
        asked = answer.question
        a, b, c = (table.row_of(word) for word in (asked.a, asked.b, asked.c))
        ranked = pipeline.analogy(table, a, b, c, 30, how=how).rows.tolist()
        places = [ranked.index(row) for row in map(table.row_of, asked.right) if row in ranked]
        assert answer.rank == (min(places) + 1 if places else None)
        assert answer.right == (bool(places) and min(places) == 0)


def test_misses_are_in_the_order_of_the_files_and_lines_of_their_own(bats):
    broken = bats / "1_Inflections" / "I02 [verb].txt"
    broken.write_text("".join(f"go{n}\twent\n" for n in range(12)) + "one two three\n")
    table = table_of({"dog": [1, 0], "dogs": [0, 1], "cat": [1, 1], "cats": [-1, 0]})
    found = evaluated(table, bats)
    sections = list(dict.fromkeys(miss.section for miss in found.misses))
    assert sections == [section.name for section in found.sections]
    unread = [miss for miss in found.misses if miss.kind == UNREADABLE]
    assert [(miss.line, miss.section) for miss in unread] == [(13, "I02 [verb]")]
    assert {miss.kind for miss in found.misses} <= {WRONG, UNKNOWN, UNREADABLE}


def test_groups_have_their_own_accuracy(bats):
    words = {"dog": [1, 0, 0], "dogs": [1, 1, 0], "cat": [1, 0, 1], "cats": [1, 1, 1]}
    found = evaluated(table_of(words), bats)
    assert [(g.name, g.right, g.known) for g in found.groups] == [
        ("1_Inflections", 2, 2),
        ("3_Lexicography", 0, 0),
    ]


def test_a_single_file_of_pairs_says_how_it_is_asked(tmp_path):
    path = tmp_path / "E01 [country - capital].txt"
    path.write_text("athens\tgreece\noslo\tnorway\nbern\tswitzerland,helvetia\n")
    found = read(path)
    assert len(found.questions) == 6
    assert found.questions[-1].right == ("switzerland", "helvetia")
    assert "asked about every other" in found.notes[0]


def test_what_is_no_list_in_a_folder_is_left_out_and_said_to_be(bats):
    (bats / "README.txt").write_text("This is the set of analogies.\nSee the paper.\n")
    found = read(bats)
    assert found.notes == ("README.txt holds no pairs of words, and was left out.",)
    assert len(found.questions) == 10


def test_a_folder_without_lists_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("one two three four five\n" * 5)
    with pytest.raises(InputError, match="holds no files with pairs of words") as told:
        read_list(tmp_path)
    assert "BATS" in str(told.value)


def test_far_too_many_pairs_or_files_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "many.txt"
    path.write_text("".join(f"a{n}\tb{n}\n" for n in range(1001)))
    with pytest.raises(InputError, match="1,001 pairs, too many"):
        read_list(path)
    monkeypatch.setattr(relations, "_MOST_FILES", 2)
    for name in "abc":
        (tmp_path / name).write_text("a\tb\nc\td\n")
    with pytest.raises(InputError, match="more than 2 files"):
        read_list(tmp_path)


# --- MSR ---------------------------------------------------------------------------------------


def test_questions_have_the_answers_and_relations_of_the_file_beside_them(msr):
    found = read(msr)
    asked = [(q.section, q.a, q.b, q.c, q.expected, q.group) for q in found.questions]
    assert asked[0] == ("JJ_JJR", "good", "better", "rough", "rougher", "adjectives")
    assert [one[-1] for one in asked] == ["adjectives", "adjectives", "nouns", "verbs"]
    assert found.questions[3].line == 4


def test_either_file_or_their_folder_names_the_list_once(msr, tmp_path):
    answers = msr.with_suffix(".answers")
    assert read(answers) == read(msr) == read(tmp_path)
    table = table_of({"good": [1, 0], "better": [0, 1]})
    assert len(pipeline.evaluate(table, [answers, msr])) == 1


def test_questions_without_answers_are_refused(msr):
    msr.with_suffix(".answers").unlink()
    with pytest.raises(InputError, match=r"no word_relationship\.answers beside it"):
        read_list(msr)


def test_lines_that_do_not_fit_together_are_kept_with_the_reason(msr):
    msr.write_text("good better rough\nbetter good\ntown towns city\nsee sees go\na b c\n")
    msr.with_suffix(".answers").write_text(
        "JJ_JJR rougher\nJJR_JJ rough\nNN_NNS big cities\ngoes\n"
    )
    found = read(msr)
    assert [(q.line, q.section, q.expected) for q in found.questions] == [
        (1, "JJ_JJR", "rougher"),
        (4, "", "goes"),
    ]
    assert [(one.line, one.problem) for one in found.bad_lines] == [
        (2, "three words are needed, and here are 2"),
        (3, "a relation and an answer are needed, and here are 3 words"),
        (5, "there is no answer on the same line"),
    ]


# --- both --------------------------------------------------------------------------------------

_TEXTS = st.text(st.sampled_from("ab/,\t\n .7é\x00#:"), max_size=60)


@settings(max_examples=150)
@given(questions=_TEXTS, answers=_TEXTS, pairs=_TEXTS)
def test_no_folder_raises_anything_but_our_errors(tmp_path_factory, questions, answers, pairs):
    folder = tmp_path_factory.mktemp("lists")
    (folder / "pairs.txt").write_text(pairs)
    for path in (folder, folder / "pairs.txt"):
        _read_or_refuse(path)
    (folder / "x.questions").write_text(questions)
    (folder / "x.answers").write_text(answers)
    _read_or_refuse(folder)


def _read_or_refuse(path):
    try:
        found = read_list(path)
    except ExplorerError:
        return
    if isinstance(found, QuestionList):
        assert all(q.a and q.b and q.c and all(q.right) for q in found.questions)
