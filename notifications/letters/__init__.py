"""Letters to people outside: who may be told what, the words, and the paper."""
