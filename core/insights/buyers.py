"""The first two orders of everybody who bought, beside when and by what they joined."""

JOINERS = """
buyers AS (
    SELECT contact, min(ts, 2) AS earliest, count(*) AS orders, sum(value)::BIGINT AS value FROM orders GROUP BY contact
),
joiners AS (
    SELECT people.*, buyers.orders, buyers.value,
        CASE WHEN orders > 0 THEN greatest(earliest[1] - joined, 0) END AS first_lag,
        earliest[2] - earliest[1] AS second_lag
    FROM people LEFT JOIN buyers USING (contact)
)
"""
"""Two named queries over `orders` and `people`. first_lag: microseconds from joining to the first order, none for those
without one, 0 for an order before joining; second_lag: from the first order to the second."""
