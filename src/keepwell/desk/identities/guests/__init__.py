"""资料核实 for a branch at which the client is not at home: what lies here, and that it differs."""
