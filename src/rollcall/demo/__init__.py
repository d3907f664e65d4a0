"""The federation with made-up pupils."""
