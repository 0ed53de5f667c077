"""The state machine that turns conversations forward, the tools it runs and the plans it makes."""
