"""What every vendor's client must do, whatever its vendor does: one suite, many subjects.

A new vendor joins by adding one ``Subject`` to ``subjects.SUBJECTS``: its sandbox, its client, and
the few controls of ``subjects.Bench``. No test here knows a vendor; what differs is on its sheet.
"""
