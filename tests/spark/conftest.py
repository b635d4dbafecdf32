"""One cluster for all, and one session on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzer.spark.engine import Engine
from tests.s3.store import ENVIRONMENT
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
    with Engine.start(cluster.url, {**CONF, **known_to_aws(cluster)}) as started:
        yield started


def known_to_aws(cluster: Cluster) -> dict[str, str]:
    """Settings by which workers have credentials of their own, and a profile."""
    profiles = cluster.folder / "credentials"
    profiles.write_text("[audit]\naws_access_key_id = AKIAAUDIT\naws_secret_access_key = s\n")
    told = {**ENVIRONMENT, "AWS_SHARED_CREDENTIALS_FILE": str(profiles)}
    return {f"spark.executorEnv.{name}": value for name, value in told.items()}
