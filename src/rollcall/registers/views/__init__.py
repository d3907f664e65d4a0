"""The faces of registers: taking one, what is around it, a file for each idea."""
