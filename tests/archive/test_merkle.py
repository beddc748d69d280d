"""Merkle trees: the values RFC 6962's reference gives, and every path leads to the root."""

from __future__ import annotations

import pytest

from archive import merkle

# The inputs and roots of the reference implementation of Certificate Transparency.
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("count", ROOTS)
def test_roots_are_those_of_certificate_transparency(count: int) -> None:
    assert merkle.root([merkle.leaf(each) for each in INPUTS[:count]]).hex() == ROOTS[count]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 33])
def test_every_leaf_climbs_to_the_root_and_no_other_does(count: int) -> None:
    leaves = [merkle.leaf(bytes([number])) for number in range(count)]
    root = merkle.root(leaves)
    for number, leaf in enumerate(leaves):
        steps = merkle.path(leaves, number)
        assert merkle.climb(leaf, steps) == root
        assert merkle.climb(merkle.leaf(b"other"), steps) != root
    with pytest.raises(IndexError):
        merkle.path(leaves, count)
