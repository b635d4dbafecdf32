"""One cluster for all, and one session on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzer.spark.engine import Engine
from tests.spark.cluster import CONF, Cluster
from tests.spark.needed import MISSING


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if MISSING is not None:
        pytest.skip(MISSING)
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def engine(cluster: Cluster) -> Iterator[Engine]:
    with Engine.start(cluster.url, CONF) as started:
        yield started
