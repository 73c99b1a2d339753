-- breaking: no
-- What was sold before lines kept their own parts: the VAT that was contained, and the order's fee by the weight of its lines.
UPDATE order_lines SET vat_vnd = round(total_vnd::numeric * vat_bps / (10000 + vat_bps));
--> statement-breakpoint
UPDATE orders SET vat_vnd = (SELECT coalesce(sum(l.vat_vnd), 0) FROM order_lines l WHERE l.order_id = orders.id);
--> statement-breakpoint
WITH parts AS (
  SELECT l.id, o.commission_vnd, o.commission_vat_vnd,
    floor(o.commission_vnd::numeric * l.total_vnd / o.subtotal_vnd)::bigint AS fee,
    floor(o.commission_vat_vnd::numeric * l.total_vnd / o.subtotal_vnd)::bigint AS fee_vat,
    row_number() OVER own = 1 AS takes_rest, l.order_id
  FROM order_lines l JOIN orders o ON o.id = l.order_id
  WINDOW own AS (PARTITION BY l.order_id ORDER BY l.total_vnd DESC, l.id)
), sums AS (
  SELECT *, sum(fee) OVER (PARTITION BY order_id) AS fees, sum(fee_vat) OVER (PARTITION BY order_id) AS fee_vats FROM parts
)
UPDATE order_lines SET
  commission_vnd = sums.fee + CASE WHEN sums.takes_rest THEN sums.commission_vnd - sums.fees ELSE 0 END,
  commission_vat_vnd = sums.fee_vat + CASE WHEN sums.takes_rest THEN sums.commission_vat_vnd - sums.fee_vats ELSE 0 END
FROM sums WHERE sums.id = order_lines.id;
