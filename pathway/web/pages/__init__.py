"""One module for each area of the pages; ``pathway.web.routes`` is the map."""
