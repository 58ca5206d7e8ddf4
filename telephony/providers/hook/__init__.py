"""The line hook: any exchange, or a telephone, reports by signed requests what happens on its line."""
