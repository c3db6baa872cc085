"""Values leave the sandbox, and enter it, as data: tagged JSON that is checked before anything is built from it.

Answers of a learner come out so, and what a test hands to a learner's function goes in.

`pack` and `pack_names` run beside a learner's code, so what they write is never trusted; `unpack` and
`unpack_names` check every length, type and number before they build a value, and end in a value or in
`Refused`. Nothing is ever unpickled, evaluated or imported by name.

Tables travel column by column, as the bytes of their numpy buffers. Arrow's own stream format is not used:
15 kB of it can claim 480 MB (a compressed buffer of zeros), its metadata steer what pandas builds, and it
loses complex numbers, intervals, frequencies and objects. So a hostile learner never meets its parser.

Of the kit it imports the errors alone, and numpy and pandas only for values that need them: it works beside a
learner's code where the standard library is all there is.
"""

from threechairs.grader.crossing.bounds import Bounds, CannotCross, Refused
from threechairs.grader.crossing.names import Arrived, pack_names, unpack_names
from threechairs.grader.crossing.pack import pack
from threechairs.grader.crossing.unpack import unpack

__all__ = ["Arrived", "Bounds", "CannotCross", "Refused", "pack", "pack_names", "unpack", "unpack_names"]
