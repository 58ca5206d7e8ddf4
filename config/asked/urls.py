"""Addresses of the lists of themes and facts, under /desk/."""

from django.urls import path

from config.asked import views

app_name = "asked"
urlpatterns = [
    path("themes/", views.themes, name="themes"),
    path("themes/new/", views.new_theme, name="new_theme"),
    path("themes/<slug:code>/", views.theme, name="theme"),
    path("themes/<slug:code>/place/", views.theme_place, name="theme_place"),
    path("themes/<slug:code>/withdrawal/", views.theme_withdrawal, name="theme_withdrawal"),
    path("facts/", views.facts, name="facts"),
    path("facts/new/", views.new_fact, name="new_fact"),
    path("facts/<slug:code>/", views.fact, name="fact"),
    path("facts/<slug:code>/place/", views.fact_place, name="fact_place"),
    path("facts/<slug:code>/withdrawal/", views.fact_withdrawal, name="fact_withdrawal"),
]
