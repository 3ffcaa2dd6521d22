"""The expression language: parse, check, compile, explain; unary tests, texts, decision tables. No I/O, no clock."""

from casewright.expressions.batches import batch
from casewright.expressions.cel.checking import strict_scope
from casewright.expressions.cel.values import Elapsed, Maybe, Timestamp, TypeValue
from casewright.expressions.dialects import HOUSE, STRICT, UNCHECKED, Dialect
from casewright.expressions.explainer import Explanation
from casewright.expressions.expression import (
    Condition,
    Constant,
    Expression,
    compile_condition,
    compile_expression,
    compile_value,
)
from casewright.expressions.library.functions import plain
from casewright.expressions.library.registered import FUNCTIONS, PureFunction, registered
from casewright.expressions.library.standard import STANDARD, Function, Overload, Parameter
from casewright.expressions.literals import as_type, read_literal
from casewright.expressions.meaning import CLOCK, Scope
from casewright.expressions.readings import Readings
from casewright.expressions.regions import Region, anything, interval, nothing, values
from casewright.expressions.reviewing.reach import Unreached, unreached
from casewright.expressions.reviewing.review import cost_of, looked_over, looseness_of, review
from casewright.expressions.tables.analysis import Analysis, Gap, Hidden, Overlap, Repeat, analyse
from casewright.expressions.tables.cells import Cell
from casewright.expressions.tables.decisions import Decision, TableRow, Verdict
from casewright.expressions.tables.hits import HIT_POLICIES, given_types, result_type
from casewright.expressions.tables.rows import Row, read_csv_rows, read_rows
from casewright.expressions.tables.table import Table
from casewright.expressions.tables.tabulation import compile_table
from casewright.expressions.texts import Text, compile_text
from casewright.expressions.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    DOUBLE,
    DURATION,
    DYNAMIC,
    ELAPSED,
    INTEGER,
    MONEY,
    NULL,
    TEXT,
    TIME,
    TIMESTAMP,
    Declared,
    Type,
    choice,
    declared_as,
    domain_of,
    fits,
    kind_of,
    list_of,
    map_of,
    named,
    optional_of,
    record,
    simple_names,
    type_name,
    type_of,
)
from casewright.expressions.unary import UnaryTest, compile_test

__all__ = [
    "BOOLEAN",
    "CLOCK",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "DURATION",
    "DYNAMIC",
    "FUNCTIONS",
    "ELAPSED",
    "HIT_POLICIES",
    "HOUSE",
    "INTEGER",
    "MONEY",
    "NULL",
    "STANDARD",
    "STRICT",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "UNCHECKED",
    "Analysis",
    "Cell",
    "Condition",
    "Constant",
    "Decision",
    "Declared",
    "Dialect",
    "Elapsed",
    "Explanation",
    "Expression",
    "Function",
    "Maybe",
    "Gap",
    "Hidden",
    "Overlap",
    "Overload",
    "Parameter",
    "PureFunction",
    "Readings",
    "Region",
    "Repeat",
    "Row",
    "Scope",
    "Table",
    "TableRow",
    "Text",
    "Timestamp",
    "Type",
    "TypeValue",
    "UnaryTest",
    "Unreached",
    "Verdict",
    "analyse",
    "anything",
    "as_type",
    "batch",
    "choice",
    "compile_condition",
    "compile_expression",
    "compile_table",
    "compile_test",
    "compile_text",
    "compile_value",
    "cost_of",
    "declared_as",
    "domain_of",
    "fits",
    "given_types",
    "interval",
    "kind_of",
    "list_of",
    "looked_over",
    "looseness_of",
    "map_of",
    "named",
    "nothing",
    "optional_of",
    "plain",
    "read_csv_rows",
    "read_literal",
    "read_rows",
    "record",
    "registered",
    "result_type",
    "review",
    "simple_names",
    "strict_scope",
    "type_name",
    "type_of",
    "unreached",
    "values",
]
