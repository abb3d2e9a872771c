"""
The small language of formulas: counts, ages in brackets, the four operations, a few functions.

``100 * (population[:young] + population[old:]) / population[young:old]``

A name is a quantity or a parameter; one with a hyphen or a digit at its beginning stands in
quotation marks: ``"13111-erw032"``. In brackets stand a sex (m, f, d) and ages from:to, where "to"
is the first age that no longer belongs. What a formula says is read into a tree of the classes
below; nothing is ever executed. How a tree is computed is told in ``domain.reckoning``, how people
read it in ``domain.wording``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from zusammenplan.indicators.domain.sides import OLDEST

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 600
MOST_DEPTH = 30
MOST_DIGITS = 12
SEXES = ("m", "f", "d")

Operation = Literal["+", "-", "*", "/"]
Bound = int | str | None


class FormulaProblem(StrEnum):
    """What is wrong with a formula."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    SIGN = "sign"
    NUMBER = "number"
    END = "end"
    UNEXPECTED = "unexpected"
    BRACKET = "bracket"
    SEX = "sex"
    AGE = "age"
    AGE_ORDER = "age_order"
    FUNCTION = "function"
    ARGUMENTS = "arguments"
    COUNT_EXPECTED = "count_expected"
    YEARS = "years"
    NAME = "name"
    NO_COUNT = "no_count"
    NESTED = "nested"


class FormulaError(ValueError):
    """The formula cannot be read; ``at`` is the place from 1 on, ``text`` what stands there."""

    def __init__(self, problem: FormulaProblem, at: int = 1, text: str = "") -> None:
        super().__init__(f"{problem} at {at}: {text}")
        self.problem = problem
        self.at = at
        self.text = text


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter that is used as a number."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity, of one sex or all, of an age group or all."""

    name: str
    sex: str = ""
    age_from: Bound = None
    age_to: Bound = None
    at: int = 1


@dataclass(frozen=True, slots=True)
class Minus:
    """The opposite of a value."""

    of: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values and what is done with them."""

    operation: Operation
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values."""

    function: str
    arguments: tuple[Node, ...]
    at: int = 1


Node = Number | Name | Count | Minus | Binary | Call

# How many arguments each function takes.
FUNCTIONS = {
    "mean_age": 1,
    "median_age": 1,
    "earlier": 2,
    "in_year": 2,
    "segregation": 2,
    "weighted": 2,
}
OF_ONE_COUNT = frozenset({"mean_age", "median_age"})
OF_ANOTHER_TIME = frozenset({"earlier", "in_year"})
OF_PARTS = frozenset({"segregation", "weighted"})

TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>\d+(?:[.,]\d+)?)"
    r"|(?P<quoted>\"[\w-]{1,80}\")"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>[-+*/()\[\],:×÷·−–])"
)
RESPELLED = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"}


@lru_cache(maxsize=2048)
def read_formula(text: str, parameters: frozenset[str] = frozenset()) -> Node:
    """
    Read a formula into its tree; ``parameters`` are the names that stand for limits of age.

    :raises FormulaError: if it cannot be read
    """
    if not text.strip():
        raise FormulaError(FormulaProblem.EMPTY)
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(FormulaProblem.TOO_LONG, MOST_CHARACTERS)
    tree = _Reader(text, parameters).read()
    if not any(True for _ in counts_of(tree)):
        raise FormulaError(FormulaProblem.NO_COUNT)
    return tree


def nodes_of(tree: Node) -> Iterator[Node]:
    """Give the tree and all that is in it, in the order in which it is written."""
    yield tree
    if isinstance(tree, Minus):
        yield from nodes_of(tree.of)
    elif isinstance(tree, Binary):
        yield from nodes_of(tree.left)
        yield from nodes_of(tree.right)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            yield from nodes_of(argument)


def counts_of(tree: Node) -> Iterator[Count]:
    """Give the counts in the order in which they are written."""
    return (node for node in nodes_of(tree) if isinstance(node, Count))


def quantities_of(tree: Node) -> tuple[str, ...]:
    """Give the short names of all quantities, each once, in the order of the formula."""
    return tuple(dict.fromkeys(count.name for count in counts_of(tree)))


def functions_of(tree: Node) -> frozenset[str]:
    """Give the names of the functions that are used."""
    return frozenset(node.function for node in nodes_of(tree) if isinstance(node, Call))


@lru_cache(maxsize=2048)
def division_of(tree: Node) -> tuple[Node, Node] | None:
    """
    Give numerator and denominator of the division that the formula is, without constant factors.

    ``100 * a / b`` and ``100 * (a / b - 1)`` are divisions of a by b; ``a - b`` is none.
    """
    if isinstance(tree, Binary):
        left_plain, right_plain = _is_plain(tree.left), _is_plain(tree.right)
        if tree.operation == "/" and not right_plain:
            return _without_factor(tree.left), _without_factor(tree.right)
        if right_plain:
            return division_of(tree.left)
        if left_plain and tree.operation != "/":
            return division_of(tree.right)
    return division_of(tree.of) if isinstance(tree, Minus) else None


def _without_factor(tree: Node) -> Node:
    if isinstance(tree, Binary) and tree.operation in "*/":
        if _is_plain(tree.right):
            return _without_factor(tree.left)
        if tree.operation == "*" and _is_plain(tree.left):
            return _without_factor(tree.right)
    return tree


def _is_plain(tree: Node) -> bool:
    """Tell whether there is no count in it."""
    return not any(True for _ in counts_of(tree))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Reader:
    """Reads one formula from the left to the right, multiplication before addition."""

    def __init__(self, text: str, parameters: frozenset[str]) -> None:
        self.tokens = list(_tokens(text))
        self.parameters = parameters
        self.here = 0
        self.depth = 0
        self.end = len(text) + 1

    def read(self) -> Node:
        tree = self.sum()
        if self.here < len(self.tokens):
            token = self.tokens[self.here]
            raise FormulaError(FormulaProblem.UNEXPECTED, token.at, token.text)
        return tree

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise FormulaError(FormulaProblem.TOO_DEEP, self.place())
        tree = self.product()
        length = 0
        while (sign := self.take("+", "-")) is not None:
            length = self.longer(length)
            tree = Binary("+" if sign == "+" else "-", tree, self.product())
        self.depth -= 1
        return tree

    def product(self) -> Node:
        tree = self.value()
        length = 0
        while (sign := self.take("*", "/")) is not None:
            length = self.longer(length)
            tree = Binary("*" if sign == "*" else "/", tree, self.value())
        return tree

    def longer(self, length: int) -> int:
        # A long row of operations is a deep tree, too.
        if length >= MOST_DEPTH:
            raise FormulaError(FormulaProblem.TOO_DEEP, self.place())
        return length + 1

    def value(self) -> Node:
        signs = 0
        while (sign := self.take("+", "-")) is not None:
            signs += sign == "-"
        tree = self.single()
        return Minus(tree) if signs % 2 else tree

    def single(self) -> Node:
        token = self.next()
        if token.kind == "number":
            return Number(_number(token))
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            tree = self.sum()
            self.demand(")", token)
            return tree
        raise FormulaError(FormulaProblem.UNEXPECTED, token.at, token.text)

    def named(self, token: _Token) -> Node:
        if self.take("(") is not None:
            return self.call(token)
        if self.take("[") is not None:
            return self.count(token)
        if token.text in self.parameters:
            return Name(token.text, token.at)
        return Count(token.text, at=token.at)

    def call(self, token: _Token) -> Node:
        if token.text not in FUNCTIONS:
            raise FormulaError(FormulaProblem.FUNCTION, token.at, token.text)
        arguments = [self.sum()]
        while self.take(",") is not None:
            arguments.append(self.sum())
        self.demand(")", token)
        if len(arguments) != FUNCTIONS[token.text]:
            raise FormulaError(FormulaProblem.ARGUMENTS, token.at, token.text)
        call = Call(token.text, tuple(arguments), token.at)
        _check(call)
        return call

    def count(self, token: _Token) -> Count:
        sex = ""
        if self.peek("name") in SEXES and self.peek("sign", 1) in {",", "]"}:
            sex = self.next().text
            if self.take(",") is None:
                self.demand("]", token)
                return Count(token.text, sex, at=token.at)
        age_from = self.bound()
        if self.take(":") is None:
            wrong = self.next()
            is_sex = age_from is None or isinstance(age_from, str)
            problem = FormulaProblem.SEX if is_sex else FormulaProblem.AGE
            raise FormulaError(problem, wrong.at, wrong.text)
        age_to = self.bound()
        self.demand("]", token)
        if isinstance(age_from, int) and isinstance(age_to, int) and age_from >= age_to:
            raise FormulaError(FormulaProblem.AGE_ORDER, token.at, f"{age_from}:{age_to}")
        return Count(token.text, sex, age_from, age_to, token.at)

    def bound(self) -> Bound:
        """Read a limit of age: a whole number, a parameter, or nothing."""
        if (number := self.peek("number")) is not None:
            token = self.next()
            if not number.isdecimal() or int(number) > OLDEST:
                raise FormulaError(FormulaProblem.AGE, token.at, number)
            return int(number)
        if (name := self.peek("name")) is not None:
            token = self.next()
            if name not in self.parameters:
                problem = FormulaProblem.NAME if self.peek("sign") == ":" else FormulaProblem.SEX
                raise FormulaError(problem, token.at, name)
            return name
        return None

    def peek(self, kind: str, further: int = 0) -> str | None:
        at = self.here + further
        if at < len(self.tokens) and self.tokens[at].kind == kind:
            return self.tokens[at].text
        return None

    def next(self) -> _Token:
        if self.here >= len(self.tokens):
            raise FormulaError(FormulaProblem.END, self.end)
        self.here += 1
        return self.tokens[self.here - 1]

    def take(self, *signs: str) -> str | None:
        if self.peek("sign") in signs:
            return self.next().text
        return None

    def demand(self, sign: str, opened: _Token) -> None:
        if self.take(sign) is None:
            if self.here >= len(self.tokens):
                raise FormulaError(FormulaProblem.BRACKET, opened.at, sign)
            wrong = self.tokens[self.here]
            raise FormulaError(FormulaProblem.UNEXPECTED, wrong.at, wrong.text)

    def place(self) -> int:
        return self.tokens[self.here].at if self.here < len(self.tokens) else self.end


def _tokens(text: str) -> Iterator[_Token]:
    here = 0
    while here < len(text):
        found = TOKEN.match(text, here)
        if found is None:
            raise FormulaError(FormulaProblem.SIGN, here + 1, text[here])
        word, kind = found.group(), str(found.lastgroup)
        if kind == "quoted":
            yield _Token("name", word.strip('"'), here + 1)
        elif kind != "blank":
            yield _Token(kind, RESPELLED.get(word, word), here + 1)
        here = found.end()


def _number(token: _Token) -> Decimal:
    if len(token.text) > MOST_DIGITS:
        raise FormulaError(FormulaProblem.NUMBER, token.at, token.text)
    return Decimal(token.text.replace(",", "."))


def _check(call: Call) -> None:
    first = call.arguments[0]
    if call.function in OF_ONE_COUNT and not (
        isinstance(first, Count) and first.age_from is None and first.age_to is None
    ):
        raise FormulaError(FormulaProblem.COUNT_EXPECTED, call.at, call.function)
    if call.function in OF_ANOTHER_TIME:
        years = call.arguments[1]
        lowest, highest = (1, 100) if call.function == "earlier" else (1800, 2200)
        if not (
            isinstance(years, Number)
            and years.value == int(years.value)
            and lowest <= years.value <= highest
        ):
            raise FormulaError(FormulaProblem.YEARS, call.at, call.function)
    inner = frozenset[str]().union(*(functions_of(argument) for argument in call.arguments))
    if call.function in OF_ANOTHER_TIME | OF_PARTS and inner & (OF_ANOTHER_TIME | OF_PARTS):
        raise FormulaError(FormulaProblem.NESTED, call.at, call.function)
