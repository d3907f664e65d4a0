"""What the office types, turned into the rooms' words, with sentences for what is wrong."""
