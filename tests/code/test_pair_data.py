"""What kind of code rows of a file are of."""

from __future__ import annotations

import pytest

from kgtransfer.code.pair_data import KINDS

CODES = {
    "sql": ["SELECT count(*) FROM singer", "select name from t where id = (select max(id) from t)"],
    "bash": [
        "find . -name '*.py' | xargs wc -l",
        "top -n 1",
        "awk '(NR > 1) { print $1 }' rows.csv",
    ],
    "calls": [
        "pub fn total(rows: &[Row]) -> usize { rows.iter().map(|row| row.size).sum() }",
        "String path ( String name ) { return Paths . get ( name ) . toString ( ) ; }",
        "void close ( ) throws IOException { file . close ( ) ; }",
        "sorted(rows, key=len)",
        "def f(x):\n    return x",
    ],
}


@pytest.mark.parametrize(("kind", "code"), [(k, code) for k, of in CODES.items() for code in of])
def test_a_row_is_of_the_first_kind_that_it_looks_like(kind: str, code: str) -> None:
    assert next(name for name, known in KINDS.items() if known.is_one(code)) == kind
