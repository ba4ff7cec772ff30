"""What connects the conversation to the platforms: one package for each, and none knows another."""
