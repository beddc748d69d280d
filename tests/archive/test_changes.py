"""Word by word: what two states of a text share, and what they do not."""

from __future__ import annotations

import random
import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.changes import Piece, compare


def test_an_edit_of_one_word_is_one_word_gone_and_one_come() -> None:
    assert compare("Hạ Long đón 2 triệu khách.", "Hạ Long đón 3 triệu khách.") == [
        Piece("same", "Hạ Long đón "), Piece("removed", "2"), Piece("added", "3"),
        Piece("same", " triệu khách."),
    ]  # fmt: skip


def test_neighbouring_words_are_one_edit() -> None:
    pieces = compare("do ông Nguyễn Văn Anh ký", "do bà Trần Thị Lan ký")
    assert [piece.kind for piece in pieces] == ["same", "removed", "added", "same"]


def test_a_paragraph_that_was_added_stands_alone() -> None:
    assert compare("Một.\n\nHai.", "Một.\n\nMới.\n\nHai.").count(Piece("removed", "Hai")) == 0


@given(st.text("ab \nđ.", max_size=60), st.text("ab \nđ.", max_size=60))
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


def test_long_texts_do_not_hold_up_the_site() -> None:
    words = random.Random(1)
    began = time.process_time()
    same = " ".join(["và"] * 30_000)
    compare(same, f"{same} thêm")
    compare(*(" ".join(words.choice("abcdefgh") for _ in range(9_000)) for _ in range(2)))
    compare(*(" ".join(str(words.randrange(400)) for _ in range(4_500)) for _ in range(2)))
    assert time.process_time() - began < 5
