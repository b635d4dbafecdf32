"""The shelf of resource modules: all rules of one AWS resource type each."""

from analyzer.resource import ResourceModule
from analyzer.resources import (
    kms_alias,
    kms_key,
    kms_store,
    rds_backup,
    rds_instance,
    rds_notice,
    rds_snapshot,
)

RESOURCES: tuple[ResourceModule, ...] = (
    kms_key,
    kms_alias,
    kms_store,
    rds_instance,
    rds_snapshot,
    rds_backup,
    rds_notice,
)
