-- breaking: no
-- What earlier orders have taken beyond what was bought, and what came back when pieces were called off: lost ones did not,
-- and lost ones that were sent again left no trace on the shelf.
UPDATE order_lines l SET extra_quantity = greatest(0, p.held + p.lost - l.quantity) - greatest(0, l.cancelled_quantity - p.lost)
FROM (
  SELECT ol.id,
    coalesce(sum(sl.quantity) FILTER (WHERE s.state NOT IN ('lost_damaged', 'cancelled', 'returned')), 0)::int AS held,
    coalesce(sum(sl.quantity) FILTER (WHERE s.state = 'lost_damaged'), 0)::int AS lost
  FROM order_lines ol
  LEFT JOIN shipment_lines sl ON sl.line_id = ol.id
  LEFT JOIN shipments s ON s.id = sl.shipment_id
  GROUP BY ol.id
) p
WHERE p.id = l.id AND (l.cancelled_quantity > 0 OR p.lost > 0);
