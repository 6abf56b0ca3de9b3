"""The words of the pages for people outside: shipped as Markdown, or the council's own."""
