"""What the pages of this room show, gathered from the rooms below as plain values, a file for each page."""
