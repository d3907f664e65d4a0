"""The office's set-up: standing facts, messages, journal, policy."""
