"""How much of what will come has come: the share of eventual first orders by age, from people who joined at different
times and so have been watched for different spans.

Looking at the orders there are would make the lag look shorter than it is, because late orders of recent people are
still to come. The estimate goes backwards from the greatest age: among the orders of those who were watched at least to
the end of age k, new(k) came at age k and so_far(k) by its end, and

    F(k - 1) = F(k) (1 - new(k) / so_far(k)),   F(last) = 1

This is the chain-ladder rule (T. Mack, ASTIN Bulletin 23, 1993) and the estimator of D. Lynden-Bell (1971) for
right-truncated times; J. D. Kalbfleisch and J. F. Lawless, Statistica Sinica 1 (1991), show that they are one.
"""

import numpy as np

from core.attribution.journeys import Floats, Ints

RIPE = 0.8
"""Below this share it is too early to judge."""
ENOUGH = 30
"""First orders that a history needs to tell anything."""


def ripe_shares(new: Ints, so_far: Ints) -> Floats:
    """float64[k]: the share F of eventual orders that has come by the end of each age; int64[k] each as above."""
    shares = np.ones(len(new))
    for age in range(len(new) - 1, 0, -1):
        stays = 1 - new[age] / so_far[age] if so_far[age] else 1.0
        shares[age - 1] = shares[age] * stays
    return shares


def triangle_sums(counts: Ints, watched: Ints) -> tuple[Ints, Ints]:
    """new and so_far, int64[k] each. counts: int64[c, k] orders of each cohort by age; watched: int64[c] how many ages
    of each are over."""
    ages = np.arange(counts.shape[1])
    is_over = watched[:, None] > ages[None, :]
    return (counts * is_over).sum(axis=0), (np.cumsum(counts, axis=1) * is_over).sum(axis=0)
