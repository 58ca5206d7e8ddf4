"""What callers hear: which prompts there are, their recordings and placeholders, and the page that keeps them."""
