"""What the kit costs a kernel before anything is shown."""

import statistics
import subprocess
import sys

BUDGET_S = 0.150

MEASURE = """
import time
import ipykernel.kernelapp
before = time.process_time()
import threechairs
print(time.process_time() - before)
"""


def test_import_costs_a_kernel_next_to_nothing():
    """Importing the kit after ipykernel takes less than 150 ms of CPU (median of three fresh processes)."""
    costs_s = [
        float(subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]

    median_s = statistics.median(costs_s)
    print(f"\nimport threechairs: {median_s * 1000:.1f} ms CPU beyond ipykernel (median of 3)")

    assert median_s < BUDGET_S
