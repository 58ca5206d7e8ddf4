"""A chat as the desk sees it beside its thread. Plain data for the page; asks only the cache."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from helpdesk.tickets.actions import chatting
from helpdesk.tickets.chats import Chat


@dataclass
class Talk:
    chat: Chat
    user: Any
    at: datetime

    @property
    def is_open(self) -> bool:
        return self.chat.is_open

    @property
    def is_turned(self) -> bool:
        """It became a written question; a line makes it a chat again."""
        return self.chat.turned_at is not None

    @property
    def is_mine(self) -> bool:
        return bool(self.chat.ticket.assignee_id == self.user.pk)

    @property
    def is_gone(self) -> bool:
        return self.chat.is_gone(at=self.at)

    @property
    def gone_since(self) -> datetime:
        return self.chat.asker_seen_at

    @cached_property
    def is_typing(self) -> bool:
        return chatting.is_typing(self.chat, Chat.Side.ASKER)

    @property
    def read(self) -> int:
        """How far the asker has read."""
        return self.chat.asker_read

    @property
    def mark(self) -> str:
        """Changes whenever the region would show something else."""
        facts = (
            self.is_open,
            self.is_turned,
            self.is_gone,
            self.is_typing,
            self.is_mine,
            self.read,
        )
        return "-".join(str(int(fact)) for fact in facts)
