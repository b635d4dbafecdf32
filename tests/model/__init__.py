"""A small, slow model of AWS and of the verdict, written without looking at the product's code.

What AWS does and what can be known of it is taken from the pages that describe AWS alone, in the
plainest imperative code: mutable values, loops from moment to moment, nothing shared with the
product.

    script.py     calls and events in order of time; played on the simulator, printed as its calls
    keys.py       how keys answer calls and change state
    aws.py        an account with databases whose hidden clocks run: what AWS would do
    timers.py     what AWS does by itself: detections, entries, deletions, expiries, events
    drive.py      an account at a moment, and the pick that says what happens next
    kms_calls.py  calls on keys that may be picked
    rds_calls.py  calls on databases and their copies that may be picked
    copy_calls.py  calls on copies that lie elsewhere
    cluster_calls.py  calls on clusters and global databases, and restores
    blue_green_calls.py  calls on blue/green deployments
    driver.py     random picks become calls on that account, which lets them succeed or refuses
    known.py      what the records of a script tell about its keys
    facts.py      and about its databases, their statuses aside
    clock.py      the status of one database from moment to moment: every world is tried
    copies.py     which copies there are at a moment, and since when each is lost
    verdict.py    the answer that contract and pages demand
    compare.py    that answer beside the product's
"""
