"""Where do people work on the run's decisions? Reads a run's decision tables, writes people's acts."""
