"""The page that asks what is to c as b is to a."""
