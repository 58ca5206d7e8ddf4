"""The product's addresses, and the twin's."""

from django.urls import path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as ours
from tests.bench.naive import views

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [
    path("desk/naive/queue/", views.tickets),
    path("desk/naive/tickets/<int:pk>/", views.ticket),
    *ours,
]
