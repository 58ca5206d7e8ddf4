"""All addresses: public pages in Arabic without prefix and in French under /fr/, the desk, machines."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from config.installation.views.health import health
from config.views.administration import administration
from config.views.health import healthz
from config.views.metrics import metrics
from helpdesk.portal.views.public.chat_frame import widget
from telephony.providers.web import urls as line_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("widget.js", widget, name="widget"),
    path("account/", include("allauth.urls")),
    path("drafts/", include("helpdesk.live.urls")),
    path("identity/", include("helpdesk.centre.urls")),
    path("files/", include("helpdesk.files.urls")),
    path("call/line/", include(line_urls.public)),
    path("api/", include("helpdesk.portal.api.urls")),
    path("hooks/line/", include("telephony.providers.hook.urls")),
    path("hooks/twilio/", include("telephony.providers.twilio.urls")),
    path(
        "desk/",
        include(
            [
                path("calls/<int:pk>/line/", include(line_urls.desk)),
                path("calls/", include("telephony.providers.twilio.desk")),
                path("line-check/", include("telephony.providers.twilio.checking.urls")),
                path("prompts/", include("telephony.providers.twilio.prompts.urls")),
                path("", include("telephony.urls")),
                path("", include("knowledge.articles.desk_urls")),
                path("", include("helpdesk.supervision.urls")),
                path("bundles/", include("helpdesk.upkeep.bundle_urls")),
                path("", include("helpdesk.upkeep.urls")),
                path("", include("helpdesk.editing.urls")),
                path("", include("helpdesk.queues.urls")),
                path("", include("helpdesk.tickets.urls")),
                path("organisations/", include("helpdesk.portal.organisations.urls")),
                path("", include("helpdesk.associations.urls")),
                path("", include("helpdesk.hours.urls")),
                path("", include("helpdesk.accounts.urls")),
                path("centre/", include("config.installation.urls")),
                path("health/", health, name="health"),
                path("administration/", administration, name="administration"),
                path("retention/", include("config.retention.urls")),
                path("asked/", include("config.asked.urls")),
            ]
        ),
    ),
    *i18n_patterns(
        path("", include("helpdesk.portal.urls")),
        path("call/", include("telephony.public_urls")),
        path("library/words/", include("knowledge.search.word_urls")),
        path("library/", include("knowledge.articles.urls")),
        path("search/", include("knowledge.search.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "config.views.errors.bad_request"
handler403 = "config.views.errors.forbidden"
handler404 = "config.views.errors.not_found"
handler500 = "config.views.errors.broken"
