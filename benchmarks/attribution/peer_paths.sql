-- Journeys as other packages want them: `a > b > c` with how often each was walked. A touch belongs to the contact's next
-- order if it is at most 90 days older; what comes after the last order is a null journey.
CREATE TEMP TABLE journey AS
WITH event AS (
    SELECT contact, ts, channel, 0 AS sold, 0 AS value FROM read_parquet($touches)
    UNION ALL
    SELECT contact, ts, NULL, 1, value FROM read_parquet($orders)
), placed AS (
    SELECT *, coalesce(sum(sold) OVER (PARTITION BY contact ORDER BY ts, sold
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS turn
    FROM event
), ended AS (
    SELECT *, max(CASE WHEN sold = 1 THEN ts END) OVER (PARTITION BY contact, turn) AS ordered_at,
        max(value) OVER (PARTITION BY contact, turn) AS worth
    FROM placed
)
SELECT string_agg(channel, ' > ' ORDER BY ts) AS path, any_value(ordered_at IS NOT NULL) AS converted, any_value(worth) AS worth
FROM ended
WHERE sold = 0 AND (ordered_at IS NULL OR ts >= ordered_at - 90 * 86400000000)
GROUP BY contact, turn;

SELECT path, count(*) FILTER (converted) AS conversions, coalesce(sum(worth) FILTER (converted), 0) / 100 AS value,
    count(*) FILTER (NOT converted) AS nulls
FROM journey GROUP BY path;
