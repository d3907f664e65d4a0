"""The pages of looking: who sees what, and that their figures are the judge's."""
