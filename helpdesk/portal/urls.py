"""Public addresses of the portal."""

from django.urls import URLPattern, path

from helpdesk.portal.views.public import (
    ask,
    chat,
    chat_frame,
    demo,
    follow,
    my,
    outbox,
    privacy,
    receipt,
)
from helpdesk.portal.views.public.home import home

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("ask/", ask.ask, name="ask"),
    path("ask/done/", receipt.done, name="ask_done"),
    path("ask/slip.pdf", receipt.pdf, name="ask_pdf"),
    path("ask/putting-away/", receipt.putting_away, name="ask_putting_away"),
    path("ask/erasure/", ask.erasure, name="ask_erasure"),
    path("ask/<slug:name>/", ask.step, name="ask_step"),
    path("chat/", chat.chat, name="chat"),
    path("chat/frame/", chat_frame.frame, name="chat_frame"),
    path("chat/whole/", chat.whole, name="chat_whole"),
    path("chat/since/<int:number>/", chat.since, name="chat_since"),
    path("chat/lines/", chat.lines, name="chat_lines"),
    path("chat/pass/", chat.listen, name="chat_pass"),
    path("chat/marks/", chat.marks, name="chat_marks"),
    path("chat/ending/", chat.ending, name="chat_ending"),
    path("chat/mail/", chat.mail, name="chat_mail"),
    path("chat/code/", chat.code, name="chat_code"),
    path("chat/kept/", chat.kept, name="chat_kept"),
    path("chat/rating/", chat.rating, name="chat_rating"),
    path("chat/files/<str:name>/", chat.file, name="chat_file"),
    path("follow/", follow.follow, name="follow"),
    path("follow/ticket/", follow.ticket, name="follow_ticket"),
    path("follow/ticket/lines/", follow.lines, name="follow_lines"),
    path("follow/ticket/messages/", follow.message, name="follow_message"),
    path("follow/ticket/closure/", follow.closure, name="follow_closure"),
    path("follow/ticket/rating/", follow.rating, name="follow_rating"),
    path("follow/ticket/result/", follow.result, name="follow_result"),
    path("follow/ticket/files/<str:name>/", follow.file, name="follow_file"),
    path("follow/leaving/", follow.leaving, name="follow_leaving"),
    path("my/", my.my, name="my"),
    path("my/tickets/<int:pk>/", my.ticket, name="my_ticket"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("demo/", demo.demo, name="demo"),
    path("demo/enter/<slug:role>/", demo.enter, name="demo_enter"),
    path("demo/tour/", demo.show, name="tour"),
    path("demo/tour/beginning/", demo.begin, name="tour_begin"),
    path("demo/tour/question/", demo.question, name="tour_question"),
    path("demo/tour/proof/", demo.proof, name="tour_proof"),
]
