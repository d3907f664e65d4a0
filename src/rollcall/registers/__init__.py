"""Taking the register; the ledger; a pupil's figures."""
