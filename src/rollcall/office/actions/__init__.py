"""What the office's set-up does with several rooms in one act."""
