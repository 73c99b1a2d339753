-- breaking: no
-- The legal steps of what shoppers buy at other exchanges, the log of steps that were taken, and who of it may be changed.
INSERT INTO exchange_leg_moves (from_state, to_state) VALUES
  ('draft', 'quoted'),
  ('draft', 'lapsed'),
  ('quoted', 'price-changed'),
  ('quoted', 'authorising'),
  ('quoted', 'lapsed'),
  ('price-changed', 'quoted'),
  ('price-changed', 'authorising'),
  ('price-changed', 'lapsed'),
  ('authorising', 'price-changed'),
  ('authorising', 'authorised'),
  ('authorising', 'lapsed'),
  ('authorised', 'reserving'),
  ('authorised', 'voiding'),
  ('reserving', 'reserved'),
  ('reserving', 'resolving'),
  ('reserving', 'voiding'),
  ('reserving', 'cancelling'),
  ('reserved', 'capturing'),
  ('reserved', 'cancelling'),
  ('capturing', 'captured'),
  ('capturing', 'resolving'),
  ('capturing', 'cancelling'),
  ('captured', 'confirming'),
  ('captured', 'cancelling'),
  ('confirming', 'confirmed'),
  ('confirming', 'resolving'),
  ('confirming', 'cancelling'),
  ('confirming', 'refunding'),
  ('confirmed', 'fulfilling'),
  ('confirmed', 'done'),
  ('confirmed', 'refunding'),
  ('fulfilling', 'done'),
  ('fulfilling', 'refunding'),
  ('resolving', 'reserving'),
  ('resolving', 'reserved'),
  ('resolving', 'capturing'),
  ('resolving', 'captured'),
  ('resolving', 'confirming'),
  ('resolving', 'confirmed'),
  ('resolving', 'voiding'),
  ('resolving', 'cancelling'),
  ('resolving', 'refunding'),
  ('voiding', 'void'),
  ('voiding', 'refunding'),
  ('cancelling', 'voiding'),
  ('cancelling', 'refunding'),
  ('cancelling', 'confirmed'),
  ('refunding', 'refunded'),
  ('refunding', 'refund-owed');
--> statement-breakpoint
-- What shoppers buy at other exchanges is no seller's to see.
CALL guard_rows('exchange_cart_lines', NULL);
--> statement-breakpoint
CALL guard_rows('exchange_legs', NULL);
--> statement-breakpoint
CALL guard_rows('exchange_leg_moves', NULL);
--> statement-breakpoint
CALL guard_rows('exchange_leg_steps', NULL);
--> statement-breakpoint
CALL guard_rows('exchange_leg_refunds', NULL);
--> statement-breakpoint
CALL guard_rows('exchange_disclosures', NULL);
--> statement-breakpoint
CALL guard_rows('exchange_order_feeds', NULL);
--> statement-breakpoint
CALL guard_rows('exchange_settlements', NULL);
--> statement-breakpoint
-- The log is written by the trigger below and by nobody else.
REVOKE INSERT, UPDATE, DELETE ON exchange_leg_moves, exchange_leg_steps FROM cho_noi_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE ON exchange_disclosures FROM cho_noi_app;
--> statement-breakpoint
REVOKE DELETE ON exchange_legs, exchange_leg_refunds, exchange_settlements FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER exchange_leg_steps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exchange_leg_steps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER exchange_disclosures_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exchange_disclosures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION log_exchange_leg_steps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO exchange_leg_steps (leg_id, from_state, to_state, reason, actor, at)
  VALUES (NEW.id, OLD.state, NEW.state, NEW.reason, coalesce(current_setting('app.actor', true), 'unknown'), NEW.state_since);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER exchange_legs_steps AFTER UPDATE ON exchange_legs FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION log_exchange_leg_steps();
--> statement-breakpoint
CREATE TRIGGER exchange_legs_begin BEFORE INSERT ON exchange_legs FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION refuse_beginning();
--> statement-breakpoint
-- What was accepted is what is paid: no later statement makes it more.
CREATE FUNCTION refuse_other_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'What a leg costs was accepted and does not change' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER exchange_legs_sum BEFORE UPDATE ON exchange_legs FOR EACH ROW WHEN (OLD.accepted_vnd IS NOT NULL AND NEW.accepted_vnd IS DISTINCT FROM OLD.accepted_vnd) EXECUTE FUNCTION refuse_other_sum();
