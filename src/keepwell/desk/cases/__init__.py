"""Is it suspicious, and is it to be reported? Reads a run's sealed monitoring tables, writes ratings and cases.

Anti-money-laundering officers alone look at it; only `site` and `exchange` import it.
"""
