"""Values of label pixels in training, beside those of the classes (`idgbr.training.places.LANDCOVER`)."""

from __future__ import annotations

from idgbr.classes import NODATA_CLASS

#: Ids of land-cover classes.
BUILDING, VEGETATION, WATER = 0, 3, 4
#: Label of pixels known only not to be a building.
NOT_BUILDING = 254
#: Label of pixels that most likely are no building: away from the drawn roofs of a set that leaves some out.
PROBABLY_NOT_BUILDING = 253
#: Label of pixels that are no vegetation, and of those that are neither vegetation nor a building.
NOT_VEGETATION, BARE = 251, 250
#: Labels that leave several classes open.
PARTIAL = (NOT_BUILDING, PROBABLY_NOT_BUILDING, NOT_VEGETATION, BARE)
#: Label of built-up ground: buildings with the yards between them, as land cover is mapped.
BUILT_UP = 252
#: Label of pixels that nothing is learned from.
IGNORE = NODATA_CLASS
#: Value of contact (`idgbr.training.backbone_data.Sample`) where it is not known.
UNKNOWN = 255
