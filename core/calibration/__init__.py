"""Floor 3, calibration: forecasts frozen at a time, to be scored against what happened."""
