"""The one place where everything is plugged together."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from hotline.api import details, monitoring, v1
from hotline.i18n import language
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.open311 import views as open311
from hotline.partners.known import KnownPartners
from hotline.province.registry import KnownCells
from hotline.province.take import ProvinceDoors
from hotline.settings import Settings
from hotline.web.account import own_sessions, second, security_keys, single_sign_on
from hotline.web.account import views as account
from hotline.web.admin import views as admin
from hotline.web.board import consent, publishing
from hotline.web.board import figures as open_figures
from hotline.web.board import views as board
from hotline.web.citizen import questions
from hotline.web.citizen import views as citizen
from hotline.web.core import (
    appearance,
    errors,
    formatting,
    looking,
    navigation,
    permission,
    sessions,
    static_files,
    transaction,
)
from hotline.web.core.limits import edge, idempotency, large_bodies, proxies, torn_bodies
from hotline.web.core.limits.converters import RowNumber
from hotline.web.core.limits.rate_limits import limiter
from hotline.web.core.request_context import here
from hotline.web.dispatch import rules
from hotline.web.dispatch import views as dispatch
from hotline.web.evidence import back
from hotline.web.evidence import views as evidence
from hotline.web.followup import views as followup
from hotline.web.intake import autosave
from hotline.web.intake import views as intake
from hotline.web.interviews import desk as interviews_desk
from hotline.web.interviews import public as interviews_public
from hotline.web.knowledge import views as knowledge
from hotline.web.letters import views as letters
from hotline.web.live import alarms, notices, onlookers
from hotline.web.live import views as live
from hotline.web.map import words as map_words
from hotline.web.monitoring import views as monitoring_pages
from hotline.web.nuisance import views as nuisance
from hotline.web.ops import security_txt
from hotline.web.ops import views as ops
from hotline.web.overview import views as overview
from hotline.web.palette import views as palette
from hotline.web.phone_simulator import views as phone_simulator
from hotline.web.practice import views as practice
from hotline.web.province import views as province_pages
from hotline.web.quality import views as quality
from hotline.web.ready import views as ready
from hotline.web.review import rereading
from hotline.web.review import views as review
from hotline.web.search import bulk_pages
from hotline.web.search import views as search
from hotline.web.supervision import hotspots as hotspots_page
from hotline.web.supervision import views as supervision
from hotline.web.ticket import files, merging, prints, splitting, undo
from hotline.web.ticket import views as ticket
from hotline.web.unit import reply_check
from hotline.web.unit import signing as signing_pages
from hotline.web.unit import views as unit
from hotline.webhook_handlers.handler import WebhookHandler
from webhooks.cells import posts as cells
from webhooks.gateway import routes as gateway
from webhooks.partners import posts as partners
from webhooks.twilio import sms, voice
from webhooks.twilio.request import TwilioLine

CSP = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
PROTECTION = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(self), payment=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
PAGES = (
    admin,
    citizen,
    intake,
    dispatch,
    rules,
    autosave,
    files,
    merging,
    splitting,
    followup,
    hotspots_page,
    alarms,
    knowledge,
    questions,
    letters,
    interviews_desk,
    interviews_public,
    board,
    open_figures,
    consent,
    publishing,
    live,
    account,
    own_sessions,
    second,
    security_keys,
    single_sign_on,
    notices,
    onlookers,
    monitoring_pages,
    nuisance,
    ops,
    security_txt,
    evidence,
    back,
    overview,
    palette,
    phone_simulator,
    reply_check,
    practice,
    province_pages,
    quality,
    ready,
    rereading,
    review,
    search,
    signing_pages,
    bulk_pages,
    map_words,
    supervision,
    ticket,
    prints,
    undo,
    unit,
)


class CompiledTemplates(FileSystemBytecodeCache):
    """What Jinja makes of the templates, kept from one start to the next: compiling them is most of a first page."""

    def __init__(self, var: Path):
        folder = var / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """A full disk makes pages slower, and hinders none."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def create_app(settings: Settings, installation: Installation | None = None) -> Flask:
    """The web application over an installation. Raises Misconfigured when a route forgot to declare its permission."""
    app = Flask(__name__, template_folder="web/templates", static_folder=None)
    app.url_map.converters["int"] = RowNumber
    if installation is None:
        installation = build_installation(settings)
        settings = installation.settings  # those of a simulated city open no door to the outside
    app.extensions["installation"] = installation
    _configure(app, settings, installation)
    for install in (
        ops.install,
        sessions.install,
        edge.install,
        permission.install,
        looking.install,
        transaction.install,
        idempotency.install,
        errors.install,
        formatting.install,
        static_files.install,
    ):
        install(app)
    for page in PAGES:
        app.register_blueprint(page.pages)
    _plug_webhooks(app, settings, installation)
    app.register_blueprint(details.pages)
    app.register_blueprint(monitoring.pages)
    app.register_blueprint(v1.pages)
    app.register_blueprint(open311.pages)
    _home(app)
    permission.require_declarations(app)
    return app


def _configure(app: Flask, settings: Settings, installation: Installation) -> None:
    megabytes = installation.city.policy.attachment_max_mb
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=(megabytes * 5 + 2) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_ENABLED=not settings.testing,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 1, "socket_timeout": 1} if settings.redis_url else {},
        TESTING=settings.testing,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_options = {"bytecode_cache": CompiledTemplates(settings.var), **app.jinja_options}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    torn_bodies.install(app)
    large_bodies.install(app)
    app.extensions["csrf"] = CSRFProtect(app)
    limiter.init_app(app)
    if not settings.development:
        proxies.install(app, settings.proxies)
    single_sign_on.install(app, settings)
    app.after_request(_protect)
    app.context_processor(_context)


def _plug_webhooks(app: Flask, settings: Settings, installation: Installation) -> None:
    """The outside's routes prove themselves by signature: no cookie, no CSRF token. Who has no key here has no route either."""
    inbox = WebhookHandler(installation)
    known = KnownPartners(installation)
    csrf: CSRFProtect = app.extensions["csrf"]
    province = ProvinceDoors(installation)
    doors = [
        partners.blueprint(inbox, known, installation.clock),
        cells.blueprint(inbox, province, KnownCells(installation), installation.clock),
    ]
    if settings.twilio_auth_token:
        line = TwilioLine(settings.public_url, (settings.twilio_auth_token,))
        doors += [voice.blueprint(inbox, line, installation.clock), sms.blueprint(inbox, line, installation.clock)]
    if settings.gateway_url:
        doors.append(gateway.blueprint(inbox, gateway.GatewayLine(settings.gateway_keys), installation.clock))
    for blueprint in doors:
        app.register_blueprint(blueprint)
        csrf.exempt(blueprint)
    for endpoint, view in app.view_functions.items():
        if endpoint.split(".")[0].startswith("webhooks_"):
            permission.allow(permission.SIGNED)(view)
    app.register_blueprint(single_sign_on.told)
    csrf.exempt(single_sign_on.told)
    csrf.exempt(v1.pages)
    csrf.exempt(details.pages)
    csrf.exempt(monitoring.pages)
    csrf.exempt(open311.pages)


def _home(app: Flask) -> None:
    @permission.allow(permission.PUBLIC)
    def home() -> Any:
        me = here.me_or_none
        return redirect(url_for(navigation.home_of(me) if me else "citizen.home"))

    app.add_url_rule("/", "home", home)


def _protect(response: Response) -> Response:
    """Every answer's headers, unless the page has said otherwise itself."""
    wanted = list(PROTECTION)
    if here.settings.secure_cookies:
        wanted.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    if here.installation.simulated:
        wanted.append(("X-Hotline-Simulated", "1"))
    if request.endpoint != "static":
        wanted.append(("Cache-Control", "no-store"))
    said = {name.lower() for name, _value in response.headers}
    for name, value in wanted:
        if name.lower() not in said:
            response.headers.add(name, value)
    return response


def _context() -> dict[str, Any]:
    """What every template may ask for."""
    me = here.me_or_none
    return {
        "me": notices.me_for_pages() if me else None,
        "actor": me,
        "simulated": here.installation.simulated,
        "nav": navigation.my_nav(),
        "language": language(),
        "city": here.city,
        "now": here.now,
        "alarms": alarms.alarms_for_me() if me and not g.get("must_change") else alarms.NO_ALARMS,
        "alarm_roles": alarms.WHO,
        "bell_count": notices.unread_count() if me else 0,
        "settings": here.settings,
        "must_change": g.get("must_change", False),
        "appearance": appearance.chosen(),
        "appearances": appearance.CHOICES,
        "dark_sheet": appearance.DARK_SHEET.get(appearance.chosen()),
    }
