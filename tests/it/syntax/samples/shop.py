#!/usr/bin/env python3
"""A shop: every form in which Python lets one write a function."""
from __future__ import annotations

import contextlib
import functools
from typing import overload

type = "shadowed"
Exception_ = ValueError


class BaseException(ValueError):
    """Named like the one that stubs raise."""


def one_line(a): return a
def two_steps(a): b = a; return b;


def shadowing(type, raise_=1, *, c, **rest) -> (
    "int"
):
    # Comments come first,
    """and this is the documentation,
    on two lines."""
    if type:
        return raise_
	
    return c  # and last


def only_documented():
    """Says what it would do."""


def caught():
    try:
        return total([1])
    except Exception:
        return "swallowed"


def total(amounts):
    result = 0
    for amount in amounts:
        result += amount
    return result


def numbers(end):
    for number in range(end):
        if number % 2:
            yield number
        else:
            yield from ()


async def later(a):
    await a
    return 1


async def stream(a):
    async for b in a:
        yield b


@contextlib.contextmanager
def opened(name):
    """Opens."""
    try:
        yield name
    finally:
        pass


@functools.lru_cache(
    maxsize=None
)
def cached(a): return (
    a,
    1)


if type:
	def tabs(a):
		if a:
			return 1
		return 2
else:
    def tabs(a): pass


class Money(dict):
    """Money."""
    currency = "EUR"
    zero = staticmethod(lambda: 0)
    key = lambda self, *a, **b: (
        self, a, b)

    def __init__(self, amount):
        super().__init__()
        self.__amount = amount

    @property
    def amount(self): return self.__amount

    @amount.setter
    def amount(self, amount):
        self.__amount = amount

    @overload
    def add(self, other: int) -> int: ...
    @overload
    def add(self, other: str) -> str: ...
    def add(self, other):
        def inner():
            yield 1
        nonlocal_ = lambda: (yield)
        return f"{other!r} ä €" if inner() else \
            nonlocal_

    class Coin:
        async def __aenter__(self):
            return self


generator = lambda a: (yield a)
table = {"a": lambda: 1, "b": [lambda a=lambda: 2: a, lambda: 3]}
money = Money(1) if False else None
