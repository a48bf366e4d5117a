import numpy as np

from explorer.graph.keys import in_table, keys_of, rows_of, sorted_by

NUMBERS = np.array([-np.inf, -3e38, -1, -1e-45, 0, 1e-45, 0.5, 3e38, np.inf], dtype=np.float32)


def test_keys_are_in_the_order_of_their_numbers():
    keys = keys_of(NUMBERS)
    assert (np.diff(keys.astype(object)) > 0).all()


def test_equal_numbers_are_in_the_order_of_their_rows():
    keys = keys_of(np.full(3, -2, np.float32)) | np.array([7, 2**32 - 2, 0], np.uint64)
    assert rows_of(np.sort(keys)).tolist() == [0, 7, 2**32 - 2]


def test_a_key_tells_its_number_and_its_row():
    keys = keys_of(NUMBERS) | np.arange(9, dtype=np.uint64)
    assert (sorted_by(keys) == NUMBERS).all()
    assert (rows_of(keys) == np.arange(9)).all()


def test_a_table_has_the_keys_of_each_query_and_room_for_the_least():
    keys = np.array([5, 3, 9], dtype=np.uint64)
    none = 2**64 - 1
    table = np.sort(in_table(keys, np.array([0, 2, 2]), 3, 1, none), axis=1)
    assert table.tolist() == [[5, none], [none, none], [3, 9]]
    assert in_table(keys, np.array([0, 2, 2]), 3, 4, none).shape == (3, 4)
