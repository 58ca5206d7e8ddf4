"""Addresses of the set-up, under /desk/centre/."""

from django.urls import URLPattern, path

from config.installation.views import backup, home, live, mail, practice, sheet, step

app_name = "installation"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("history/", home.history, name="history"),
    path("live/", live.live, name="live"),
    path("backup/key/", backup.key, name="backup_key"),
    path("backup/now/", backup.now, name="backup_now"),
    path("mail/test/", mail.test, name="mail_test"),
    path("mail/<slug:way>/none/", mail.give_up, name="mail_none"),
    path("practice/", practice.practice, name="practice"),
    path("practice/beginning/", practice.beginning, name="practice_beginning"),
    path("practice/part/", practice.part, name="practice_part"),
    path("practice/requests/", practice.requests, name="practice_requests"),
    path("practice/wiping/", practice.wiping, name="practice_wiping"),
    path("sheets/<slug:kind>/", sheet.sheet, name="sheet"),
    path("steps/<slug:slug>/", step.step, name="step"),
]
