"""The day, and why children were away: reports, late slips, calls, leave, evidence."""
