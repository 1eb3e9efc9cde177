"""Which right every address needs: the whole table, checked before any view is asked.

An address that is not in it is answered to nobody.
"""

from dataclasses import dataclass
from enum import Enum

from planning.model.people import Action

A = Action


class Door(Enum):
    """Addresses that belong to no province."""

    OPEN = "open"  # for everybody, also who is not signed in
    SIGNED_IN = "signed in"  # the view itself shows or does no more than the user may


@dataclass(frozen=True, slots=True)
class Some:
    """An address for whoever may do `action` to anything of the province.

    What it is done to is known to the view or its service alone, and asked for there.
    """

    action: Action


Right = Action | Some | Door
RIGHTS: dict[str, Right] = {
    "static": Door.OPEN,
    "map.shell_script": Door.OPEN,
    "public.points": Door.OPEN,  # what was published; without a publication there is nothing
    "public.organisations": Door.OPEN,
    "public.staff": Door.OPEN,
    "public.file": Door.OPEN,
    "home.health": Door.OPEN,
    "language.choose": Door.OPEN,
    "sign_in.show": Door.OPEN,
    "sign_in.enter": Door.OPEN,
    "sign_in.leave": Door.OPEN,
    "oidc.start": Door.OPEN,
    "oidc.back": Door.OPEN,
    "home.index": Door.SIGNED_IN,
    "account.show": Door.SIGNED_IN,
    "account.change_password": Door.SIGNED_IN,
    "account.speak": Door.SIGNED_IN,
    "imports.template": Door.SIGNED_IN,
    "overview.start": Some(A.SEE_PROPOSAL),  # leads to the first page that the user may see
    "overview.show": A.VIEW,
    "coverage.show": A.VIEW,
    "coverage.surface_png": A.VIEW,
    "map.show": A.VIEW,
    "layers.send": A.VIEW,
    "gaps.show": A.VIEW,
    "communes.show": A.VIEW,
    "communes.sheet": A.VIEW,
    "workload.show": A.VIEW,
    "workload.export": A.VIEW,
    "mismatch.show": A.VIEW,
    "mismatch.export": A.VIEW,
    "register.points": Some(A.SEE_REGISTER),  # of what may be seen, its services ask
    "register.organisations": Some(A.SEE_REGISTER),
    "register.staff": Some(A.SEE_REGISTER),
    "register.inspections": Some(A.SEE_REGISTER),
    "register.export": Some(A.SEE_REGISTER),
    "register_records.point": Some(A.SEE_REGISTER),
    "register_records.organisation": Some(A.SEE_REGISTER),
    "register_records.person": Some(A.SEE_REGISTER),
    "register_edits.form": A.REGISTER,
    "register_edits.save": A.REGISTER,
    "register_edits.choose": A.REGISTER,
    "register_edits.change": A.REGISTER,
    "register_edits.back": A.REGISTER,
    "register_inspections.new": Some(A.INSPECT),
    "register_inspections.add": Some(A.INSPECT),
    "register_inspections.show": Some(A.SEE_REGISTER),
    "register_inspections.change": Some(A.INSPECT),
    "register_inspections.conditions": Some(A.INSPECT),
    "register_inspections.back": Some(A.INSPECT),
    "reform.show": A.VIEW,
    "attention.show": A.VIEW,
    "attention.mend": A.IMPORT,
    "attention.undo": A.IMPORT,
    "attention.again": A.IMPORT,
    "suggestions.show": A.VIEW,
    "suggestions.plan": A.VIEW,
    "suggestions.replayed": A.VIEW,
    "suggestions.job": A.VIEW,
    "suggestions.job_state": A.VIEW,
    "suggestions.suggest": A.PLAN,
    "suggestions.cancel": A.PLAN,
    "plan_curves.work_out": A.PLAN,
    "plan_curves.hand_out": A.VIEW,
    "scenarios.show": A.VIEW,
    "scenarios.make": A.PLAN,
    "workload.try_them": A.PLAN,
    "scenarios.work": A.PLAN,
    "scenarios.state": A.PLAN,
    "scenarios.gaps": A.PLAN,
    "scenarios.part": A.PLAN,
    "scenarios.compare": A.VIEW,
    "scenario_changes.write": A.PLAN,
    "scenario_changes.answer": A.PLAN,
    "scenario_changes.suggest": A.PLAN,
    "scenario_files.one": A.VIEW,
    "scenario_files.several": A.VIEW,
    "proposals.show": Some(A.SEE_PROPOSAL),
    "proposals.mine": Some(A.SEE_PROPOSAL),
    "proposals.take": Some(A.SEE_PROPOSAL),  # which step is for whom, its service asks
    "proposals.export": Some(A.SEE_PROPOSAL),
    "proposals.outlines": Some(A.SEE_PROPOSAL),
    "proposal_page.show": Some(A.SEE_PROPOSAL),
    "proposal_page.price": Some(A.REJECT),
    "proposal_page.price_of_all": Some(A.REJECT),
    "proposal_page.people": A.AUDIT,
    "proposal_page.person": A.AUDIT,
    "proposal_forms.new": Some(A.PROPOSE),
    "proposal_forms.make": Some(A.PROPOSE),
    "proposal_forms.edit": Some(A.EDIT),
    "proposal_forms.save": Some(A.EDIT),
    "proposal_forms.from_scenario": A.PLAN,
    "proposal_forms.replan": A.PLAN,
    "proposal_steps.take": Some(A.SEE_PROPOSAL),  # which step is for whom, its service asks
    "proposal_steps.back": Some(A.SEE_PROPOSAL),
    "proposal_files.choose": Some(A.PROPOSE),
    "proposal_files.template": Some(A.PROPOSE),
    "proposal_files.upload": Some(A.PROPOSE),
    "proposal_files.show": Some(A.PROPOSE),
    "proposal_files.review": Some(A.PROPOSE),
    "proposal_files.anew": Some(A.PROPOSE),
    "proposal_files.commit": Some(A.PROPOSE),
    "proposal_files.discard": Some(A.PROPOSE),
    "proposal_files.back": Some(A.PROPOSE),
    "rounds.listed": A.SEE_PROPOSAL,  # of the whole province: a packet names all of them
    "rounds.show": A.SEE_PROPOSAL,
    "rounds.document": A.SEE_PROPOSAL,
    "rounds.new": A.ROUND,
    "rounds.choose": A.ROUND,
    "rounds.back": A.ROUND,
    "rounds.make": A.ROUND,
    "round_decisions.enter": A.APPROVE,  # one meeting decides: its services ask for each step
    "round_decisions.type_in": A.APPROVE,
    "round_decisions.upload": A.APPROVE,
    "round_decisions.no_file": A.APPROVE,
    "round_decisions.show": A.APPROVE,
    "round_decisions.review": A.APPROVE,
    "round_decisions.commit": A.APPROVE,
    "round_decisions.discard": A.APPROVE,
    "round_decisions.back": A.APPROVE,
    "field_check.mine": Some(A.BEGIN_CHECK),
    "field_check.show": Some(A.SEE_PROPOSAL),
    "field_check.begin": Some(A.BEGIN_CHECK),
    "field_check.write": Some(A.CHECK),
    "field_check.write_json": Some(A.CHECK),
    "field_check.around": Some(A.CHECK),
    "check_minutes.blank": A.VIEW,
    "check_minutes.show": Some(A.SEE_PROPOSAL),
    "compliance.show": Some(A.SEE_REGISTER),  # of what may be seen, its service asks
    "compliance.export": Some(A.SEE_REGISTER),
    "compliance.show_rules": Some(A.SEE_REGISTER),
    "compliance.change": A.MANAGE,
    "criteria.show": Some(A.SEE_PROPOSAL),
    "criteria.change": A.MANAGE,
    "attachments.show": Some(A.SEE_PROPOSAL),
    "attachments.add": Some(A.ATTACH),
    "attachments.add_json": Some(A.ATTACH),
    "attachments.send": Some(A.SEE_PROPOSAL),
    "attachments.picture": Some(A.SEE_PROPOSAL),
    "publishing.show": A.SEE_REGISTER,
    "publishing.preview": A.PUBLISH_LISTS,
    "publishing.publish": A.PUBLISH_LISTS,
    "publishing.withdraw": A.PUBLISH_LISTS,
    "publishing.file": A.PUBLISH_LISTS,
    "results.show": Some(A.SEE_REGISTER),  # whose figures, its service asks
    "results.communes": Some(A.SEE_REGISTER),
    "results.below": Some(A.SEE_REGISTER),
    "results.cascade": Some(A.SEE_REGISTER),
    "results.potential": A.VIEW,
    "results.opened": Some(A.SEE_REGISTER),
    "results.export": Some(A.SEE_REGISTER),
    "standard.show": A.VIEW,
    "standard.change": A.STANDARD,
    "data.show": A.VIEW,
    "data.file": A.IMPORT,  # as it came: whatever its owner wrote into it
    "data.findings": A.IMPORT,
    "data.staff_list": Some(A.SEE_PEOPLE),
    "data.undo": A.IMPORT,
    "data.settle": A.IMPORT,
    "imports.choose": A.IMPORT,
    "imports.upload": A.IMPORT,
    "imports.show": A.IMPORT,
    "imports.back": A.IMPORT,
    "imports.review": A.IMPORT,
    "imports.anew": A.IMPORT,
    "imports.commit": A.IMPORT,
    "imports.discard": A.IMPORT,
    "imports.shapes": A.IMPORT,
    "imports.findings": A.IMPORT,
    "downloads.send": A.VIEW,
    "accounts.show": A.MANAGE,
    "accounts.add": A.MANAGE,
    "accounts.change": A.MANAGE,
}
