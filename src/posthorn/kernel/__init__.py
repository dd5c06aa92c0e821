"""What every layer may use and what itself uses nothing of ours."""
