"""Runs a command and writes its time and usage to descriptor 3, as JSON.

The time is measured from the start of the command, so it does not include the start of Python.
"""

import json
import os
import sys
import time

command = sys.argv[1:]
os.set_inheritable(3, False)
started = time.perf_counter_ns()
pid = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter_ns() - started
measured = {
    "wallMs": wall / 1e6,
    "userMs": usage.ru_utime * 1e3,
    "cpuMs": (usage.ru_utime + usage.ru_stime) * 1e3,
    # Bytes on macOS, kibibytes elsewhere.
    "peakBytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
}
os.write(3, json.dumps(measured).encode())
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
