"""What operators are told: health, figures, and what systemd hears."""
