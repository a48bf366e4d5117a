"""What the formats share: choosing a tensor, naming rows, reading numbers and text with bounds.

The formats may not know one another (a contract checked by import-linter), so what two of them
need lives here, one layer below.
"""
