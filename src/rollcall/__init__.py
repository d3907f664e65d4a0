"""Rollcall: the attendance system for English schools."""
