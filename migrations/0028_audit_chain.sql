-- breaking: no
-- Acts are chained when they are committed: the trigger is deferred to the last moment of the transaction, so that the one
-- lock of the chain is held for as long as a commit takes and cannot cross the locks of rows.
REVOKE INSERT, UPDATE, DELETE ON audit_links FROM cho_noi_app;
--> statement-breakpoint
CREATE FUNCTION link_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head audit_links;
BEGIN
  -- The letters "audit" read as a number; any fixed one would do.
  PERFORM pg_advisory_xact_lock(418581342580);
  SELECT * INTO head FROM audit_links ORDER BY seq DESC LIMIT 1;
  INSERT INTO audit_links (seq, entry_id, day, hash) VALUES (
    coalesce(head.seq, 0) + 1,
    NEW.id,
    (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    sha256(coalesce(head.hash, ''::bytea) || convert_to(jsonb_build_array(NEW.id, (extract(epoch from NEW.happened_at) * 1000)::bigint,
      NEW.actor, NEW.on_behalf_of, NEW.action, NEW.subject_kind, NEW.subject_id, NEW.before, NEW.after, NEW.reason, NEW.address)::text, 'UTF8'))
  );
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Acts of before are chained in the order of their ids, which is the order of their times.
DO $$
DECLARE
  entry audit_entries;
  head audit_links;
BEGIN
  FOR entry IN SELECT * FROM audit_entries ORDER BY id LOOP
    INSERT INTO audit_links (seq, entry_id, day, hash) VALUES (
      coalesce(head.seq, 0) + 1,
      entry.id,
      (entry.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
      sha256(coalesce(head.hash, ''::bytea) || convert_to(jsonb_build_array(entry.id, (extract(epoch from entry.happened_at) * 1000)::bigint,
        entry.actor, entry.on_behalf_of, entry.action, entry.subject_kind, entry.subject_id, entry.before, entry.after, entry.reason, entry.address)::text, 'UTF8'))
    ) RETURNING * INTO head;
  END LOOP;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_entries_link AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION link_audit_entry();
--> statement-breakpoint
CREATE TRIGGER audit_links_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CALL guard_rows('audit_links', NULL);
