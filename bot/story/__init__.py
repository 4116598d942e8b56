"""The people of the local workspace, and the decision that they live through by themselves with --play."""
