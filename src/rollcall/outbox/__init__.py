"""Finished messages and what became of them."""
