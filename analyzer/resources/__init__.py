"""The shelf of resource modules: all rules of one AWS resource type each."""

from analyzer.resource import ResourceModule
from analyzer.resources import (
    backup,
    kms_alias,
    kms_grant,
    rds_backup,
    rds_blue_green,
    rds_global,
    rds_notice,
    rds_sharing,
    rds_snapshot,
    trail,
)
from analyzer.resources.kms_key import decode as kms_key
from analyzer.resources.kms_key import store as kms_store
from analyzer.resources.rds_database import cluster as rds_cluster
from analyzer.resources.rds_database import instance as rds_instance

RESOURCES: tuple[ResourceModule, ...] = (
    kms_key,
    kms_alias,
    kms_store,
    kms_grant,
    rds_instance,
    rds_cluster,
    rds_global,
    rds_blue_green,
    rds_snapshot,
    rds_sharing,
    rds_backup,
    backup,
    rds_notice,
    trail,
)
