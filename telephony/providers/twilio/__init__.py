"""The public telephone network by Twilio: rows say what should sound, a sweep and documents make it so."""
