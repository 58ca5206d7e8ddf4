"""Plays Twilio for our server: its REST surface with state, our documents carried out, its webhooks.

It knows nothing of our tables and of none of our words: whatever it learns of the server, it learns
as Twilio would, by what the server answers and asks. Facts: Twilio's documentation pages and its
OpenAPI file (2026-04-14); what is not documented is said where it is decided.
"""
