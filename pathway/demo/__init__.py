"""The demonstration: a story played on a clock of its own, and a database in which every stage can be seen."""
