"""Addresses of the app; they stand under /desk/."""

from django.urls import URLPattern, path

from helpdesk.tickets.views.desk import (
    acts,
    answers,
    chat,
    citing,
    filing,
    page,
    papers,
    people,
    writing,
)

app_name = "tickets"
urlpatterns: list[URLPattern] = [
    path("tickets/<int:pk>/", page.ticket, name="ticket"),
    path("tickets/<int:pk>/thread/", page.thread, name="thread"),
    path("tickets/<int:pk>/news/", page.news, name="news"),
    path("tickets/<int:pk>/chat/", chat.chat, name="chat"),
    path("tickets/<int:pk>/chat/marks/", chat.marks, name="chat_marks"),
    path("tickets/<int:pk>/around/", page.around, name="around"),
    path("tickets/<int:pk>/entries/", writing.entries, name="entries"),
    path("tickets/<int:pk>/draft/", citing.draft, name="draft"),
    path("tickets/<int:pk>/articles/", citing.articles, name="articles"),
    path("tickets/<int:pk>/articles/<slug:topic>/", citing.article, name="article"),
    path("tickets/<int:pk>/papers/", papers.papers, name="papers"),
    path("tickets/<int:pk>/papers/<slug:code>/", papers.paper, name="paper"),
    path("tickets/<int:pk>/quotes/", citing.quotes, name="quotes"),
    path("tickets/<int:pk>/quotes/removal/", citing.unquote, name="unquote"),
    path("tickets/<int:pk>/closure/", acts.closure, name="closure"),
    path("tickets/<int:pk>/reopening/", acts.reopening, name="reopening"),
    path("tickets/<int:pk>/promises/", acts.promises, name="promises"),
    path("tickets/<int:pk>/level/", acts.level, name="level"),
    path("tickets/<int:pk>/grants/", acts.grants, name="grants"),
    path("tickets/<int:pk>/code/", acts.code, name="code"),
    path("tickets/<int:pk>/number/", acts.number, name="number"),
    path("tickets/<int:pk>/dispute/", acts.dispute, name="dispute"),
    path("tickets/<int:pk>/filing/", filing.filing, name="filing"),
    path("tickets/<int:pk>/facts/", filing.facts, name="facts"),
    path("tickets/<int:pk>/deadline/", filing.deadline, name="deadline"),
    path("tickets/<int:pk>/person/", people.person, name="person"),
    path("tickets/<int:pk>/association/", people.association, name="association"),
    path("grants/<int:pk>/end/", acts.grant_end, name="grant_end"),
    path("promises/<int:pk>/attempts/", acts.attempts, name="attempts"),
    path("answers/<int:pk>/release/", answers.release, name="release"),
    path("answers/<int:pk>/return/", answers.returning, name="return"),
    path("answers/<int:pk>/draft/", answers.take_up, name="take_up"),
    path("answers/<int:pk>/provenance/", answers.proof, name="provenance"),
]
