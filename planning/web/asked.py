"""What every address of a province asks for: the province, its boundaries, the standard."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, request, url_for
from werkzeug.routing import BaseConverter

from geo.errors import N_
from planning.model.errors import NotFoundError
from planning.model.performance import Need
from planning.model.standards import CLASS_RADII_KM, ServiceStandard
from planning.services import provinces
from planning.services.provinces import ProvinceSummary
from planning.services.requests import AnalysisRequest, vintage_on
from planning.web.errors import FormError

BY_CLASS = "by-class"
OFFERED_KM = (1, 2, 3, 4, 5, 6, 8, 10)
KEPT = ("valid_from", "on", "standard", "demand", "lang")
NO_PROVINCE = N_("There is no province with the code %(code)s here.")
NO_VINTAGE = N_("%(name)s has no boundaries valid from %(date)s.")
ONE_DAY = N_("Give either valid_from, the first day of boundaries, or on, any day they hold.")
NO_NUMBER = N_("“%(value)s” is not a number.")
NO_DEMAND = N_("“%(value)s” is no demand; choose one of the list.")


class ProvinceCode(BaseConverter):
    """The part of an address that names a province: two digits."""

    regex = r"\d{2}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A province and the question about it, as the address names them."""

    province: ProvinceSummary
    request: AnalysisRequest
    standard: str
    valid_from: str

    def url(self, page: str, **values: object) -> str:
        """Return the address of another page about the same question."""
        kept = {key: request.args[key] for key in KEPT if request.args.get(key)}
        return url_for(page, province=self.province.code, **cast(dict[str, Any], kept | values))


def store() -> Any:
    """Return the store that bootstrap opened for this application."""
    return current_app.extensions["planning"]


def about(province: str) -> Asked:
    """Return what the address asks about `province`; refuse what it cannot mean."""
    summary = provinces.one(store(), province)
    if summary is None:
        raise NotFoundError(NO_PROVINCE, code=province)
    valid_from = _vintage(summary)
    if valid_from not in summary.vintages:
        raise NotFoundError(NO_VINTAGE, name=summary.name, date=valid_from)
    standard = request.args.get("standard", "")
    need = demand(request.args.get("demand", ""))
    return Asked(
        summary,
        AnalysisRequest(province, valid_from, _standard(standard), _plan(), need),
        standard,
        valid_from,
    )


def demand(text: str) -> Need:
    """Return the need that a text names, everybody for none."""
    try:
        return Need(text) if text else Need.EVERYBODY
    except ValueError:
        raise FormError(NO_DEMAND, value=text[:40]) from None


def _plan() -> int | None:
    """Return the number of the plan that an address names, None for the newest."""
    text = request.args.get("plan", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _vintage(summary: ProvinceSummary) -> str:
    """Return the vintage asked for: by its first day, by any day on which it holds, the newest."""
    first, on = request.args.get("valid_from"), request.args.get("on")
    if first and on:
        raise FormError(ONE_DAY)
    if on:
        return vintage_on(store(), summary.code, on)
    return first or summary.vintages[-1]


def decimal(text: str) -> float:
    """Return the number that `text` writes, with a decimal comma or point."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise FormError(NO_NUMBER, value=text) from None


def whole_number(text: str) -> int:
    """Return the whole number that `text` writes, from 0 to 999999999."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise FormError(NO_NUMBER, value=text[:40])
    return int(text)


def _standard(text: str) -> ServiceStandard | None:
    """Return the standard an address names: a radius in km, by class, or the province's own."""
    if not text:
        return None
    if text == BY_CLASS:
        return ServiceStandard(CLASS_RADII_KM)
    return ServiceStandard.one_radius(decimal(text))


def install(app: Flask) -> None:
    """Let addresses of `app` hold province codes, and templates know the offered radii."""
    app.url_map.converters["province"] = ProvinceCode
    app.jinja_env.globals.update(OFFERED_KM=OFFERED_KM, BY_CLASS=BY_CLASS)
