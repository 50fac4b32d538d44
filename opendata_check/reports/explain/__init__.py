"""What `explain` answers, and the scores of others as the audit's reports tell them."""
