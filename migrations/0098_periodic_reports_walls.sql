-- breaking: no
-- A report that was frozen is what it was: whoever finds it wrong freezes another one in its place.
CREATE TRIGGER periodic_reports_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON periodic_reports FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
REVOKE UPDATE, DELETE ON periodic_reports FROM cho_noi_app;
--> statement-breakpoint
CREATE FUNCTION report_in_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM periodic_reports WHERE year = NEW.year) THEN
    RAISE EXCEPTION 'report % leaves a gap', NEW.number USING ERRCODE = 'check_violation', CONSTRAINT = 'report_in_sequence';
  END IF;
  IF NEW.replaces IS NOT NULL AND NOT EXISTS (SELECT FROM periodic_reports WHERE number = NEW.replaces AND period = NEW.period) THEN
    RAISE EXCEPTION 'report % replaces one of another period', NEW.number USING ERRCODE = 'check_violation', CONSTRAINT = 'report_in_sequence';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER report_in_sequence BEFORE INSERT ON periodic_reports FOR EACH ROW EXECUTE FUNCTION report_in_sequence();
--> statement-breakpoint
CALL guard_rows('periodic_reports', NULL);
