"""Official codes of points (Công văn 1804/BHXH-QLT): issued on approval, each once."""

import re

import sqlalchemy as sa

from geo.errors import N_
from planning.model.errors import RequestError
from planning.model.official_code import MOST_NUMBER, OfficialCode, parse
from planning.model.proposals import Proposal
from planning.store import layers, official_codes

_ORGANISATION = re.compile(r"\d{10}|\d{7}", re.ASCII)
NO_ORGANISATION = N_("%(number)s needs an organisation whose code has 10 or 7 digits, not “%(code)s”.")  # fmt: skip
NO_COMMUNE = N_("%(number)s lies in no commune of the province; correct its place first.")
FULL = N_("Organisation %(code)s has no number left in commune %(commune)s.")


def issued(db: sa.Connection, proposal: Proposal) -> str:
    """Return the next free code of a proposal's organisation in its commune, kept as issued.

    Codes that listed points bear, closed ones too, and codes issued before are never given
    again. Numbers go upwards from the highest; gaps are filled only when 999 is reached.
    """
    organisation, commune = proposal.content.organisation, proposal.commune
    if not _ORGANISATION.fullmatch(organisation):
        raise RequestError(NO_ORGANISATION, number=proposal.number, code=organisation[:40])
    if not commune:
        raise RequestError(NO_COMMUNE, number=proposal.number)
    taken = official_codes.numbers(db, organisation, commune) | {
        code.number
        for code in map(parse, layers.load_points(db, proposal.province)["official_code"].dropna())
        if code is not None and (code.organisation, code.commune) == (organisation, commune)
    }
    highest = max(taken, default=0)
    free = (each for each in (*range(highest + 1, MOST_NUMBER + 1), *range(1, highest)) if each not in taken)  # fmt: skip
    number = next(free, None)
    if number is None:
        raise RequestError(FULL, code=organisation, commune=commune)
    code = OfficialCode(organisation, proposal.province, commune, number)
    official_codes.keep(db, code, proposal.id, at=proposal.changed_at)
    return str(code)
