import pytest

from explorer.progress import Cancelled, Progress, part


def test_the_fraction_is_unknown_without_a_total_and_never_above_one():
    assert Progress(3, 0).fraction is None
    assert Progress(3, 4).fraction == 0.75
    assert Progress(5, 4).fraction == 1.0


def test_a_part_maps_its_own_range_into_the_whole():
    told: list[Progress] = []
    half = part(told.append, 0.5, 1.0)
    half(Progress(0, 10))
    half(Progress(5, 10))
    half(Progress(10, 10))
    assert [progress.fraction for progress in told] == [0.5, 0.75, 1.0]


def test_a_part_of_unknown_length_stands_at_its_start():
    told: list[Progress] = []
    part(told.append, 0.2, 0.4)(Progress(99, 0))
    assert told[0].fraction == 0.2


def test_a_part_of_a_part_lies_within_both():
    told: list[Progress] = []
    part(part(told.append, 0.5, 1.0), 0.0, 0.5)(Progress(1, 1))
    assert told[0].fraction == 0.75


def test_a_part_hands_the_message_and_the_partial_result_on():
    told: list[Progress] = []
    partial = object()
    part(told.append, 0, 1)(Progress(1, 2, "Halfway", partial))
    assert told[0].message == "Halfway"
    assert told[0].partial is partial


def test_a_wish_to_stop_passes_through_a_part():
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        part(stop, 0, 0.5)(Progress(1, 2))
