"""Many made-up tickets at once, the same for the same seed and time."""

from config.demonstration.load.tickets import has_real_tickets, tickets

__all__ = ["has_real_tickets", "tickets"]
