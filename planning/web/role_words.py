"""What the roles are called."""

from flask import Flask

from geo.errors import N_
from planning.model.people import Role
from planning.web.language import say

ROLES = {
    Role.VIEWER: N_("Viewer"),
    Role.PLANNER: N_("Planner"),
    Role.ORGANISATION: N_("Service organisation"),
    Role.CHECKER: N_("Field checker"),
    Role.REVIEWER: N_("Reviewer"),
    Role.APPROVER: N_("Approver"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
MAY = {
    Role.VIEWER: N_("sees maps, figures, lists and plans"),
    Role.PLANNER: N_("imports data, plans, proposes"),
    Role.ORGANISATION: N_("sees and proposes its own points only"),
    Role.CHECKER: N_("checks on site in its communes"),
    Role.REVIEWER: N_("appraises, issues codes, publishes"),
    Role.APPROVER: N_("approves, rejects, ends"),
    Role.ADMINISTRATOR: N_("accounts, roles, checklist"),
}


def install(app: Flask) -> None:
    """Let templates of `app` say what a role is called."""
    app.jinja_env.globals.update(role_name=lambda role: say(ROLES[role]))
