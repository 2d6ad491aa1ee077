"""What is told at each step: sentences, the inspector, tracks, the timeline."""
