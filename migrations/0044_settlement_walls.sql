-- breaking: no
-- Written once: closed months, what providers' files said, officers' confirmations. Of a payout only its course changes.
REVOKE UPDATE, DELETE ON settlement_rules, statements, statement_lines, provider_settlements, provider_settlement_lines, account_confirmations FROM cho_noi_app;
--> statement-breakpoint
REVOKE UPDATE ON payouts, payout_items FROM cho_noi_app;
--> statement-breakpoint
GRANT UPDATE (status, bank_reference, reason, ended_by, ended_at) ON payouts TO cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER statements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER statement_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER provider_settlements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON provider_settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER provider_settlement_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON provider_settlement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION payout_is_its_items() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  subject uuid;
  expected bigint;
  total bigint;
BEGIN
  IF TG_TABLE_NAME = 'payouts' THEN
    subject := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN
    subject := OLD.payout_id;
  ELSE
    subject := NEW.payout_id;
  END IF;
  SELECT amount_vnd INTO expected FROM payouts WHERE id = subject;
  SELECT coalesce(sum(amount_vnd), 0) INTO total FROM payout_items WHERE payout_id = subject;
  -- A draft that is made anew goes with its items.
  IF expected IS NOT NULL AND expected <> total THEN
    RAISE EXCEPTION 'items of payout % sum to % instead of %', subject, total, expected USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_is_its_items';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER payout_is_its_items AFTER INSERT OR UPDATE OF amount_vnd ON payouts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payout_is_its_items();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER payout_is_its_items AFTER INSERT OR UPDATE OR DELETE ON payout_items DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payout_is_its_items();
--> statement-breakpoint
CREATE FUNCTION payout_is_only_planned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  state text;
BEGIN
  IF TG_TABLE_NAME = 'payouts' THEN
    state := OLD.status;
  ELSE
    SELECT status INTO state FROM payouts WHERE id = OLD.payout_id;
  END IF;
  IF state IS NOT NULL AND state <> 'planned' THEN
    RAISE EXCEPTION 'a payout that is % stays', state USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payout_is_only_planned';
  END IF;
  RETURN OLD;
END $$;
--> statement-breakpoint
CREATE TRIGGER payout_is_only_planned BEFORE DELETE ON payouts FOR EACH ROW EXECUTE FUNCTION payout_is_only_planned();
--> statement-breakpoint
CREATE TRIGGER payout_is_only_planned BEFORE DELETE ON payout_items FOR EACH ROW EXECUTE FUNCTION payout_is_only_planned();
--> statement-breakpoint
CALL guard_rows('payout_runs', NULL);
--> statement-breakpoint
CALL guard_rows('payouts');
--> statement-breakpoint
CALL guard_rows('payout_items');
--> statement-breakpoint
CALL guard_rows('account_confirmations', NULL);
--> statement-breakpoint
CALL guard_rows('statements');
--> statement-breakpoint
CALL guard_rows('statement_lines');
--> statement-breakpoint
CALL guard_rows('provider_settlements', NULL);
--> statement-breakpoint
CALL guard_rows('provider_settlement_lines', NULL);
--> statement-breakpoint
CALL guard_rows('book_days', NULL);
--> statement-breakpoint
-- The time to return is the published policy of the exchange; the least payout and the rest of a new account
-- are its choice. Dated rows: change them by adding newer ones.
INSERT INTO settlement_rules (id, return_window_days, minimum_payout_vnd, account_rest_days, clearing_days, valid_from, note) VALUES
  ('01900000-0000-7000-8000-000000000021', 7, 50000, 3, 5, '2025-01-01T00:00:00+07:00', 'Seven days to return after delivery; from 50,000 đ; a changed account rests three days');
