"""Figures and codes from files, as other programs ask for them."""
