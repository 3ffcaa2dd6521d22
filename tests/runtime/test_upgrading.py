from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from casewright.machine.policies import EventType, Trigger
from casewright.runtime.store import tables as t
from tests.runtime.world import ANN, LOST_CARD, World, collect, plan, stage, text

Make = Callable[..., World]
SURVEY = plan("survey", stage("a", collect("a.ask", "note")))
ASKED = Trigger("asked", "survey.asked", "", "", None, "survey", {})
RULES = {"trigger": {"asked": ASKED}, "event": {"survey.asked": EventType("survey.asked", {"of": text("of")})}}


def as_schema_1_wrote_it(path: Path) -> None:
    """Takes away what schema 2 brought, and writes rows as they were written then."""
    with closing(sqlite3.connect(path)) as database:
        for gone in ("TABLE listener", "INDEX ix_event_name", "INDEX ix_job_delivery"):
            database.execute(f"DROP {gone}")
        database.execute("UPDATE schema_version SET version = 1")
        as_it_was = '{"id":"E-1","event":"survey.asked","payload":{}}'
        old_delivery = "UPDATE job SET id = 'C-9.1.1', name = '', payload = ? WHERE kind = 'deliver_event'"
        database.execute(old_delivery, (as_it_was,))
        database.execute("UPDATE case_ SET state = json_remove(state, '$[4]')")
        database.commit()


def test_a_database_of_schema_1_is_brought_up_and_its_cases_and_events_go_on(world: Make, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    before = world(SURVEY, LOST_CARD, url=f"sqlite:///{path}", **RULES)
    case = before.engine.create("lost_card", by=ANN)
    before.engine.publish("survey.asked", {"of": case.id})
    before.engine.close()
    as_schema_1_wrote_it(path)
    after = world(SURVEY, LOST_CARD, url=f"sqlite:///{path}", **RULES)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT version FROM schema_version").fetchone() == (t.SCHEMA_VERSION,)
        assert database.execute("SELECT id, name FROM job").fetchone() == ("deliver:E-1", "survey.asked")
    after.engine.settle()
    assert [line.type for line in after.engine.cases()] == ["survey", "lost_card"]
    assert after.engine.act(after.engine.case(case.id).waiting.id, {"card": "4711"}, by=ANN).stage == "block"


def test_a_database_that_is_opened_again_is_left_as_it_is(world: Make, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    world(SURVEY, url=url).engine.close()
    schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
    with closing(sqlite3.connect(tmp_path / "new.db")) as database:
        made = database.execute(schema).fetchall()
        world(SURVEY, url=url)
        assert database.execute(schema).fetchall() == made
