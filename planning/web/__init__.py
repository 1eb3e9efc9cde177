"""The pages: a view parses what was asked, calls a service and renders its answer."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from planning.bootstrap import open_drafts, open_store
from planning.services.imports import Previews
from planning.services.register.handles import key_by
from planning.settings import Settings
from planning.web import (
    access,
    account,
    account_lists,
    asked,
    assets,
    attachments,
    attention,
    check_minutes,
    communes,
    compliance,
    compressed,
    cookies,
    coverage,
    criteria,
    data,
    demand,
    downloads,
    errors,
    field_check,
    gaps,
    home,
    imports,
    language,
    layers,
    mismatch,
    oidc,
    overview,
    plan_curves,
    proposal_files,
    proposal_forms,
    proposal_page,
    proposal_steps,
    proposals,
    protection,
    public,
    publishing,
    reform,
    register,
    register_edits,
    register_inspections,
    register_records,
    result_words,
    results,
    role_words,
    round_decisions,
    rounds,
    scenario_changes,
    scenario_files,
    scenarios,
    sign_in,
    standard,
    suggestions,
    workload,
)
from planning.web import map as map_page

PAGES = (
    home,
    overview,
    coverage,
    map_page,
    layers,
    gaps,
    suggestions,
    plan_curves,
    scenarios,
    scenario_changes,
    scenario_files,
    proposals,
    proposal_page,
    proposal_forms,
    proposal_steps,
    proposal_files,
    rounds,
    round_decisions,
    register,
    register_edits,
    register_inspections,
    register_records,
    compliance,
    communes,
    workload,
    mismatch,
    reform,
    results,
    attention,
    public,
    publishing,
    standard,
    data,
    imports,
    downloads,
    field_check,
    check_minutes,
    attachments,
    criteria,
    sign_in,
    oidc,
    account,
    account_lists,
)
LARGEST_POST_BYTES = 64 * 1024
A_YEAR_S = 365 * 24 * 3600


def create_app(settings: Settings | None = None) -> Flask:
    """Return the web application on the database that the settings name."""
    settings = settings or Settings.from_environment()
    here = Path(__file__).parent
    app = Flask("planning", template_folder=str(here.parents[1] / "templates"), static_folder=None)
    app.config.update(LANGUAGE=settings.language, MAX_CONTENT_LENGTH=LARGEST_POST_BYTES)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["planning"] = open_store(settings)
    key_by(app.extensions["planning"], lambda: cookies.keys(settings)[0])
    app.extensions["drafts"] = open_drafts(settings)
    app.extensions["previews"] = Previews()
    asked.install(app)
    demand.install(app)
    language.install(app)
    assets.install(app)
    compressed.install(app)
    imports.install(app)
    proposals.install(app)
    register.install(app)
    protection.install(app, (settings.host, *settings.names))
    access.install(app, settings)
    oidc.install(app, settings)
    role_words.install(app)
    result_words.install(app)
    errors.install(app)
    app.register_blueprint(language.bp)
    for page in PAGES:
        app.register_blueprint(page.bp)
    # Vendored files are answered before Flask is asked: compressed at set-up, never changing.
    vendored = WhiteNoise(
        app.wsgi_app,
        max_age=A_YEAR_S,
        add_headers_function=_with_headers,
        immutable_file_test=_never_changes,
    )
    vendored.add_files(str(assets.VENDOR), prefix="static/vendor/")
    app.wsgi_app = vendored  # type: ignore[method-assign]
    return app


def _with_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in protection.HEADERS.items():
        headers[name] = value


def _never_changes(_path: str, _url: str) -> bool:
    """Whether a vendored file may be kept for good: its folder carries its version."""
    return True
