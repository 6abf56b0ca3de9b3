"""Commands of letters, of the post and of referrers."""
