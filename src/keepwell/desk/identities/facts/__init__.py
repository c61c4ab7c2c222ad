"""资料核实: which of the values on record is true, and until when is it found out?"""
