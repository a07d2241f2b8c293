"""Tests.

Each name of a test is a claim, its docstring the reason. Vendors are met over loopback HTTP.
"""
