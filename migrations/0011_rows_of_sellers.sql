-- breaking: no
-- The second wall: in a seller's transaction (src/db/seller.ts) a table shows the rows of the caller's own businesses,
-- whatever a query asks for. The application's own role sees all rows; which of them it shows is decided in its code.
GRANT USAGE ON SCHEMA public, pgboss TO cho_noi_seller;
--> statement-breakpoint
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO cho_noi_seller;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO cho_noi_seller;
--> statement-breakpoint
-- A seller's transaction queues jobs and does not run them. The queue's tables belong to the application's role.
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA pgboss TO cho_noi_seller;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES FOR ROLE cho_noi_app IN SCHEMA pgboss GRANT SELECT, INSERT ON TABLES TO cho_noi_seller;
--> statement-breakpoint
CREATE FUNCTION own_business_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_to_array(nullif(current_setting('app.business_ids', true), ''), ','), '{}')::uuid[]
$$;
--> statement-breakpoint
-- Guards a table: `own` says which of its rows are a seller's, NULL that none are. Another guarded table named in `own`
-- shows its own rows there too. A table with a `business_id` needs no more than CALL guard_rows('its_name').
CREATE PROCEDURE guard_rows(guarded regclass, own text DEFAULT 'business_id = ANY ((SELECT own_business_ids())::uuid[])')
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
  EXECUTE format('CREATE POLICY all_rows ON %s TO cho_noi_app USING (true) WITH CHECK (true)', guarded);
  IF own IS NOT NULL THEN
    EXECUTE format('CREATE POLICY own_rows ON %s TO cho_noi_seller USING (%s) WITH CHECK (%s)', guarded, own, own);
  END IF;
END $$;
--> statement-breakpoint
CALL guard_rows('businesses', 'id = ANY ((SELECT own_business_ids())::uuid[])');
--> statement-breakpoint
CALL guard_rows('business_members');
--> statement-breakpoint
CALL guard_rows('products');
--> statement-breakpoint
CALL guard_rows('variants', 'product_id IN (SELECT id FROM products)');
--> statement-breakpoint
CALL guard_rows('prices', 'variant_id IN (SELECT id FROM variants)');
--> statement-breakpoint
CALL guard_rows('price_history', 'variant_id IN (SELECT id FROM variants)');
--> statement-breakpoint
CALL guard_rows('pictures', 'product_id IN (SELECT id FROM products)');
--> statement-breakpoint
CALL guard_rows('certificates', 'product_id IN (SELECT id FROM products)');
--> statement-breakpoint
CALL guard_rows('stock', 'variant_id IN (SELECT id FROM variants)');
--> statement-breakpoint
CALL guard_rows('holds', 'variant_id IN (SELECT id FROM variants)');
--> statement-breakpoint
CALL guard_rows('stock_movements', 'variant_id IN (SELECT id FROM variants)');
--> statement-breakpoint
CALL guard_rows('orders');
--> statement-breakpoint
CALL guard_rows('order_lines', 'order_id IN (SELECT id FROM orders)');
--> statement-breakpoint
CALL guard_rows('order_events', 'order_id IN (SELECT id FROM orders)');
--> statement-breakpoint
CALL guard_rows('order_groups', 'id IN (SELECT group_id FROM orders)');
--> statement-breakpoint
CALL guard_rows('payment_shares', 'order_id IN (SELECT id FROM orders)');
--> statement-breakpoint
CALL guard_rows('refunds', 'order_id IN (SELECT id FROM orders)');
--> statement-breakpoint
CALL guard_rows('entries');
--> statement-breakpoint
CALL guard_rows('journals', 'id IN (SELECT journal_id FROM entries)');
--> statement-breakpoint
CALL guard_rows('stored_files');
--> statement-breakpoint
CALL guard_rows('review_items');
--> statement-breakpoint
CALL guard_rows('accounts', $$'account:' || id = current_setting('app.actor', true) OR id IN (SELECT account_id FROM business_members)$$);
--> statement-breakpoint
-- Nothing of these is a seller's.
CALL guard_rows('carts', NULL);
--> statement-breakpoint
CALL guard_rows('cart_lines', NULL);
--> statement-breakpoint
CALL guard_rows('payments', NULL);
--> statement-breakpoint
CALL guard_rows('payment_events', NULL);
--> statement-breakpoint
CALL guard_rows('bank_transfers', NULL);
--> statement-breakpoint
CALL guard_rows('sessions', NULL);
--> statement-breakpoint
CALL guard_rows('attempts', NULL);
--> statement-breakpoint
CALL guard_rows('queue_filters', NULL);
--> statement-breakpoint
-- A member's act is written into the log by the transaction that does it, and an assistant's is shown to the household.
ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY all_rows ON audit_entries TO cho_noi_app USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY own_rows ON audit_entries FOR SELECT TO cho_noi_seller USING (on_behalf_of = ANY ((SELECT own_business_ids())::uuid[]));
--> statement-breakpoint
CREATE POLICY any_act ON audit_entries FOR INSERT TO cho_noi_seller WITH CHECK (true);
--> statement-breakpoint
-- What must hold for all rows is checked over all rows, whoever's transaction it is.
ALTER FUNCTION journal_balances() SECURITY DEFINER SET search_path = public, pg_temp;
--> statement-breakpoint
ALTER FUNCTION entry_belongs_to_open_journal() SECURITY DEFINER SET search_path = public, pg_temp;
--> statement-breakpoint
ALTER FUNCTION payment_shares_balance() SECURITY DEFINER SET search_path = public, pg_temp;
--> statement-breakpoint
ALTER FUNCTION group_total_is_sum() SECURITY DEFINER SET search_path = public, pg_temp;
