"""Addresses of the board and of what is steered from it."""

from django.urls import path

from helpdesk.supervision.views import desk, gaps, programme, service_level, steering

app_name = "supervision"
urlpatterns = [
    path("board/", desk.board, name="board"),
    path("board/figures.xlsx", desk.workbook, name="workbook"),
    path("board/assignment/<int:pk>/", steering.assignment, name="assignment"),
    path("board/team/", steering.people, name="team"),
    path("board/team/<int:pk>/queue/", steering.serving, name="serving"),
    path("board/queues/<int:pk>/pause/", steering.pause, name="pause"),
    path("board/queues/<int:pk>/opening/", steering.opening, name="opening"),
    path("board/notices/", steering.notices, name="notices"),
    path("board/notices/<int:pk>/end/", steering.notice_end, name="notice_end"),
    path("notices/", steering.desk_notices, name="desk_notices"),
    path("notices/<int:pk>/putting-away/", steering.putting_away, name="putting_away"),
    path("use/", desk.library_use, name="use"),
    path("use/use.xlsx", desk.use_workbook, name="use_workbook"),
    path("gaps/", gaps.page, name="gaps"),
    path("gaps/gaps.xlsx", gaps.workbook, name="gaps_workbook"),
    path("gaps/drafts/<int:pk>/", gaps.draft, name="gap_draft"),
    path("programme/", programme.page, name="programme"),
    path("programme/report.<slug:format>", programme.file, name="programme_file"),
    path("programme/copies/", programme.copies, name="freeze"),
    path("programme/copies/<int:pk>/", programme.frozen, name="frozen"),
    path(
        "programme/copies/<int:pk>/<slug:language>.<slug:format>",
        programme.frozen_file,
        name="frozen_file",
    ),
    path("figures/service/", service_level.page, name="service"),
    path("figures/service/rows/", service_level.rows, name="service_rows"),
    path("figures/service/service.xlsx", service_level.workbook, name="service_workbook"),
    path("figures/", desk.figures_of_month, name="figures"),
    path("figures/figures.xlsx", desk.months_workbook, name="months_workbook"),
]
