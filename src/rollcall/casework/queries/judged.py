"""By which policy a row or a case is judged: a case by its own, everything else by the review's (8-b).

A version is never edited, so that its document, kept in memory, says the same as the copy that the row keeps.
"""

from collections.abc import Iterable
from typing import Any

from rollcall.casework.models import Case, Review, ReviewRow
from rollcall.rules.policy import Policy, restore
from rollcall.schools.models import PolicyVersion
from rollcall.schools.queries.policies import read


def version_policy(version: int) -> Policy | None:
    """The policy of a version (by id), None for one that is not there."""
    found = PolicyVersion.objects.filter(pk=version).first()
    return None if found is None else read(found)


def policy_of(case: Case) -> Policy:
    """The policy by which a case is judged."""
    return version_policy(case.policy) or restore(case.policy_kept, "the policy of the case")


def policy_of_review(review: Review) -> Policy:
    """The policy of a review."""
    return version_policy(review.policy) or restore(review.policy_kept, "the policy of the review")


def policy_of_row(row: ReviewRow) -> Policy:
    """The policy that judged a row of a review: the case's, for a pupil who was on the path already."""
    return of_evidence(row.evidence, row.review)


def judged(rows: Iterable[ReviewRow], review: Review) -> dict[int, Policy]:
    """The policy of each of some rows (by id) of one review: a query for each version among them."""
    versions: dict[int, Policy] = {}
    found: dict[int, Policy] = {}
    for row in rows:
        version = row.evidence["policy"]["id"]
        if version not in versions:
            versions[version] = of_evidence(row.evidence, review)
        found[row.pk] = versions[version]
    return found


def of_evidence(kept: dict[str, Any], review: Review) -> Policy:
    """The policy that judged what a row of a review keeps. Raises LookupError for a version that is not there."""
    version = kept["policy"]["id"]
    if version == review.policy:
        return policy_of_review(review)
    found = version_policy(version)
    if found is None:
        case = Case.objects.filter(pk=kept.get("case") or 0, policy=version).first()
        if case is None:
            raise LookupError(f"Version {version} of the policy, by which this row was judged, is not there.")
        found = restore(case.policy_kept, "the policy of the case")
    return found
