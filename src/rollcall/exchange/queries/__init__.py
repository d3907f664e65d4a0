"""Reading for files: what a file would change, and what goes out in one."""
