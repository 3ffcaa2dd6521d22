"""The peer SpiffWorkflow: a process of five manual tasks, loaded, run one task further, serialised and saved."""

from __future__ import annotations

import io
import json
import sqlite3
from itertools import pairwise
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

TASKS = 5


class SpiffStore:
    """Process instances as JSON in a table; `step` moves the current one by a task."""

    def __init__(self, path: Path, synchronous: str = "NORMAL") -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute(f"PRAGMA synchronous={synchronous}")
        self.database.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(process_of(TASKS)))
        self.spec = parser.get_spec("five")
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.current, self.done = 0, TASKS

    def prepare(self) -> None:
        """A new instance where the current one has run through."""
        if self.done == TASKS:
            workflow = BpmnWorkflow(self.spec)
            workflow.do_engine_steps()
            self.current += 1
            self.done = 0
            self._save("INSERT INTO instance (state, id) VALUES (?, ?)", workflow)

    def step(self) -> None:
        """Load, complete the waiting task, serialise, save."""
        (state,) = self.database.execute("SELECT state FROM instance WHERE id = ?", (self.current,)).fetchone()
        workflow = self.serializer.deserialize_json(state)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data[f"answer_{self.done}"] = "yes"
        task.run()
        workflow.do_engine_steps()
        self._save("UPDATE instance SET state = ? WHERE id = ?", workflow)
        self.done += 1

    def _save(self, statement: str, workflow: BpmnWorkflow) -> None:
        self.database.execute("BEGIN IMMEDIATE")
        self.database.execute(statement, (self.serializer.serialize_json(workflow), self.current))
        self.database.execute("COMMIT")

    def size(self) -> int:
        """The bytes of the current instance's JSON."""
        (state,) = self.database.execute("SELECT state FROM instance WHERE id = ?", (self.current,)).fetchone()
        return len(json.dumps(json.loads(state)))


BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def process_of(tasks: int) -> bytes:
    """BPMN text: a start, so many manual tasks in a row, an end."""
    names = ["start", *(f"task_{number}" for number in range(tasks)), "end"]
    definitions = etree.Element(f"{{{BPMN}}}definitions", nsmap={"bpmn": BPMN}, targetNamespace="bench")
    process = etree.SubElement(definitions, f"{{{BPMN}}}process", id="five", isExecutable="true")
    for name in names:
        kind = {"start": "startEvent", "end": "endEvent"}.get(name, "manualTask")
        node = etree.SubElement(process, f"{{{BPMN}}}{kind}", id=name, name=name)
        if name != "start":
            etree.SubElement(node, f"{{{BPMN}}}incoming").text = f"to_{name}"
        if name != "end":
            etree.SubElement(node, f"{{{BPMN}}}outgoing").text = f"to_{names[names.index(name) + 1]}"
    for source, target in pairwise(names):
        etree.SubElement(process, f"{{{BPMN}}}sequenceFlow", id=f"to_{target}", sourceRef=source, targetRef=target)
    return etree.tostring(definitions)
