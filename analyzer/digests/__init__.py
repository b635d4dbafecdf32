"""CloudTrail's digest files: what AWS signed about log files, checked without AWS.

`document` reads them, `chain` follows one trail's, `logs` holds them against what was ingested, and
`check` puts it together. Pure, and possible from the ledger alone: its entries carry the SHA-256 of
the inflated source, which is what digest files state.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
cloudtrail-log-file-custom-validation.html.
"""
