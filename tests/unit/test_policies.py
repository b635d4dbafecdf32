"""Key policies: read tolerantly, matched in three truths, compared in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.policy.access import has_account, managers, shuts_out_rds
from analyzer.policy.compare import difference
from analyzer.policy.document import Policy, Unreadable, default_policy, parse
from analyzer.policy.effects import Kind, effects, is_locked, sentence, stands
from analyzer.policy.match import Caller, speaks_of
from tests.simulator.policies import USE, WHOLE_ACCOUNT, allow, arn, deny, policy, through

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER = "444455556666"
APP = arn("role/app")


def read(*statements: dict[str, Any]) -> Policy:
    found = parse(policy(*statements))
    assert isinstance(found, Policy), found
    return found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "the record does not hold it"),
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ('{"Statement":' * 5_000, "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ("{}", "it has no statements"),
        ('{"Statement": "Allow"}', "it has no statements"),
        ('{"Statement": [1]}', "statement 1 is not an object"),
        ('{"Statement": {"Effect": ["Allow"]}}', "statement 1 neither allows nor denies"),
        ('{"Statement": {"Effect": "Allow"}}', "statement 1 has no Principal"),
        ('{"Statement": {"Effect": "Allow", "Principal": "*"}}', "statement 1 has no Action"),
        (policy(allow("x", Condition=[])), "the conditions of statement 1 are not an object"),
        (policy(allow({"AWS": [1]})), "the principals of statement 1 are not texts"),
        (policy(allow("x", Action=[None])), "the actions of statement 1 are not texts"),
    ],
)
def test_what_is_no_policy_is_told_with_the_reason(text: str | None, reason: str) -> None:
    assert parse(text) == Unreadable(reason=reason)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["Statement", "Effect", "Principal", "NotPrincipal", "Action", "Condition", "AWS"]
            ),
            inner | st.sampled_from(["Allow", "Deny", "*", "kms:*"]),
        )
    ),
)


@given(_JSON)
def test_no_document_is_an_error(body: Any) -> None:
    found = parse(json.dumps(body))
    if isinstance(found, Policy):
        for effect in (*effects(None, found, KEY), *effects(found, read(WHOLE_ACCOUNT), KEY)):
            assert sentence(effect)
            assert stands(effect, found, KEY) in (True, False)
        assert difference(found, found) == ()


def test_an_account_is_one_principal_in_both_spellings() -> None:
    assert read(allow("111122223333")) == read(allow(arn("root")))
    assert read(allow({"AWS": ["*"]})) == read(allow("*"))


def caller(**context: str | None) -> Caller:
    spelled = {name.replace("_", ":"): value for name, value in context.items()}
    return Caller(principal=APP, account="111122223333", context=spelled)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(APP), True),
        (allow("*"), True),
        (allow(arn("role/other")), False),
        (allow(arn("root")), None),  # IAM policies decide, and are not on record
        (deny(arn("root")), True),
        (allow(arn("root", OTHER)), False),
        (allow(APP, "kms:Create*"), True),
        (allow(APP, "KMS:createGRANT"), True),
        (allow(APP, "kms:?reateGrant"), True),
        (allow(APP, "kms:Decrypt"), False),
        (allow(APP, "*" * 5_000 + "a"), False),
        (allow(APP, NotAction="kms:Decrypt"), True),
        (allow(APP, NotAction="kms:Create*"), False),
        (allow(APP, condition={"StringEquals": {"kms:ViaService": "rds"}}), True),
        (allow(APP, condition={"StringEquals": {"KMS:viaservice": ["ec2", "rds"]}}), True),
        (allow(APP, condition={"StringEquals": {"kms:ViaService": "ec2"}}), False),
        (allow(APP, condition={"StringNotEquals": {"kms:ViaService": "ec2"}}), True),
        (allow(APP, condition={"StringLike": {"kms:ViaService": "r?s*"}}), True),
        (allow(APP, condition={"StringEquals": {"kms:Absent": "x"}}), False),
        (allow(APP, condition={"StringEqualsIfExists": {"kms:Absent": "x"}}), True),
        (allow(APP, condition={"StringNotEquals": {"kms:Absent": "x"}}), True),
        (allow(APP, condition={"Null": {"kms:Absent": "true"}}), True),
        (allow(APP, condition={"Null": {"kms:ViaService": "true"}}), False),
        (allow(APP, condition={"StringEquals": {"aws:SourceIp": "x"}}), None),
        (allow(APP, condition={"IpAddress": {"kms:ViaService": "x"}}), None),
        (allow(APP, condition={"ForAnyValue:StringEquals": {"kms:ViaService": "rds"}}), None),
        (allow(APP, condition={"StringEquals": {"kms:ViaService": "${aws:x}"}}), None),
        (allow("*", condition={"Bool": {"kms:ViaService": True}}), False),
        (allow(arn("role/b"), condition={"StringEquals": {"aws:SourceIp": "x"}}), False),
    ],
)
def test_a_statement_speaks_of_a_call_or_does_not_or_nobody_knows(
    statement: dict[str, Any], expected: bool | None
) -> None:
    [one] = read(statement).statements
    who = caller(kms_viaservice="rds", kms_absent=None)
    assert speaks_of(one, who, "kms:CreateGrant") is expected


@pytest.mark.parametrize(
    ("statements", "left"),
    [
        ([WHOLE_ACCOUNT], {arn("root")}),
        ([allow(APP)], {APP}),
        ([allow(APP, USE)], set()),
        ([allow(APP, "kms:Put*")], {APP}),
        ([allow("AIDACKCEVSQ6C2EXAMPLE")], set()),  # the user was deleted
        ([allow({"Service": "rds.amazonaws.com"})], set()),
        ([WHOLE_ACCOUNT, deny("*", "kms:PutKeyPolicy")], set()),
        ([WHOLE_ACCOUNT, deny("*", condition={"ArnNotEquals": {"aws:PrincipalArn": APP}})],
         {arn("root")}),
        ([allow(APP, condition=through())], set()),
        ([], set()),
    ],
)  # fmt: skip
def test_who_may_still_manage_a_key(statements: list[dict[str, Any]], left: set[str]) -> None:
    assert managers(read(*statements), KEY) == left
    assert is_locked(read(*statements), KEY) is not bool(left)


def test_a_key_that_only_another_account_manages_is_locked() -> None:
    assert is_locked(read(allow(arn("root", OTHER))), KEY)


def test_a_key_without_a_policy_of_its_own_is_the_accounts() -> None:
    assert has_account(default_policy(arn("root")), KEY)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (deny("*"), True),
        (deny("*", "kms:ScheduleKeyDeletion"), False),
        (deny(APP), False),
        (deny(arn("root")), True),
        (deny("*", condition=through(negated=True)), False),
        (deny("*", condition=through()), True),
        # The text of 2026: an exception for a user does not help.
        (deny("*", condition={"StringNotEquals": {"aws:PrincipalArn": APP}}), True),
        (deny("*", condition={"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}), False),
        (deny("*", condition={"Bool": {"aws:PrincipalIsAWSService": "false"}}), False),
        (deny("*", condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), None),
        (allow(APP), False),
    ],
)
def test_a_deny_shuts_rds_out_or_spares_it_or_nobody_knows(
    statement: dict[str, Any], expected: bool | None
) -> None:
    assert shuts_out_rds(read(WHOLE_ACCOUNT, statement), KEY) is expected


def kinds(before: Policy | None, after: Policy) -> set[tuple[Kind, str | None, bool]]:
    return {(one.kind, one.principal, one.is_certain) for one in effects(before, after, KEY)}


def test_what_is_taken_is_told_by_whom_it_is_taken_from() -> None:
    before = read(WHOLE_ACCOUNT, allow(APP, USE))
    assert kinds(before, read(WHOLE_ACCOUNT)) == {(Kind.TAKEN, APP, False)}
    named = read(allow(arn("role/keys")), allow(APP, USE))
    assert kinds(named, read(allow(arn("role/keys")))) == {(Kind.TAKEN, APP, True)}
    [effect] = effects(named, read(allow(arn("role/keys"))), KEY)
    assert sentence(effect) == (
        "role/app of 111122223333 may no longer create or restore databases under the key and copy "
        "its snapshots (CreateGrant, Decrypt and DescribeKey); databases that run keep RDS's own "
        "grant"
    )
    assert not stands(effect, named, KEY)


def test_the_same_policy_again_has_no_effect() -> None:
    same = read(WHOLE_ACCOUNT, allow(APP, USE), allow(arn("root", OTHER), USE), deny("*"))
    assert kinds(same, same) == set()


def test_a_condition_that_only_lets_another_service_through_takes_it_from_rds() -> None:
    keys = allow(arn("role/keys"))
    before, after = (read(keys, allow(APP, USE, through(one))) for one in ("rds", "ec2"))
    assert kinds(before, after) == {(Kind.TAKEN, APP, True)}
    [line] = difference(before, after)
    assert line == (
        "changed Allow for role/app of 111122223333: condition removed: StringEquals "
        "kms:ViaService = rds.us-east-1.amazonaws.com; condition added: StringEquals "
        "kms:ViaService = ec2.us-east-1.amazonaws.com"
    )


def test_the_difference_is_told_statement_by_statement() -> None:
    before = read(WHOLE_ACCOUNT, allow(APP, USE, Sid="use"), allow(arn("root", OTHER), USE))
    after = read(
        allow(arn("root"), Sid="renamed"),
        allow([APP, arn("role/dba")], USE[:2], Sid="use"),
        deny("*", NotAction="kms:Describe*"),
    )
    assert difference(before, after) == (
        "changed 'use': principal added: role/dba of 111122223333; action removed: Decrypt",
        "removed Allow CreateGrant, Decrypt and DescribeKey for the account 444455556666",
        "added Deny all but Describe* for everybody",
    )
