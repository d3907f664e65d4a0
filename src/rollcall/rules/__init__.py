"""What words and numbers mean: the law, the policy, the arithmetic. No Django, no clock, no chance."""
