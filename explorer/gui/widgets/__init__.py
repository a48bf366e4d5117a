"""Parts of panels that know nothing of tables or sessions, or only show them."""
