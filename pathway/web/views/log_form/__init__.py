"""The form of a contact, row by row: who a child may be, what folds away, and what is said once it is logged."""
