"""What a person typed, turned into the room's words, a file for each part."""
