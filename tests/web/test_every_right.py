"""Every address walked by every role, by nobody, and from another province; no page leads astray."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO

import pytest
from flask import Flask, g
from signing_in import OWN, add, quick_hashes, signed_in
from small_province import PROVINCE
from werkzeug.routing import Rule

from planning.model.people import NOBODY, Grant, Role, User
from planning.services import scenarios
from planning.services.requests import AnalysisRequest
from planning.web import access
from planning.web.rights import RIGHTS

THERE = "12"  # a province that is not the user's
LETTERS = {"V": Role.VIEWER, "P": Role.PLANNER, "O": Role.ORGANISATION, "C": Role.CHECKER,
           "R": Role.REVIEWER, "A": Role.APPROVER, "M": Role.ADMINISTRATOR}  # fmt: skip
# Who gets an answer from an address at all; what it is done to, its service asks besides.
# Written from what the roles are for, not from the table of the program.
TABLE = """
everybody: static map.shell_script home.health language.choose
everybody: sign_in.show sign_in.enter sign_in.leave oidc.start oidc.back
everybody: public.points public.organisations public.staff public.file
signed in: home.index account.show account.change_password account.speak imports.template
VPOCRAM: overview.start
V PCRAM: overview.show coverage.show coverage.surface_png map.show layers.send gaps.show
V PCRAM: communes.show communes.sheet reform.show attention.show
V PCRAM: workload.show workload.export mismatch.show mismatch.export
V PCRAM: suggestions.show suggestions.plan suggestions.replayed suggestions.job
V PCRAM: suggestions.job_state plan_curves.hand_out scenarios.show scenarios.compare
V PCRAM: scenario_files.one scenario_files.several standard.show data.show downloads.send
P: suggestions.suggest suggestions.cancel plan_curves.work_out scenarios.make scenarios.work
P: scenarios.state scenarios.gaps scenarios.part scenario_changes.write scenario_changes.answer
P: scenario_changes.suggest standard.change attention.mend attention.undo attention.again
P: data.file data.findings data.undo data.settle imports.choose imports.upload imports.show
P: imports.back imports.review imports.anew imports.commit imports.discard imports.shapes
P: imports.findings proposal_forms.from_scenario proposal_forms.replan workload.try_them
P OCRA: data.staff_list
VPOCRAM: register.points register.organisations register.staff register.inspections
VPOCRAM: register.export register_records.point register_records.organisation
VPOCRAM: register_records.person register_inspections.show
P: register_edits.form register_edits.save register_edits.choose register_edits.change
P: register_edits.back
P CR: register_inspections.new register_inspections.add register_inspections.change
P CR: register_inspections.conditions register_inspections.back
M: accounts.show accounts.add accounts.change criteria.change compliance.change
VPOCRAM: compliance.show compliance.export compliance.show_rules
VPOCRAM: proposals.show proposals.mine proposals.export proposals.outlines proposals.take
VPOCRAM: proposal_page.show proposal_steps.take proposal_steps.back criteria.show
VPOCRAM: attachments.show attachments.send attachments.picture check_minutes.show
VPOCRAM: field_check.show
P OCRA: attachments.add attachments.add_json
PO: proposal_forms.new proposal_forms.make proposal_forms.edit proposal_forms.save
PO: proposal_files.choose proposal_files.template proposal_files.upload proposal_files.show
PO: proposal_files.review proposal_files.anew proposal_files.commit proposal_files.discard
PO: proposal_files.back
A: proposal_page.price proposal_page.price_of_all
RAM: proposal_page.people proposal_page.person
C R: field_check.mine field_check.begin
C: field_check.write field_check.write_json field_check.around
V PCRAM: check_minutes.blank
V P RAM: rounds.listed rounds.show rounds.document
V P RAM: publishing.show
RA: publishing.preview publishing.publish publishing.withdraw publishing.file
RA: rounds.new rounds.choose rounds.back rounds.make
A: round_decisions.enter round_decisions.type_in round_decisions.upload round_decisions.no_file
A: round_decisions.show round_decisions.review round_decisions.commit round_decisions.discard
A: round_decisions.back
VPOCRAM: results.show results.communes results.below results.cascade results.export
VPOCRAM: results.opened
V PCRAM: results.potential
"""
PARTS = {
    "name": "points", "code": "98001", "number": "1", "kind": "points", "form": "csv",
    "what": "points", "deed": "change", "file": "1", "size": "small", "_step": "commit",
    "token": "0" * 40,
}  # fmt: skip


def expected() -> dict[str, str]:
    """Return by endpoint the letters of the roles it answers, or for whom else it is."""
    found = {}
    for line in TABLE.strip().split("\n"):
        who, _, names = line.partition(": ")
        for name in names.split():
            assert name not in found, f"{name} twice"
            found[name] = who if who in ("everybody", "signed in") else who.replace(" ", "")
    return found


def address(app: Flask, rule: Rule, province: str) -> str:
    """Return an address of a rule; where a part of it is a proposal, one that is written so."""
    values = {each: PARTS.get(each, "1") for each in rule.arguments}
    if "province" in values:
        values["province"] = province
    if "<proposal:" in rule.rule:
        values["number"] = "DX-2026-0001"
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, rule_method(rule))


def rule_method(rule: Rule) -> str:
    return "GET" if "GET" in rule.methods else "POST"


def walks(app: Flask, province: str) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and address of every rule that names a province or not."""
    for rule in app.url_map.iter_rules():
        if "province" not in rule.arguments and province == THERE:
            continue
        if "province" not in rule.arguments and rule.endpoint.startswith("imports."):
            continue  # of a province yet to come: below
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address(app, rule, province)


def who_may(letters: str, role: Role | None) -> bool:
    if letters in ("everybody", "signed in"):
        return True
    return role is not None and role in {LETTERS[each] for each in letters}


def grant(role: Role) -> Grant:
    more = {Role.ORGANISATION: {"organisation": "1111111111"}, Role.CHECKER: {"office": "BHXH 1"}}
    return Grant(role, PROVINCE, **more.get(role, {}))


@pytest.fixture
def gates(app: Flask) -> Flask:
    """Return the application with nothing behind its gates: each view says only that it was reached."""
    for name in app.view_functions:
        app.view_functions[name] = lambda **_: "reached"
    return app


def as_user(monkeypatch, user: User) -> None:
    monkeypatch.setattr(access, "_recognise", lambda: setattr(g, "user", user))


def test_every_address_has_a_right_and_a_line_in_the_table(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints <= set(RIGHTS)
    assert endpoints <= set(expected())


def test_an_address_without_a_right_is_answered_to_nobody(app, client):
    app.add_url_rule("/new", "new", lambda: "reached")
    app.add_url_rule("/<province:province>/new", "newer", lambda **_: "reached")
    for path in ("/new", f"/{PROVINCE}/new"):
        assert client.get(path).status_code == 403


@pytest.mark.parametrize("role", [None, *Role])
def test_every_address_answers_whom_the_table_says(gates, monkeypatch, role):
    table = expected()
    user = User("an", grants=() if role is None else (grant(role),))
    as_user(monkeypatch, user)
    client = gates.test_client()
    for endpoint, method, path in walks(gates, PROVINCE):
        answer = client.open(path, method=method, headers=OWN)
        wanted = 200 if who_may(table[endpoint], role) else (404 if role is None else 403)
        if endpoint == "static":
            continue
        assert answer.status_code == wanted, (endpoint, method, path)


@pytest.mark.parametrize("role", list(Role))
def test_another_province_does_not_exist(gates, monkeypatch, role):
    """Not to be told from one that is not there at all: the same status and sentence."""
    as_user(monkeypatch, User("an", grants=(grant(role),)))
    client, table = gates.test_client(), expected()
    for endpoint, method, path in walks(gates, THERE):
        if table[endpoint] == "everybody":  # what is published, whose view finds nothing here
            continue
        there = client.open(path, method=method, headers=OWN)
        nowhere = client.open(path.replace(f"/{THERE}", "/77", 1), method=method, headers=OWN)
        assert there.status_code == nowhere.status_code == 404, path
        assert there.get_data(as_text=True).replace(THERE, "77") == nowhere.get_data(as_text=True)


@pytest.mark.parametrize(
    "user", [NOBODY, User("an", grants=(Grant(Role.PLANNER, PROVINCE),), active=False)]
)
def test_nobody_and_who_is_locked_come_to_the_sign_in_alone(gates, monkeypatch, user):
    table = expected()
    as_user(monkeypatch, user)
    client = gates.test_client()
    for endpoint, method, path in walks(gates, PROVINCE):
        answer = client.open(path, method=method, headers=OWN)
        if table[endpoint] == "everybody":
            assert answer.status_code in (200, 404)
        elif method == "GET" and ".json" not in path:
            assert answer.status_code == 303, path
            assert answer.location.startswith("/sign-in"), path
        else:
            assert answer.status_code == 401, path


def test_the_first_boundaries_of_a_province_are_brought_by_who_has_a_role_there(app, monkeypatch):
    client = app.test_client()
    for grants, page, sent in (
        ((Grant(Role.VIEWER, PROVINCE),), 403, 403),
        ((Grant(Role.PLANNER, PROVINCE),), 200, 403),
        ((Grant(Role.PLANNER, THERE),), 200, 303),
    ):
        as_user(monkeypatch, User("an", grants=grants))
        assert client.get("/import").status_code == page
        form = {"kind": "boundaries", "province": THERE, "boundaries.valid_from": "2025-07-01",
                "file": (BytesIO(b"{}"), "x.geojson")}  # fmt: skip
        assert client.post("/import", data=form, headers=OWN).status_code == sent


class Links(HTMLParser):
    """The addresses a page leads to: links, and forms with their method."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a" and given.get("href", "").startswith("/"):
            self.found.add(("GET", given["href"]))
        if tag == "form" and "action" in given:
            self.found.add((given.get("method", "get").upper(), given["action"]))


PAGES = ("/", "/account", *(f"/{PROVINCE}/{name}" for name in (
    "overview", "map", "coverage", "gaps", "suggestions", "suggestions/1", "scenarios",
    "scenarios/compare?ids=1", "reform", "attention", "data", "standard", "communes/98001",
    "workload", "access-and-results",
    "proposals", "accounts", "none", "register", "register/organisations", "register/staff",
    "register/inspections",
)))  # fmt: skip


@pytest.mark.parametrize("role", [None, *Role])
def test_no_page_leads_its_reader_to_what_they_may_not_do(app, monkeypatch, role):
    scenarios.make(app.extensions["planning"], AnalysisRequest(PROVINCE), "Thử")
    user = User("an", grants=() if role is None else (grant(role),))
    as_user(monkeypatch, user)
    client, seen = app.test_client(), set()
    pages = {page: client.get(page) for page in PAGES}
    for page, answer in pages.items():
        assert answer.status_code < 500
        for method, link in Links(answer.get_data(as_text=True)).found:
            seen.add((method, link.partition("#")[0], page))
    adapter = app.url_map.bind("localhost")
    table = expected()
    for method, link, page in seen:
        path, _, query = link.partition("?")
        endpoint, _ = adapter.match(path, method=method, query_args=query)
        assert who_may(table[endpoint], role), (page, method, link)
    assert len(seen) > (5 if role in (None, Role.ORGANISATION) else 40)


@pytest.mark.parametrize("role", [Role.ORGANISATION, Role.VIEWER])
def test_the_navigation_holds_only_what_its_reader_may_open(app, monkeypatch, role):
    quick_hashes(monkeypatch)
    add(app, "an", grant(role))
    client = signed_in(app, "an")
    page = client.get(f"/{PROVINCE}/", follow_redirects=True).get_data(as_text=True)
    (nav,) = re.findall(r"<nav aria-label=.*?</nav>", page, re.DOTALL) or [""]
    links = set(re.findall(r'href="/\d\d/([a-z]+)', nav))
    if role is Role.ORGANISATION:
        assert links <= {"proposals", "checklist", "register", "results"}
    else:
        assert {"overview", "map", "data"} <= links
        assert not links & {"accounts", "import", "checks"}
    start = client.get("/").get_data(as_text=True)
    assert (f'href="/{PROVINCE}/overview"' in start) is (role is Role.VIEWER)
