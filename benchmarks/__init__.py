"""``make bench``: how fast the bot does what it exists for, against what it stands on.

Two yardsticks run in the same minutes on the same machine: ``bare Bolt``, the framework with a
handler that only acks, and the ``tutorial bot``, the sixty lines that people write. ``workplace``
runs a program as a child between a pretend Slack and a vendor's sandbox, ``talking`` and ``lives``
time it from outside, ``storing``, ``waking``, ``dates``, ``polling`` and ``reading`` time single
parts with the orders of ``crowd`` and the schedules of ``almanac``, and ``figures`` makes the
table. Ratios are the result; absolute times are this machine's.
"""
