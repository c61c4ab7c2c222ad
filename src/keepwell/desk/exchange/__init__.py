"""Can today's figures be used, and what came in? Takes a run in as a generation, shows runs and their deliveries.

Reads run folders (tables, manifest, telemetry, progress). Writes generations, client anchors and the pointer.
Looked at by the HQ brokerage department and administrators.
"""
