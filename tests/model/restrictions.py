"""Restrictions: what the driver leaves out, or the comparison, because the answers differ there.

Each stands for an open difference between the model and the product; none of them is what AWS
would do. What no document tells is left out by the calls themselves, with the reason beside it.
"""

from __future__ import annotations

from typing import Final

STOPPING_IS_TOLD: Final = True
"""A database between StopDBInstance and RDS-EVENT-0087, its key usable, counts as healthy."""

SQL_SERVER_WITHOUT_BACKUPS: Final = True
"""An instance without backups stays available until a detach even if it could not stop."""

STORE_CALLS_AFTER_A_DATE: Final = True
"""A store's connection tells nothing of its keys that should have been deleted by then."""

EXPIRIES_AFTER_A_DATE: Final = True
"""An expiry that no record shows is no sign of life of a key that should have been deleted."""

SOURCES_WITH_REPLICAS_ARE_DELETED: Final = False
"""Read replicas in the same Region are promoted when their source is deleted."""

ROOTS_FROM_BEFORE_CREATION: Final = True
"""That a key was of no use for a while before a database was made cost that one no access."""

UPPER_BOUNDS_OF_A_SECOND_CAUSE: Final = False
"""What was lost at an unknown moment was lost at the latest when its key was deleted."""

BOUNDS_OF_ALL_COPIES: Final = False
"""While it is unknown until when one copy lasted, it is unknown when everything was lost."""

RECOVERIES_ARE_DOCUMENTED: Final = False
"""That the volume leaves its host in a recovery (RDS-EVENT-0020) is documented, not inferred."""

UNTIL_A_DIRECT_END: Final = False
"""Where the terminal status is entered directly, its moment is the last at which one could act."""
