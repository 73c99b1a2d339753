-- breaking: no
-- The legal steps of partner exchanges, the log of steps that were taken, and what each partner may ask.
INSERT INTO partner_moves (from_state, to_state) VALUES
  ('inactive', 'invited'),
  ('invited', 'proved'),
  ('invited', 'retired'),
  ('proved', 'sandbox'),
  ('proved', 'suspended'),
  ('proved', 'retired'),
  ('sandbox', 'probation'),
  ('sandbox', 'suspended'),
  ('sandbox', 'retired'),
  ('probation', 'active'),
  ('probation', 'suspended'),
  ('probation', 'retired'),
  ('active', 'suspended'),
  ('active', 'retired'),
  ('suspended', 'proved'),
  ('suspended', 'sandbox'),
  ('suspended', 'probation'),
  ('suspended', 'active'),
  ('suspended', 'retired'),
  ('retired', 'invited');
--> statement-breakpoint
-- Partners from before: who was introduced has an agreement, who was let in stays in, who was shut out comes back to there.
UPDATE partners SET state_since = updated_at,
  state = CASE WHEN state = 'inactive' AND origin IS NOT NULL AND (adapter <> 'native' OR keyid IS NOT NULL) THEN 'invited' ELSE state END,
  resumes_to = CASE WHEN state = 'suspended' THEN 'active' END;
--> statement-breakpoint
INSERT INTO partner_grants (partner_key, verb, granted_by, granted_at)
  SELECT p.key, v.verb, 'system:migration', now() FROM partners p CROSS JOIN (VALUES ('pull'), ('push'), ('quote'), ('order')) AS v (verb)
  WHERE p.state IN ('active', 'suspended') AND (p.adapter = 'native' OR v.verb = 'pull');
--> statement-breakpoint
CALL guard_rows('partner_transitions', NULL);
--> statement-breakpoint
CALL guard_rows('partner_grants', NULL);
--> statement-breakpoint
-- The log is written by the trigger below and by nobody else.
REVOKE INSERT, UPDATE, DELETE ON partner_moves, partner_transitions FROM cho_noi_app;
--> statement-breakpoint
CREATE TRIGGER partner_transitions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON partner_transitions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE FUNCTION log_partner_steps() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO partner_transitions (partner_key, from_state, to_state, actor, reason, at)
  VALUES (NEW.key, OLD.state, NEW.state, coalesce(current_setting('app.actor', true), 'unknown'), nullif(current_setting('app.reason', true), ''), NEW.state_since);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER partners_steps AFTER UPDATE ON partners FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION log_partner_steps();
--> statement-breakpoint
CREATE TRIGGER partners_begin BEFORE INSERT ON partners FOR EACH ROW WHEN (NEW.state <> 'inactive') EXECUTE FUNCTION refuse_beginning();
