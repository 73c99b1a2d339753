-- breaking: no
-- Which payment paid each group that is paid: the one that was settled when the group was.
UPDATE payments SET completed_at = settled_at FROM (
  SELECT DISTINCT ON (g.id) p.id FROM order_groups g JOIN payments p ON p.group_id = g.id
  WHERE g.paid_at IS NOT NULL AND p.settled_at IS NOT NULL AND p.received_vnd >= p.amount_vnd
  ORDER BY g.id, abs(extract(epoch FROM p.settled_at - g.paid_at)), p.id) paid
WHERE paid.id = payments.id;
--> statement-breakpoint
UPDATE payment_shares s SET refunded_vnd = back.amount FROM (
  SELECT payment_id, order_id, sum(amount_vnd) AS amount FROM refunds WHERE order_id IS NOT NULL GROUP BY 1, 2) back
WHERE back.payment_id = s.payment_id AND back.order_id = s.order_id;
