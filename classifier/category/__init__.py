"""What is it about? Training, answering, calibration and explanation of categories."""
