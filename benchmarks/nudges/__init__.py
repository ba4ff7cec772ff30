"""What reminders cost: to claim, to send within the platforms' limits, and with several workers."""
