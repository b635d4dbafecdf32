"""Cluster: a standalone one on the loopback interface, of PySpark's own classes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

PATIENCE: Final = 120
"""Seconds that a master or worker is given to come up."""

CONF: Final[Mapping[str, str]] = {
    "spark.executor.memory": "768m",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    # Compiling a query takes longer than these few rows do without.
    "spark.sql.codegen.wholeStage": "false",
}
"""What a driver tells such a cluster."""

_MASTER = re.compile(r"(spark://127\.0\.0\.1:\d+)\.?$", re.MULTILINE)


class Cluster:
    """A master and workers, processes of ours; each in a group of its own."""

    def __init__(self, folder: Path, *, workers: int = 2) -> None:
        self.folder = folder
        self._started = 0
        self._workers: list[subprocess.Popen[bytes]] = []
        self._master, told = self._start(
            "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1",
            "--port", "0", "--webui-port", "0",
        )  # fmt: skip
        self.url = self._until(told, _MASTER)
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> None:
        """Start a worker of one core, and wait until the master knows it."""
        worker, told = self._start(
            "worker", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1",
            "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir",
            str(self.folder / "work"), self.url,
        )  # fmt: skip
        self._workers.append(worker)
        self._until(told, re.compile(r"(Successfully registered with master)"))

    def kill_worker(self) -> None:
        """Kill a worker with its executors, as a machine that loses power."""
        _kill(self._workers.pop())

    def spent(self) -> float:
        """Return the seconds of processor that workers, and what they started, have taken."""
        sessions = {str(process.pid) for process in self._workers}
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parts = path.read_text().rpartition(")")[2].split()
                if parts[3] in sessions:
                    ticks += sum(map(int, parts[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        for process in (*self._workers, self._master):
            _kill(process)

    def _start(self, name: str, *words: str) -> tuple[subprocess.Popen[bytes], Path]:
        import pyspark  # noqa: PLC0415 - an extra

        self._started += 1
        told = self.folder / f"{name}-{self._started}.log"
        environment = {
            **os.environ,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "PYSPARK_PYTHON": sys.executable,
        }
        with told.open("wb") as log:
            process = subprocess.Popen(
                [Path(pyspark.__file__).parent / "bin/spark-class", *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                start_new_session=True,
            )  # fmt: skip
        return process, told

    def _until(self, told: Path, wanted: re.Pattern[str]) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = wanted.search(told.read_text())
            if found is not None:
                return found[1]
            time.sleep(0.1)
        pytest.fail(f"no {wanted.pattern} in {told}:\n{told.read_text()[-2000:]}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
