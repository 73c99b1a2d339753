-- breaking: no
-- What the application's role may do, and what the database itself refuses.
GRANT USAGE ON SCHEMA public TO cho_noi_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO cho_noi_app;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cho_noi_app;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO cho_noi_app;
--> statement-breakpoint
-- Books and logs: written once, read for ever.
REVOKE UPDATE, DELETE ON journals, entries, order_events, payment_events, stock_movements, price_history, events, codes FROM cho_noi_app;
--> statement-breakpoint
-- The queue keeps its tables in a schema of its own, owned by the application's role.
CREATE SCHEMA IF NOT EXISTS pgboss AUTHORIZATION cho_noi_app;
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: write a reversal instead', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
-- Grants do not bind the owner; triggers do.
CREATE TRIGGER journals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER order_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER payment_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total bigint;
  legs integer;
BEGIN
  SELECT coalesce(sum(amount_vnd), 0), count(*) INTO total, legs FROM entries WHERE journal_id = NEW.id;
  IF total <> 0 OR legs < 2 THEN
    RAISE EXCEPTION 'journal % has % entries that sum to %', NEW.key, legs, total USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balances';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- At commit, once a journal: entries arrive in the same transaction, in any order.
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journals DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_balances();
--> statement-breakpoint
CREATE FUNCTION entry_belongs_to_open_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- xmin of the journal is this very transaction, or an entry is being slipped into a closed journal.
  IF NOT EXISTS (SELECT 1 FROM journals WHERE id = NEW.journal_id AND xmin::text::bigint = (pg_current_xact_id()::text::bigint & 4294967295)) THEN
    RAISE EXCEPTION 'journal % is closed', NEW.journal_id USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_belongs_to_open_journal';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER entry_belongs_to_open_journal BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entry_belongs_to_open_journal();
--> statement-breakpoint
CREATE FUNCTION payment_shares_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  expected bigint;
  total bigint;
  subject text;
BEGIN
  IF TG_TABLE_NAME = 'payments' THEN
    subject := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN
    subject := OLD.payment_id;
  ELSE
    subject := NEW.payment_id;
  END IF;
  SELECT amount_vnd INTO expected FROM payments WHERE id = subject;
  SELECT coalesce(sum(amount_vnd), 0) INTO total FROM payment_shares WHERE payment_id = subject;
  IF expected IS DISTINCT FROM total THEN
    RAISE EXCEPTION 'shares of payment sum to % instead of %', total, expected USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_shares_balance';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER payment_shares_balance AFTER INSERT OR UPDATE OF amount_vnd ON payments DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_shares_balance();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER payment_shares_balance AFTER INSERT OR UPDATE OR DELETE ON payment_shares DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_shares_balance();
--> statement-breakpoint
CREATE FUNCTION group_total_is_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  total bigint;
BEGIN
  SELECT coalesce(sum(total_vnd), 0) INTO total FROM orders WHERE group_id = NEW.id;
  IF total <> NEW.total_vnd THEN
    RAISE EXCEPTION 'orders of group % sum to % instead of %', NEW.code, total, NEW.total_vnd USING ERRCODE = 'check_violation', CONSTRAINT = 'group_total_is_sum';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER group_total_is_sum AFTER INSERT OR UPDATE OF total_vnd ON order_groups DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION group_total_is_sum();
--> statement-breakpoint
-- The rates an exchange opens with. Dated rows: change them by adding newer ones, never by editing.
INSERT INTO shipping_rates (id, scheme, fee_vnd, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000001', 'flat', 25000, '2025-01-01T00:00:00+07:00', 'Flat fee a parcel and business'),
  ('01900000-0000-7000-8000-000000000002', 'voucher', 0, '2025-01-01T00:00:00+07:00', 'Tickets and vouchers are not sent');
--> statement-breakpoint
INSERT INTO commission_rules (id, rate_bps, vat_bps, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000011', 500, 800, '2025-01-01T00:00:00+07:00', '5 % of the goods; VAT at the reduced rate that ends on 31 December 2026'),
  ('01900000-0000-7000-8000-000000000012', 500, 1000, '2027-01-01T00:00:00+07:00', '5 % of the goods; VAT back at 10 %');
