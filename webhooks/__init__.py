"""The outside world's language, in and out: Twilio, gateways and partners, but nothing of the hotline itself."""
