-- breaking: no
-- The legal steps of orders and parcels, and the log of steps that were taken (docs/adr/0017-legal-steps.md).
INSERT INTO order_moves (fact, from_state, to_state) VALUES
  ('status', 'awaiting-payment', 'placed'),
  ('status', 'awaiting-payment', 'cancelled'),
  ('status', 'cancelled', 'placed'),
  ('status', 'placed', 'confirmed'),
  ('status', 'placed', 'cancelled'),
  ('status', 'confirmed', 'completed'),
  ('status', 'confirmed', 'cancelled'),
  ('payment', 'unpaid', 'paid'),
  ('payment', 'paid', 'part-refunded'),
  ('payment', 'paid', 'refunded'),
  ('payment', 'part-refunded', 'refunded'),
  ('fulfilment', 'none', 'packed'),
  ('fulfilment', 'none', 'shipped'),
  ('fulfilment', 'none', 'delivered'),
  ('fulfilment', 'none', 'returned'),
  ('fulfilment', 'packed', 'none'),
  ('fulfilment', 'packed', 'shipped'),
  ('fulfilment', 'packed', 'delivered'),
  ('fulfilment', 'packed', 'returned'),
  ('fulfilment', 'shipped', 'delivered'),
  ('fulfilment', 'shipped', 'returned'),
  ('fulfilment', 'delivered', 'returned'),
  ('fulfilment', 'shipped', 'none'),
  ('fulfilment', 'shipped', 'packed'),
  ('fulfilment', 'returned', 'none'),
  ('fulfilment', 'returned', 'packed'),
  ('fulfilment', 'returned', 'shipped'),
  ('shipment', 'created', 'picked_up'),
  ('shipment', 'created', 'in_transit'),
  ('shipment', 'created', 'out_for_delivery'),
  ('shipment', 'created', 'failed_attempt'),
  ('shipment', 'created', 'delivered'),
  ('shipment', 'created', 'returning'),
  ('shipment', 'created', 'returned'),
  ('shipment', 'created', 'lost_damaged'),
  ('shipment', 'created', 'cancelled'),
  ('shipment', 'picked_up', 'in_transit'),
  ('shipment', 'picked_up', 'out_for_delivery'),
  ('shipment', 'picked_up', 'failed_attempt'),
  ('shipment', 'picked_up', 'delivered'),
  ('shipment', 'picked_up', 'returning'),
  ('shipment', 'picked_up', 'returned'),
  ('shipment', 'picked_up', 'lost_damaged'),
  ('shipment', 'in_transit', 'out_for_delivery'),
  ('shipment', 'in_transit', 'failed_attempt'),
  ('shipment', 'in_transit', 'delivered'),
  ('shipment', 'in_transit', 'returning'),
  ('shipment', 'in_transit', 'returned'),
  ('shipment', 'in_transit', 'lost_damaged'),
  ('shipment', 'out_for_delivery', 'failed_attempt'),
  ('shipment', 'out_for_delivery', 'delivered'),
  ('shipment', 'out_for_delivery', 'returning'),
  ('shipment', 'out_for_delivery', 'returned'),
  ('shipment', 'out_for_delivery', 'lost_damaged'),
  ('shipment', 'failed_attempt', 'in_transit'),
  ('shipment', 'failed_attempt', 'out_for_delivery'),
  ('shipment', 'failed_attempt', 'delivered'),
  ('shipment', 'failed_attempt', 'returning'),
  ('shipment', 'failed_attempt', 'returned'),
  ('shipment', 'failed_attempt', 'lost_damaged'),
  ('shipment', 'delivered', 'cod_settled'),
  ('shipment', 'returning', 'returned'),
  ('shipment', 'returning', 'lost_damaged');
--> statement-breakpoint
CALL guard_rows('order_transitions', 'order_id IN (SELECT id FROM orders)');
--> statement-breakpoint
CALL guard_rows('shipments');
--> statement-breakpoint
CALL guard_rows('shipment_lines', 'shipment_id IN (SELECT id FROM shipments)');
--> statement-breakpoint
CALL guard_rows('shipment_events', 'shipment_id IN (SELECT id FROM shipments)');
--> statement-breakpoint
-- The log is written by the triggers below and by nobody else.
REVOKE INSERT, UPDATE, DELETE ON order_moves, order_transitions FROM cho_noi_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE ON shipment_lines, shipment_events FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER order_transitions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_transitions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER shipment_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shipment_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER shipment_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shipment_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION log_order_steps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO order_transitions (order_id, fact, from_state, to_state, actor, at)
  SELECT n.id, step.fact, step.was, step.becomes, coalesce(current_setting('app.actor', true), 'unknown'), n.updated_at
  FROM new_rows n JOIN old_rows o USING (id)
  CROSS JOIN LATERAL (VALUES ('status', o.status, n.status), ('payment', o.payment_status, n.payment_status),
    ('fulfilment', o.fulfilment_status, n.fulfilment_status)) AS step (fact, was, becomes)
  WHERE step.was <> step.becomes;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER orders_steps AFTER UPDATE ON orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION log_order_steps();
--> statement-breakpoint
CREATE FUNCTION log_shipment_steps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO order_transitions (order_id, shipment_id, fact, from_state, to_state, actor, at)
  VALUES (NEW.order_id, NEW.id, 'shipment', OLD.state, NEW.state, coalesce(current_setting('app.actor', true), 'unknown'), NEW.updated_at);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER shipments_steps AFTER UPDATE ON shipments FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION log_shipment_steps();
--> statement-breakpoint
CREATE FUNCTION refuse_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% begin at the beginning', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
--> statement-breakpoint
-- A row that came into the world half-way would have taken steps that no log knows.
CREATE TRIGGER orders_begin BEFORE INSERT ON orders FOR EACH ROW
  WHEN (NEW.status <> 'awaiting-payment' OR NEW.payment_status <> 'unpaid' OR NEW.fulfilment_status <> 'none') EXECUTE FUNCTION refuse_beginning();
--> statement-breakpoint
CREATE TRIGGER shipments_begin BEFORE INSERT ON shipments FOR EACH ROW WHEN (NEW.state <> 'created') EXECUTE FUNCTION refuse_beginning();
--> statement-breakpoint
-- Orders that were packed or sent before parcels had rows: one parcel each, with all that was bought.
CREATE TABLE former_parcels AS
  SELECT o.id AS order_id, gen_random_uuid() AS id,
    'ST' || (SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + floor(random() * 32)::int + 0 * n, 1), '') FROM generate_series(1, 10) n WHERE o.id IS NOT NULL) AS code
  FROM orders o WHERE o.fulfilment_status <> 'none';
--> statement-breakpoint
INSERT INTO codes (code, kind) SELECT code, 'shipment' FROM former_parcels;
--> statement-breakpoint
INSERT INTO shipments (id, code, order_id, business_id, state, carrier, tracking_number, created_at, updated_at)
  SELECT f.id, f.code, o.id, o.business_id, 'created', o.carrier, o.tracking_number, o.updated_at, o.updated_at FROM former_parcels f JOIN orders o ON o.id = f.order_id;
--> statement-breakpoint
INSERT INTO shipment_lines (shipment_id, line_id, quantity) SELECT f.id, l.id, l.quantity FROM former_parcels f JOIN order_lines l ON l.order_id = f.order_id;
--> statement-breakpoint
UPDATE shipments s SET state = CASE o.fulfilment_status WHEN 'shipped' THEN 'picked_up' WHEN 'delivered' THEN 'delivered' ELSE 'returned' END
  FROM orders o WHERE o.id = s.order_id AND o.fulfilment_status <> 'packed';
--> statement-breakpoint
DROP TABLE former_parcels;
