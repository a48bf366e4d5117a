"""How far a map reaches, under the name that the map's parts know."""

from explorer.extent import F32, extent

__all__ = ["F32", "extent"]
