"""Django's SQLite, with one thing of its own: what a migration does while everybody waits for it."""
