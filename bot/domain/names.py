"""Names that say what a rule or a budget is for; None stands for all there are."""

Names = tuple[str, ...] | None


def has(names: Names, name: str) -> bool:
    """It is for this one."""
    return names is None or name in names


def meet(one: Names, other: Names) -> bool:
    """Something is named by both."""
    return one is None or other is None or bool(set(one) & set(other))


def wider(wide: Names, narrow: Names) -> bool:
    """Whatever the narrow one names is named by the wide one."""
    return wide is None or (narrow is not None and set(narrow) <= set(wide))


def told(names: Names, everything: str) -> str:
    """``a, b``, or what all of them are called."""
    return everything if names is None else ", ".join(names)
