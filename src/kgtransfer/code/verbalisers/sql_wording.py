"""Tree of an SQL query -> a phrase in words, such as people ask with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from kgtransfer.code.languages.sql import PARTS, aliases

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SqlWords", "in_words"]

MOST_TABLES = 4  # that a phrase names
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like)
AGGREGATES = (exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max)


@dataclass(frozen=True)
class SqlWords:
    """What to say for the parts, tables and columns of a query.

    Attributes:
        part: name of a query part in `ontology/sql.ttl` -> words.
        table: name of a table, as written -> words.
        column: names of a table, which may be empty, and of a column in it -> words.
    """

    part: Callable[[str], str]
    table: Callable[[str], str]
    column: Callable[[str, str], str]


def in_words(tree: exp.Expr, words: SqlWords) -> str:
    """Tree of a query -> what it asks for, in one phrase.

    Joins by equal columns are not said, nor how columns are called for the time of the query.
    """
    return _joined([_Phrases(words).query(tree)])


@dataclass(frozen=True)
class _Phrases:
    words: SqlWords
    tables: dict[str, str] = field(default_factory=dict)  # alias in lower case -> name

    def query(self, tree: exp.Expr | None) -> str:
        if isinstance(tree, exp.SetOperation):
            left, right = self.query(tree.left), tree.right
            rest = self._inside(right).condition(right) if isinstance(right, exp.Select) else ""
            return _joined([left, self._part(tree), rest or self.query(right)])
        if isinstance(tree, exp.Subquery):
            return self.query(tree.this)
        return self._inside(tree).select(tree) if isinstance(tree, exp.Select) else ""

    def select(self, tree: exp.Select) -> str:
        tables = self._table_words(tree)
        shown = [self.term(column) for column in tree.expressions]
        if tree.args.get("distinct"):
            shown[:1] = [f"{self.words.part('distinct')} {shown[0]}"]
        of = "" if _counts_rows(tree) else self.words.part("from")
        parts = [f" {self.words.part('and')} ".join(shown), of, tables, self.condition(tree)]
        if group := tree.args.get("group"):
            parts += [self.words.part("groupBy"), *map(self.term, group.expressions)]
        if having := tree.args.get("having"):
            parts.append(self.test(having.this))
        if order := tree.args.get("order"):
            parts += [self._order(by, tree, tables) for by in order.expressions]
        return _joined(parts)

    def condition(self, tree: exp.Expr) -> str:
        where = tree.args.get("where")
        return self.test(where.this) if where else ""

    def test(self, tree: exp.Expr) -> str:
        """What a row is to pass."""
        tree = tree.unnest()
        if isinstance(tree, exp.And | exp.Or):
            both = [side for side in (self.test(tree.left), self.test(tree.right)) if side]
            return f" {self._part(tree)} ".join(both)
        if isinstance(tree, exp.Not):
            inner = tree.this.unnest()
            if isinstance(inner, exp.In):
                return self._among(inner, self.words.part("except"), negated=True)
            return _joined([self.words.part("not"), self.test(inner)])
        if isinstance(tree, exp.In):
            return self._among(tree, "that have")
        if isinstance(tree, exp.Between):
            bounds = [self.term(tree.args[bound]) for bound in ("low", "high")]
            said = [self.term(tree.this), self._part(tree)]
            return _joined([*said, f" {self.words.part('and')} ".join(bounds)])
        if isinstance(tree, exp.Is):
            return _joined([self.term(tree.this), self._part(tree)])
        return self._compared(tree) if isinstance(tree, COMPARISONS) else self.term(tree)

    def term(self, tree: exp.Expr) -> str:
        """A column, a value, or what is made of them."""
        tree = tree.unalias().unnest()
        if isinstance(tree, exp.Column):
            if isinstance(tree.this, exp.Star):
                return ""
            table = self.tables.get(tree.table.lower(), tree.table)
            return self.words.column(table, tree.name)
        if isinstance(tree, exp.Literal):
            return tree.name.strip("%")
        if isinstance(tree, exp.Distinct):
            return _joined([self._part(tree), *map(self.term, tree.expressions)])
        if isinstance(tree, AGGREGATES):
            return _joined([self._part(tree), self.term(tree.this)])
        if isinstance(tree, exp.Query):
            return self.query(tree)
        return _joined(self.term(part) for part in tree.iter_expressions())

    def _compared(self, tree: exp.Binary) -> str:
        left, right = tree.left, tree.right
        if isinstance(left, exp.Column) and isinstance(right, exp.Column):
            return ""  # a join
        inner = right.unnest()
        if isinstance(inner, exp.Select) and isinstance(inner.expressions[0], exp.Min | exp.Max):
            # the rows that have the most of something
            extreme = ["with the", self._part(inner.expressions[0]), self.term(left)]
            return _joined([*extreme, self._inside(inner).condition(inner)])
        said = [self.words.part("where"), self.term(left), self._part(tree), self.term(right)]
        return _joined(said)

    def _among(self, tree: exp.In, opening: str, *, negated: bool = False) -> str:
        inner = tree.args.get("query")
        if inner is None:
            listed = f" {self.words.part('or')} ".join(map(self.term, tree.expressions))
            no = self.words.part("not") if negated else ""
            return _joined([self.term(tree.this), no, self._part(tree), listed])
        select = inner.find(exp.Select)
        if select is None:
            return ""
        condition = self._inside(select).condition(select)
        return _joined([opening, self._table_words(select), condition])

    def _order(self, by: exp.Expr, tree: exp.Select, tables: str) -> str:
        descends = bool(by.args.get("desc"))
        direction = self.words.part("descending" if descends else "ascending")
        limit = tree.args.get("limit")
        if limit is None:
            return _joined([self.words.part("orderBy"), self.term(by.this), direction])
        number = limit.expression.name if limit.expression else ""
        extreme = self.words.part("maximum" if descends else "minimum")
        of = tables if _counts(by.this) else ""
        return _joined(
            ["with the", "" if number == "1" else number, extreme, self.term(by.this), of]
        )

    def _table_words(self, tree: exp.Select) -> str:
        """Its tables, those first whose columns it shows."""
        names = list(dict.fromkeys(aliases(tree).values()))
        shown = {
            aliases(tree).get(column.table.lower(), "")
            for part in tree.expressions
            for column in part.find_all(exp.Column)
        }
        names.sort(key=lambda name: name not in shown)
        return _joined(dict.fromkeys(self.words.table(name) for name in names[:MOST_TABLES]))

    def _part(self, tree: exp.Expr) -> str:
        return self.words.part(PARTS[type(tree)])

    def _inside(self, tree: exp.Expr) -> _Phrases:
        """The same within a SELECT, whose names for tables come before those around it."""
        return replace(self, tables=self.tables | aliases(tree))


def _counts(tree: exp.Expr) -> bool:
    """Whether rows are counted, not values."""
    return isinstance(tree, exp.Count) and isinstance(tree.this, exp.Star)


def _counts_rows(tree: exp.Select) -> bool:
    return len(tree.expressions) == 1 and _counts(tree.expressions[0].unalias())


def _joined(words: Iterable[str]) -> str:
    return " ".join(" ".join(words).split())
