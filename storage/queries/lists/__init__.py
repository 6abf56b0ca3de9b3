"""Lists in pages by key: what is filtered, in what order, and from where on."""
