import os

# Every test speaks to a simulated set; none looks for a Live on this machine.
os.environ["CONDUIT_LIVE"] = "simulated"
