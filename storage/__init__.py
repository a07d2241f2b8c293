"""What we remember: one writer thread, group commit, one transaction per move."""
