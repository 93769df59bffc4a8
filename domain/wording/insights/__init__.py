"""What stands out, in plain sentences that carry their figures; ``ranking.rank`` is the one entry."""
