"""The office's pages: set-up, pupils' facts, people, policy, letters, messages and the journal."""
