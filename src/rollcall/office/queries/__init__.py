"""What the office's pages show, gathered from the rooms below as plain values."""
