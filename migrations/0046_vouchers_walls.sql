-- breaking: no
-- What was promised stays promised: of a voucher only what was used of it changes, and whether it has ended.
CREATE FUNCTION voucher_keeps_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - '{spent_vnd,uses,ended_at}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{spent_vnd,uses,ended_at}'::text[] THEN
    RAISE EXCEPTION 'the terms of voucher % cannot change', OLD.id USING ERRCODE = 'restrict_violation', CONSTRAINT = 'voucher_keeps_terms';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER voucher_keeps_terms BEFORE UPDATE ON vouchers FOR EACH ROW EXECUTE FUNCTION voucher_keeps_terms();
--> statement-breakpoint
REVOKE DELETE ON vouchers, voucher_uses FROM cho_noi_app;
--> statement-breakpoint
CALL guard_rows('vouchers');
--> statement-breakpoint
CALL guard_rows('voucher_uses', 'order_id IN (SELECT id FROM orders)');
