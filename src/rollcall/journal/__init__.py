"""Who did what, and who looked."""
