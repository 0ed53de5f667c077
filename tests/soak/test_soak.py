import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOAK_S = float(os.environ.get("SOAK_S", "30"))
GROWTH_MB = 5


@pytest.mark.slow
@pytest.mark.timeout(SOAK_S + 120)
def test_nothing_is_left_over_and_memory_does_not_grow():
    faulty = [sys.executable, str(HERE / "faulty.py"), "1"]
    with subprocess.Popen(faulty, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().strip()
        command = [sys.executable, "-W", "default::ResourceWarning", str(HERE / "soak.py"), str(SOAK_S), url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        server.stdin.close()

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    sys.stdout.write(f"{report['outcomes']}\n{[round(mb, 1) for mb in report['memory_mb']]}\n")
    # asyncio's remark on writing to whoever has just left, before the server hears of it.
    said = [line for line in done.stderr.splitlines() if line != "socket.send() raised exception."]
    assert said == []
    assert (report["tasks"], report["sockets"], report["threads"]) == ([], [], [])
    half = report["memory_mb"][len(report["memory_mb"]) // 2 :]
    assert max(half[-3:]) - min(half[:3]) < GROWTH_MB
    assert report["outcomes"]["answer"] > 100
    assert {"cancelled", "left", "bad_request"} <= set(report["outcomes"])
