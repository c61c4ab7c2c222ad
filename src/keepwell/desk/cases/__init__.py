"""Is it suspicious? For anti-money-laundering officers alone; imported by `site` and `exchange` only."""
