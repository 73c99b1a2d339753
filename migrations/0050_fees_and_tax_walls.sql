-- breaking: no
-- Rates of VAT by class of goods and day. A change to come is a row that is there already: nobody has to think of it at midnight.
INSERT INTO vat_rates (vat_class, rate_bps, valid_from, source) VALUES
  ('exempt', 0, '2024-01-01T00:00:00+07:00', 'Law 48/2024/QH15: produce of the land and sea, raw or merely cleaned, sold by its producer'),
  ('five', 500, '2024-01-01T00:00:00+07:00', 'Law 48/2024/QH15: the 5 % list'),
  ('standard', 1000, '2024-01-01T00:00:00+07:00', 'Law 48/2024/QH15; goods under excise tax are outside the reduction'),
  ('reduced', 1000, '2024-01-01T00:00:00+07:00', 'Law 48/2024/QH15'),
  ('reduced', 800, '2025-07-01T00:00:00+07:00', 'Resolution 204/2025/QH15, Decree 174/2025/ND-CP: until 31 December 2026'),
  ('reduced', 1000, '2027-01-01T00:00:00+07:00', 'End of Resolution 204/2025/QH15; no extension is known');
--> statement-breakpoint
UPDATE products p SET vat_class = CASE p.vat_bps WHEN 0 THEN 'exempt' WHEN 500 THEN 'five' WHEN 800 THEN 'reduced' ELSE 'standard' END;
--> statement-breakpoint
-- A seller names a rate; what is kept is the class that bears it, so that a change of the law needs no seller. An unchanged rate
-- keeps its class, and so does the turn of all rates, which says that it is one.
CREATE FUNCTION product_vat_class() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.vat_bps = OLD.vat_bps AND NEW.category_id = OLD.category_id THEN RETURN NEW; END IF;
  IF current_setting('app.vat_turn', true) = '1' THEN RETURN NEW; END IF;
  NEW.vat_class := CASE
    WHEN NEW.vat_bps = 0 THEN 'exempt'
    WHEN NEW.vat_bps = 500 THEN 'five'
    WHEN NEW.vat_bps = 800 THEN 'reduced'
    WHEN (SELECT is_alcohol FROM categories WHERE id = NEW.category_id) THEN 'standard'
    WHEN NEW.vat_bps = (SELECT rate_bps FROM vat_rates WHERE vat_class = 'reduced' AND valid_from <= now() ORDER BY valid_from DESC LIMIT 1) THEN 'reduced'
    ELSE 'standard' END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER product_vat_class BEFORE INSERT OR UPDATE OF vat_bps, category_id ON products FOR EACH ROW EXECUTE FUNCTION product_vat_class();
--> statement-breakpoint
UPDATE order_lines SET commission_rule_id = o.commission_rule_id FROM orders o WHERE o.id = order_lines.order_id;
--> statement-breakpoint
CREATE TRIGGER commission_rules_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON commission_rules FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER vat_rates_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON vat_rates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
REVOKE UPDATE, DELETE ON commission_rules, vat_rates FROM cho_noi_app;
--> statement-breakpoint
CALL guard_rows('commission_rules', NULL);
--> statement-breakpoint
INSERT INTO tax_rules (id, kind, vat_bps, pit_bps, policy, threshold_vnd, valid_from, source) VALUES
  ('01900000-0000-7000-8000-000000000021', 'goods', 100, 50, 'always', 0, '2025-07-01T00:00:00+07:00', 'Decree 117/2025/ND-CP: platforms withhold from households, goods 1 % and 0.5 %'),
  ('01900000-0000-7000-8000-000000000022', 'services', 500, 200, 'always', 0, '2025-07-01T00:00:00+07:00', 'Decree 117/2025/ND-CP: services 5 % and 2 %'),
  ('01900000-0000-7000-8000-000000000023', 'goods', 100, 50, 'always', 1000000000, '2026-01-01T00:00:00+07:00', 'Law 109/2025, Decree 141/2026/ND-CP: nothing is owed up to 1 bn a year; whether platforms withhold below it is not settled, so all is withheld and refunded by the tax office'),
  ('01900000-0000-7000-8000-000000000024', 'services', 500, 200, 'always', 1000000000, '2026-01-01T00:00:00+07:00', 'As for goods');
--> statement-breakpoint
CREATE TRIGGER tax_rules_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_rules FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER tax_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER tax_files_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
REVOKE UPDATE, DELETE ON tax_rules, tax_entries, tax_files FROM cho_noi_app;
--> statement-breakpoint
CALL guard_rows('tax_entries');
--> statement-breakpoint
CALL guard_rows('tax_files', NULL);
