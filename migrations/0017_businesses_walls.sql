-- breaking: no
-- What may follow what in the life of a business, whoever asks; the rules of the program say the same, with better words.
CREATE FUNCTION refuse_business_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD.status, NEW.status) IN (
    ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'approved'), ('submitted', 'rejected'), ('rejected', 'draft'),
    ('approved', 'suspended'), ('approved', 'closed'), ('suspended', 'approved'), ('suspended', 'closed')
  ) THEN
    RAISE EXCEPTION 'business % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'businesses_transition';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER businesses_transition BEFORE UPDATE OF status ON businesses FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION refuse_business_transition();
--> statement-breakpoint
-- Decisions and changes of account are written once. Rotation of keys alone rewrites how a number is sealed.
REVOKE UPDATE, DELETE ON business_reviews, withholding_modes, bank_accounts FROM cho_noi_app;
--> statement-breakpoint
GRANT UPDATE (number_sealed) ON bank_accounts TO cho_noi_app;
--> statement-breakpoint
REVOKE DELETE ON businesses, business_papers, business_measures, business_invitations, consents FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER business_reviews_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON business_reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER withholding_modes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON withholding_modes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER bank_accounts_append_only BEFORE UPDATE OF id, business_id, bank_bin, number_last4, holder_name, set_by, set_at OR DELETE OR TRUNCATE ON bank_accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Which papers are asked of whom. Dated rows: change them by adding newer ones, never by editing.
INSERT INTO paper_rules (business_type, kind, need, valid_from, ground)
SELECT t.type, k.kind, k.need, '2026-07-01', k.ground
FROM (VALUES ('cooperative'), ('enterprise'), ('household'), ('cooperative_group'), ('farm')) AS t (type)
CROSS JOIN (VALUES
  ('registration', 'required', 'Luật 122/2025/QH15, NĐ 248/2026 đ. 18.1'),
  ('personal-id', 'required', 'NĐ 248/2026 đ. 18.1'),
  ('food-safety', 'food', 'NĐ 15/2018'),
  ('self-declaration', 'food', 'NĐ 15/2018'),
  ('test-report', 'optional', 'NĐ 15/2018'),
  ('ocop-decision', 'optional', 'QĐ 26/2026/QĐ-TTg')
) AS k (kind, need, ground);
--> statement-breakpoint
-- Behind the second wall: in a seller's transaction these show the rows of the caller's own businesses.
CALL guard_rows('business_invitations');
--> statement-breakpoint
CALL guard_rows('business_papers');
--> statement-breakpoint
CALL guard_rows('business_reviews');
--> statement-breakpoint
CALL guard_rows('business_measures');
--> statement-breakpoint
CALL guard_rows('bank_accounts');
--> statement-breakpoint
CALL guard_rows('withholding_modes');
--> statement-breakpoint
CALL guard_rows('consents');
--> statement-breakpoint
CALL guard_rows('assist_team_members', NULL);
