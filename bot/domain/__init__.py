"""Pure types and rules of learning programmes: no platform, database, clock or configuration."""
