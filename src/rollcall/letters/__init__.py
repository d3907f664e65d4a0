"""Wordings and their versions, who is written to, as PDF."""
