"""Facts: what the records tell about a database beside its status."""

from __future__ import annotations

from tests.model.known import Known


def can_stop(known: Known, db: str, at: int) -> bool:
    """Section 4.4, as far as instances go."""
    [made] = [step for step in known.script if step.result == db and not step.error]
    return not (
        is_replica(known, db, at)
        or any(source == db for source, _ in replicas(known, at))
        or (made.options.get("multi_az") and made.options["engine"].startswith("sqlserver"))
    )


def is_replica(known: Known, db: str, at: int) -> bool:
    return any(replica == db for _, replica in replicas(known, at))


def replicas(known: Known, at: int) -> list[tuple[str, str]]:
    """(source, replica) of every read replica there is at a moment."""
    return [
        (str(step.args[0]), str(step.result))
        for step in known.script
        if step.verb == "create_read_replica" and step.at <= at and not step.error
        if not known.is_successful("promote_read_replica", str(step.result), at)
        if not known.is_successful("delete_db_instance", str(step.result), at)
        if not known.is_successful("delete_db_instance", str(step.args[0]), at)
    ]


def retention(known: Known, db: str, at: int) -> int:
    """For how many days automated backups are kept at a moment, 0 for not at all."""
    days = 0
    for step in known.script:
        if step.at <= at and not step.error and db in {step.result, *step.args[:1]}:
            about_it = step.result == db or step.verb != "create_read_replica"
            days = int(step.options.get("retention", days)) if about_it else days
    return days
