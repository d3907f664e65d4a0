"""Reading registers, the ledger and its figures, a file for each idea."""
