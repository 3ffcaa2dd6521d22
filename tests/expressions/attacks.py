"""Expressions that mean harm, each tried in both evaluators by `python -m tests.expressions.attacks` in a small world.

It prints a line of JSON for each attack: how it ended, and the seconds of processor that it took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from casewright.errors import CasewrightError
from casewright.expressions import (
    DECIMAL,
    DYNAMIC,
    INTEGER,
    STRICT,
    TEXT,
    Expression,
    Scope,
    compile_expression,
    compile_test,
    compile_text,
    list_of,
    record,
)
from casewright.expressions.walks import exact_outcome
from casewright.values import Span

AT = Span("attack")
TYPES = {
    "name": TEXT,
    "pattern": TEXT,
    "amount": INTEGER,
    "ratio": DECIMAL,
    "numbers": list_of(INTEGER),
    "tags": list_of(TEXT),
    "customer": record("customer", {"name": TEXT}),
    "anything": DYNAMIC,
    "other": DYNAMIC,
}

Roots = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Attack:
    """What is tried: a text, how it is meant, and the roots that make it worst."""

    text: str
    roots: Roots = field(default=dict)
    form: str = "expression"


class Host:
    """An object of the host, with something in it that is none of an expression's business."""

    secret = "s3cret"

    def __str__(self) -> str:
        return f"<host {self.secret}>"

    __repr__ = __str__


def deep(depth: int, make: Callable[[Any], Any]) -> Any:
    """A value within a value, `depth` times."""
    found: Any = 1
    for _ in range(depth):
        found = make(found)
    return found


def wide(depth: int) -> Any:
    """A list that says itself ten times over at every level: small in memory, 10 ** depth items to whoever walks it."""
    return deep(depth, lambda inner: [inner] * 10)


NUMBERS = {"numbers": list(range(1, 101))}
MANY = {"numbers": list(range(10_000))}
NESTED = "numbers.all(a, numbers.all(b, numbers.all(c, numbers.all(d, a + b + c + d > 0))))"
CUBE = "numbers.map(a, numbers.map(b, numbers))"


def swollen() -> str:
    """An expression that makes a list of a hundred lists that are one, five deep."""
    made = f"[{', '.join(['e'] * 100)}]"
    for inner, outer in zip("edcb", "dcba", strict=True):
        made = f"[{', '.join([outer] * 100)}].optMap({inner}, {made})"
    return f"[1].optMap(a, {made})"


SWOLLEN = swollen()

REFUSED: dict[str, Attack] = {
    # What is too large to be read
    "20,000 nested brackets": Attack("(" * 20_000 + "1" + ")" * 20_000),
    "20,000 negations": Attack("!" * 20_000 + "true"),
    "5,000 words of negation": Attack("not " * 4_990 + "true"),
    "a conjunction of 50,000 terms": Attack(" and ".join(["true"] * 50_000)),
    "a conjunction of 3,000 terms": Attack(" and ".join(["true"] * 2_500)),
    "10,000 minus signs": Attack("-" * 19_000 + "1"),
    "deep lists as written": Attack("[" * 9_000 + "]" * 9_000),
    "deep maps as written": Attack('{"a":' * 3_000 + "1" + "}" * 3_000),
    "deep choices": Attack("true ? " * 2_400 + "1" + " : 2" * 400),
    "a huge integer": Attack("9" * 19_999),
    "a huge hexadecimal integer": Attack("0x" + "f" * 19_990),
    "a huge exponent": Attack("1e999999"),
    "an exponent without end": Attack("1e" + "9" * 9_999),
    "many digits": Attack("0." + "1" * 9_999),
    "a huge text": Attack('"' + "a" * 100_000 + '"'),
    "a pattern of 600 characters": Attack(f'name.matches("{"a" * 600}")'),
    "nested tests": Attack("not(" * 4_900 + "1" + ")" * 4_900, form="test"),
    "a test of 50,000 alternatives": Attack(",".join(["1"] * 50_000), form="test"),
    # What is no part of the language
    "a power": Attack("9 ^ 9 ^ 9"),
    "a power of stars": Attack("9 ** 9 ** 9"),
    "a text times a number": Attack('"a" * 10000000000'),
    "a list times a number": Attack("[1] * 10000000000"),
    "a class of a constant": Attack('"".__class__.__mro__'),
    "a class of a record": Attack("customer.__class__"),
    "a class by index": Attack('customer["__class__"]'),
    "subclasses": Attack("().__class__.__bases__[0].__subclasses__()"),
    "an import": Attack('__import__("os").system("true")'),
    "a lambda": Attack("(lambda: 1)()"),
    "a comprehension of Python": Attack("[x for x in numbers]"),
    "a format string": Attack('"{0.__class__}".format(name)'),
    "a format by percent": Attack('"%9999999d" % 1'),
    "an f-string": Attack('f"{name}"'),
    "the names of the generated code": Attack("exact(roots)"),
    "the clock by its own name": Attack("$now"),
    # What is read from an object of the host
    "a method of an object": Attack("anything.secret()", lambda: {"anything": Host()}),
    # What takes for ever
    "a pattern that repeats repeats": Attack('name.matches("((a{100}){100}){100}")', lambda: {"name": "a" * 9_000}),
    # What grows
    "a decimal read from a text": Attack('decimal("1e999999999")'),
    "a duration many times": Attack('duration("999999999d") * 9223372036854775807'),
}
"""What is refused before it runs, as too large or as no part of the language."""

EMPTY: dict[str, Attack] = {
    # What is read from an object of the host
    "an attribute of an object": Attack("anything.secret", lambda: {"anything": Host()}),
    "an attribute by index": Attack('anything["secret"]', lambda: {"anything": Host()}),
    "a dunder of an object": Attack("anything.__class__", lambda: {"anything": Host()}),
    "an object as text": Attack("string(anything)", lambda: {"anything": Host()}),
    "a sum with an object": Attack("anything + 1", lambda: {"anything": Host()}),
    # What takes for ever
    "four nested macros": Attack(NESTED, lambda: NUMBERS),
    "a scan of ten thousand by ten thousand": Attack("numbers.all(a, a in numbers)", lambda: MANY),
    "a text searched for every item": Attack(
        'numbers.all(a, not name.contains("b"))', lambda: {**MANY, "name": "a" * 900_000}
    ),
    "a pattern for every item": Attack(
        'numbers.all(a, name.matches("(a+)+$"))', lambda: {**MANY, "name": "a" * 90_000}
    ),
    "nested lists compared": Attack(f"{CUBE} == {CUBE}", lambda: {"numbers": list(range(900))}),
    "nested lists as text": Attack(f"size(string({CUBE}))", lambda: {"numbers": list(range(900))}),
    "a nested list looked for": Attack(f"{CUBE} in [{CUBE}]", lambda: {"numbers": list(range(900))}),
    "wide values compared": Attack("anything == other", lambda: {"anything": wide(12), "other": wide(12)}),
    "wide values as text": Attack("string(anything)", lambda: {"anything": wide(12)}),
    # What grows
    "a text joined to itself": Attack("name + name", lambda: {"name": "a" * 900_000}),
    "a text replaced by itself": Attack('name.replace("a", name)', lambda: {"name": "a" * 9_000}),
    "a text replaced between its letters": Attack('name.replace("", name)', lambda: {"name": "a" * 9_000}),
    "doubling by replacing": Attack("name" + '.replace("a", "aa")' * 40, lambda: {"name": "a"}),
    "doubling by joining": Attack("tags.join(name)", lambda: {"tags": ["a"] * 9_000, "name": "a" * 9_000}),
    "a text split to letters": Attack('name.split("")', lambda: {"name": "a" * 900_000}),
    "lists that double": Attack(" + ".join(["numbers"] * 34), lambda: MANY),
    "a large list for every item": Attack("size(numbers.map(a, numbers + numbers))", lambda: MANY),
    "a large text for every item": Attack("size(numbers.map(a, name + name))", lambda: {**MANY, "name": "a" * 400_000}),
    "integers beyond 64 bits": Attack(" * ".join(["amount"] * 40), lambda: {"amount": 2**62}),
    "decimals beyond all bounds": Attack(" * ".join(["ratio"] * 40), lambda: {"ratio": Decimal("1E+6000")}),
    "a huge decimal as an integer": Attack("int(ratio)", lambda: {"ratio": Decimal("1E+999999999")}),
    "a huge decimal rounded": Attack("round(ratio, 20)", lambda: {"ratio": Decimal("1E+999999999")}),
    "an integer read from a text": Attack("int(name)", lambda: {"name": "9" * 900_000}),
    "a duration without end": Attack('date("2026-01-31") + duration("P99999999999Y")'),
    "months without end": Attack('add_months(date("2026-01-31"), 9223372036854775807)'),
    "a list that holds one list many times": Attack(SWOLLEN),
    "the same in a map": Attack(f'{{"a": {SWOLLEN}}}'),
    "the same of what is distinct": Attack(f"size(distinct({SWOLLEN}))"),
    "one large list for every item": Attack("tags.map(a, tags)", lambda: {"tags": ["a"] * 9_000}),
    "one large record for every item": Attack(
        "tags.map(a, customer)", lambda: {"tags": ["a"] * 9_000, "customer": {"name": ["a"] * 9_000}}
    ),
    "wide values once each": Attack("distinct(anything)", lambda: {"anything": wide(12)}),
    # What is too deep for whoever walks it
    "deep values once each": Attack("distinct(anything)", lambda: {"anything": [deep(9_000, lambda x: [x])]}),
    "the least of deep values": Attack(
        "min([anything, other])",
        lambda: {"anything": deep(9_000, lambda x: [x]), "other": deep(9_000, lambda x: [x])},
    ),
    "deep lists compared": Attack(
        "anything == other", lambda: {"anything": deep(9_000, lambda x: [x]), "other": deep(9_000, lambda x: [x])}
    ),
    "deep maps compared": Attack(
        "anything == other",
        lambda: {"anything": deep(9_000, lambda x: {"a": x}), "other": deep(9_000, lambda x: {"a": x})},
    ),
    "a deep list as text": Attack("string(anything)", lambda: {"anything": deep(9_000, lambda x: [x])}),
    "a deep list looked for": Attack(
        "anything in [other]", lambda: {"anything": deep(9_000, lambda x: [x]), "other": deep(9_000, lambda x: [x])}
    ),
}
"""What runs, and comes to nothing: an operator declines, or the steps do not suffice."""

VALUED: dict[str, Attack] = {
    # What is read from an object of the host
    "an object in a text": Attack("{{ anything.secret }}", lambda: {"anything": Host()}, "text"),
    # What takes for ever
    "a pattern that backtracks": Attack('name.matches("(a+)+$")', lambda: {"name": "a" * 900_000 + "b"}),
    "a pattern given at run time": Attack(
        "name.matches(pattern)", lambda: {"name": "a" * 9_000, "pattern": "(a*)*" * 90}
    ),
    # What grows
    "a huge decimal as text": Attack("size(string(ratio))", lambda: {"ratio": Decimal("1E+999999999")}),
    "a huge decimal in a text": Attack("{{ ratio }}", lambda: {"ratio": Decimal("1E+999999999")}, "text"),
    "a tiny decimal as text": Attack("size(string(ratio))", lambda: {"ratio": Decimal("1E-999999999")}),
    # What is too deep for whoever walks it
    "an object told whole": Attack("{{ anything }} {{ [anything] }}", lambda: {"anything": Host()}, "text"),
    "a large text told often": Attack("{{ name }}" * 1_000, lambda: {"name": "a" * 900_000}, "text"),
    "a deep list in a text": Attack("{{ anything }}", lambda: {"anything": deep(900, lambda x: [x])}, "text"),
    "a wide list in a text": Attack("{{ anything }}", lambda: {"anything": wide(12)}, "text"),
}
"""What runs and has a value, since it is not as bad as it looks."""

ATTACKS = {**REFUSED, **EMPTY, **VALUED}


def endings(attack: Attack) -> Iterator[str]:
    """How the attack ends in each evaluator; endings in strict CEL say so."""
    roots = attack.roots()
    if attack.form != "expression":
        yield other_form(attack, roots)
        return
    for lead, scope in (("", Scope(TYPES)), ("in CEL ", Scope(TYPES, dialect=STRICT))):
        found, problems = compile_expression(attack.text, scope, at=AT)
        if found is None:
            yield f"{lead}refused {problems[0].code}"
        else:
            yield from (lead + end for end in both(found, roots))


def both(found: Expression, roots: dict[str, Any]) -> Iterator[str]:
    """How an expression ends compiled and interpreted, and how its explanation does."""
    yield outcome(lambda: found.evaluate(roots))
    yield outcome(lambda: exact_outcome(found.checked, roots))
    if not found.checked.dialect.strict:
        told = outcome(lambda: str(found.explain(roots)))
        yield "explained" if told == "value" else f"explaining {told}"


def ended(attack: Attack) -> Iterator[str]:
    """The same; what compiling raises is an ending too."""
    try:
        yield from endings(attack)
    except Exception as error:
        yield f"raised {type(error).__name__} when read"


def other_form(attack: Attack, roots: dict[str, Any]) -> str:
    """The same of a unary test or a text."""
    if attack.form == "test":
        test, problems = compile_test(attack.text, INTEGER, Scope(TYPES), at=AT)
        return f"refused {problems[0].code}" if test is None else outcome(lambda: test.matches(1, roots))
    text, problems = compile_text(attack.text, Scope(TYPES), at=AT)
    return f"refused {problems[0].code}" if text is None else outcome(lambda: text.render(roots))


def outcome(run: Callable[[], object]) -> str:
    """`value`, `unknown` or `failed`; what is not meant to be raised is told by its name, and a secret as one."""
    try:
        value = run()
    except CasewrightError:
        return "failed"
    except Exception as error:
        return f"raised {type(error).__name__}"
    if value is None or type(value).__name__ == "Unknown":
        return "unknown"
    if isinstance(value, str) and Host.secret in value:
        return "told a secret"
    return "value" if size(value) <= 1_000_100 else "too large"


def size(value: object) -> int:
    return len(value) if isinstance(value, (str, list, tuple, dict)) else 1


def main(names: list[str]) -> None:
    """Tries each attack that is named, or all."""
    for name in names or ATTACKS:
        print(json.dumps({"begun": name}), flush=True)
        began = time.process_time()
        found = sorted(set(ended(ATTACKS[name])))
        print(json.dumps({"name": name, "ends": found, "seconds": time.process_time() - began}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
