"""Every event that the program can record is told on the history page in a sentence."""

import re
from pathlib import Path

from planning.model.people import Action
from planning.model.steps import STEPS
from planning.web.proposal_history import DONE, TAGS

ROOT = Path(__file__).resolve().parents[2] / "planning"
WHOLE = re.compile(r'"([a-z]+:[a-z-]+:[a-z-]+)"')


def test_every_event_has_a_sentence():
    recorded = {
        tag for path in ROOT.rglob("*.py") if path.name != "proposal_history.py"
        for tag in WHOLE.findall(path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert len(recorded) > 20
    assert recorded - set(TAGS) == set()
    assert {"access:account:locked", "access:account:unlocked"} <= set(TAGS)


def test_every_step_has_a_sentence():
    assert {each.action for each in STEPS} <= {Action(each) for each in DONE}
