"""Whether an error is the database's own trouble, such as a deadlock or a lost connection.

Then the transaction is lost and has to be run again as a whole: whoever goes on after a part that failed by itself must
not take such an error for that part's own.
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError


def original(error: BaseException) -> BaseException | None:
    """The driver's own error, which SQLAlchemy wraps and prepared statements do not."""
    return error.orig if isinstance(error, DBAPIError) else error


def is_of_the_database(error: Exception) -> bool:
    """By the name that each driver gives to such errors (PEP 249), as not every driver is loaded."""
    return any(kind.__name__ == "OperationalError" for kind in type(original(error)).__mro__)
