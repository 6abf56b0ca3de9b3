"""The pages: forms in, pages out, one transaction a request."""
