"""Milestones: what happens after a referral is accepted, and the clocks of it."""
