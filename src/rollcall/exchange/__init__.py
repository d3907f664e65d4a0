"""Files in and out: pupils, marks, mappings."""
