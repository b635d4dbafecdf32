"""Proofs of a fleet: from an entry to the fleet's checkpoint, and every way to break one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzer.fleet.fleet import Fleet
from analyzer.proof.shard_head import ShardHead
from analyzer.proof.verifying import verification_of
from ledger.checkpoint import Checkpoint
from ledger.errors import MalformedError
from ledger.exhibit import Exhibit
from ledger.hashing import sha256
from ledger.proof import Proof
from ledger.proving import prove
from tests.fleets import fleet_of, sealed, split
from tests.simulator.world import AwsSimulator


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed fleet of two shards."""
    aws = AwsSimulator(seed=4)
    aws.create_key("here", at=0)
    aws.create_key("there", at=1, region="eu-west-1")
    made = fleet_of(tmp_path_factory.mktemp("proofs") / "fleet", split(aws.payloads()))
    (made / "kept").write_text(sealed(made, signs=True)["note"])
    return made


def proof(folder: Path, entry: str = "1#0") -> Proof:
    with Fleet.open(folder) as fleet:
        return Proof.parse(fleet.prove(entry)["proof"])


def verified(folder: Path, shown: Proof, **options: Any) -> dict[str, Any]:
    file = folder / "proof"
    file.write_text(str(shown))
    return verification_of(
        file,
        options.get("checkpoint", folder / "kept"),
        options.get("key", str(folder / "fleet.db.key.pub")),
    )


def with_fleet(shown: Proof, change: Callable[[Proof], Proof | str | None]) -> Proof:
    """Change the proof of the fleet that travels in a proof; None takes it out."""
    exhibit = Exhibit.decode(shown.extra or b"")
    [*before, step] = exhibit.provenance
    changed = change(Proof.parse(str(step["proof"])))
    steps = before if changed is None else [*before, {**step, "proof": str(changed)}]
    return replace(shown, extra=replace(exhibit, provenance=tuple(steps)).encode())


def with_head(shown: Proof, head: ShardHead) -> Proof:
    """Put another head of a shard in the place of what the fleet sealed."""
    exhibit = Exhibit.decode(shown.extra or b"")
    payload = head.encode()
    header = replace(exhibit.header, payload=sha256(payload), length=len(payload))
    return replace(shown, extra=replace(exhibit, header=header, payload=payload).encode())


def test_a_proof_leads_from_an_entry_to_the_checkpoint_of_the_fleet(folder: Path) -> None:
    for entry in ("1#0", "2#0"):
        found = verified(folder, proof(folder, entry))
        assert found["outcome"] == "valid"
        assert [one["check"] for one in found["checks"]] == [
            "payload", "inclusion", "shard", "fleet-payload", "fleet-inclusion", "checkpoint",
            "signature",
        ]  # fmt: skip
        assert found["fleet"]["checkpoint"]["signed_by"]
        assert found["provenance"] == []


@pytest.mark.parametrize("entry", ["1#0", "2#0"])
def test_without_anybody_who_vouches_for_the_fleet_it_is_incomplete(
    folder: Path, entry: str
) -> None:
    found = verified(folder, proof(folder, entry), checkpoint=None, key=None)
    assert found["outcome"] == "incomplete"
    assert found["checks"][-1]["finding"] == "unchecked"


def test_whoever_kept_the_checkpoint_of_the_shard_needs_no_fleet(folder: Path) -> None:
    shown = proof(folder)
    (folder / "own").write_text(str(shown.checkpoint))
    found = verified(folder, shown, checkpoint=folder / "own", key=None)
    assert found["outcome"] == "valid"
    other = verified(folder, proof(folder, "2#0"), checkpoint=folder / "own", key=None)
    assert other["outcome"] == "broken"


def test_a_proof_whose_way_to_the_fleet_was_taken_out_is_not_valid(folder: Path) -> None:
    found = verified(folder, with_fleet(proof(folder), lambda _: None))
    assert found["outcome"] == "broken"
    assert found["fleet"] is None


def _other_root(inner: Proof) -> Proof:
    return replace(inner, checkpoint=replace(inner.checkpoint, root=sha256(b"another")))


def _unsigned(inner: Proof) -> Proof:
    return replace(inner, checkpoint=replace(inner.checkpoint, signatures=()))


def _cut(inner: Proof) -> Proof:
    return replace(inner, hashes=inner.hashes[:-1])


def _no_proof(_inner: Proof) -> str:
    return "c2sp.org/tlog-proof@v1\nnonsense"


def _without_entry(inner: Proof) -> Proof:
    return replace(inner, extra=None)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (_other_root, "broken"), (_cut, "broken"), (_no_proof, "broken"),
        (_without_entry, "incomplete"), (_unsigned, "valid"),
    ],
)  # fmt: skip
def test_a_changed_proof_of_the_fleet_is_seen(
    folder: Path, change: Callable[[Proof], Proof | str], outcome: str
) -> None:
    """That the kept checkpoint has the signature makes up for one that was taken out."""
    assert verified(folder, with_fleet(proof(folder), change))["outcome"] == outcome


def test_a_signature_that_was_taken_out_is_missed_where_no_checkpoint_was_kept(
    folder: Path,
) -> None:
    found = verified(folder, with_fleet(proof(folder), _unsigned), checkpoint=None)
    assert found["outcome"] == "incomplete"


def test_the_fleets_proof_of_another_shard_does_not_lead_on(folder: Path) -> None:
    other = Exhibit.decode(proof(folder, "2#0").extra or b"").provenance[-1]["proof"]
    found = verified(folder, with_fleet(proof(folder), lambda _: str(other)))
    assert found["outcome"] == "broken"
    assert ("shard", "contradicts") in {(o["check"], o["finding"]) for o in found["checks"]}


def test_a_head_that_the_fleet_did_not_seal_is_seen_however_well_it_fits(folder: Path) -> None:
    shown = proof(folder)
    forged = ShardHead(name="1/a", checkpoint=replace(shown.checkpoint, size=99))
    mine = replace(shown, checkpoint=forged.checkpoint)
    found = verified(folder, with_fleet(mine, lambda inner: with_head(inner, forged)))
    held = {one["check"]: one["finding"] for one in found["checks"]}
    assert held["shard"] == "holds"
    assert held["fleet-inclusion"] == "contradicts"


def test_an_entry_of_the_fleet_that_is_no_head_leads_nowhere(folder: Path) -> None:
    with Fleet.open(folder) as fleet:
        assert fleet.register is not None
        key = prove(fleet.register.ledger, 0)
    found = verified(folder, with_fleet(proof(folder), lambda _: key))
    assert found["outcome"] == "broken"


HEAD = ShardHead(
    name="111122223333/us-east-1", checkpoint=Checkpoint(origin="o", size=3, root=sha256(b""))
)


def test_the_head_of_a_shard_has_one_spelling() -> None:
    assert ShardHead.decode(HEAD.encode()) == HEAD
    good = HEAD.encode()
    for bad in (
        b"", good[1:], good[:-1], good + b"\n", good.replace(b"\n3\n", b"\n03\n"), b"\xff" + good,
        good.replace(b"klshard", b"klkey"), good.replace(b"111122223333/us-east-1", b""),
        good + b"\n\xe2\x80\x94 o AAAAAAAA\n",
    ):  # fmt: skip
        with pytest.raises(MalformedError):
            ShardHead.decode(bad)
    with pytest.raises(MalformedError):
        replace(HEAD, name="two\nlines").encode()


def test_a_proof_of_a_grown_shard_leads_to_the_first_checkpoint_that_covers_the_entry(
    tmp_path: Path,
) -> None:
    aws = AwsSimulator(seed=6)
    aws.create_key(at=0)
    folder = fleet_of(tmp_path / "fleet", {"a": aws.payloads()})
    sealed(folder)
    aws.create_key(at=1)
    fleet_of(folder, {"a": aws.payloads()})
    note = sealed(folder)["note"]
    (folder / "kept").write_text(note)
    for entry, size in (("1#0", 1), ("1#1", 2)):
        shown = proof(folder, entry)
        assert shown.checkpoint.size == size
        assert verified(folder, shown, key=None)["outcome"] == "valid"
