"""The room's pages, a file for each thing that somebody does there."""
