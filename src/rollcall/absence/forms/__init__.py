"""What people type in this room, turned into its words, with a sentence for what cannot be read."""
