"""Addresses of the board."""

from django.urls import path

from helpdesk.supervision.views import desk

app_name = "supervision"
urlpatterns = [
    path("board/", desk.board, name="board"),
    path("board/figures.xlsx", desk.workbook, name="workbook"),
    path("use/", desk.library_use, name="use"),
    path("use/use.xlsx", desk.use_workbook, name="use_workbook"),
    path("figures/", desk.figures_of_month, name="figures"),
]
