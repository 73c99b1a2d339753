-- breaking: no
-- However a key comes to be pinned (by its agreement, an invitation or a rotation), its age begins then.
CREATE FUNCTION keep_key_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.key_since := CASE WHEN NEW.keyid IS NOT NULL THEN coalesce(NEW.updated_at, now()) END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER partners_key_insert BEFORE INSERT ON partners FOR EACH ROW EXECUTE FUNCTION keep_key_since();
--> statement-breakpoint
CREATE TRIGGER partners_key_change BEFORE UPDATE ON partners FOR EACH ROW WHEN (OLD.keyid IS DISTINCT FROM NEW.keyid) EXECUTE FUNCTION keep_key_since();
--> statement-breakpoint
UPDATE partners SET key_since = updated_at WHERE keyid IS NOT NULL;
