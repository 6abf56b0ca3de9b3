"""Guessing passwords is slowed down, by user name and by address."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

BY_NAME = RateLimitItemPerMinute(10, 15)
BY_ADDRESS = RateLimitItemPerMinute(60, 15)


class Throttle:
    """Counts failed sign-ins in the memory of this process."""

    def __init__(self) -> None:
        """Nothing has been counted."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def lets_through(self, username: str, address: str) -> bool:
        """False when there were too many failures for this name or from this address."""
        by_name = self._limiter.test(BY_NAME, "name", username.casefold())
        return by_name and self._limiter.test(BY_ADDRESS, "address", address)

    def failed(self, username: str, address: str) -> None:
        """Counts one failure."""
        self._limiter.hit(BY_NAME, "name", username.casefold())
        self._limiter.hit(BY_ADDRESS, "address", address)
