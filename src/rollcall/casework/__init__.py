"""What is done about absence: reviews and decisions."""
