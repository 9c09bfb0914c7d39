"""One test for each thing that pytest writes into its report in a way of its own."""

import unittest

import pytest


def test_passes():
    print("]]> is in the output, and so is \x1b[31mred\x1b[0m")


def test_fails():
    print("]]> is in the output, and so is \x1b[31mred\x1b[0m")
    assert 1 == 2, "one is not two ]]> <b> &amp; \x1b[31mred\x1b[0m"


def test_raises():
    raise ValueError("no such thing")


class TestGroup:
    def test_inside(self):
        pass

    @pytest.mark.parametrize("word", ["a", "größer", "x.y::z", "two\nlines"])
    def test_words(self, word):
        assert word != "größer"


class Old(unittest.TestCase):
    def test_old(self):
        self.assertEqual(1, 1)


@pytest.mark.skip(reason="not here")
def test_skipped():
    assert False


@pytest.mark.xfail(reason="known")
def test_expected_to_fail():
    assert False


@pytest.mark.xfail(reason="known")
def test_passes_against_expectation():
    pass


@pytest.mark.xfail(reason="known", strict=True)
def test_passes_against_strict_expectation():
    pass


@pytest.fixture
def broken():
    raise RuntimeError("no database")


def test_with_broken_fixture(broken):
    pass


@pytest.fixture
def untidy():
    yield
    raise RuntimeError("could not tidy up")


def test_with_untidy_fixture(untidy):
    pass


def test_fails_with_untidy_fixture(untidy):
    assert False


def test_with_subtests(subtests):
    for number in range(3):
        with subtests.test(number=number):
            assert number != 1
