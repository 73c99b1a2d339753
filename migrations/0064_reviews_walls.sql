-- breaking: no
CALL guard_rows('reviews');
--> statement-breakpoint
CALL guard_rows('review_photos', 'review_id IN (SELECT id FROM reviews)');
--> statement-breakpoint
CALL guard_rows('review_versions', 'review_id IN (SELECT id FROM reviews)');
--> statement-breakpoint
-- What everybody reads of a product is nobody's to write but the exchange's.
REVOKE INSERT, UPDATE, DELETE ON product_ratings FROM cho_noi_seller;
--> statement-breakpoint
REVOKE DELETE ON reviews, review_versions FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
-- What was said before stays, but for its words, which go with the person who asks to be forgotten.
CREATE FUNCTION keep_review_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.text = ''
    AND (NEW.review_id, NEW.part, NEW.version, NEW.points, NEW.actor, NEW.until) IS NOT DISTINCT FROM (OLD.review_id, OLD.part, OLD.version, OLD.points, OLD.actor, OLD.until)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'review_versions is append-only: its words may be forgotten, nothing else' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER review_versions_append_only BEFORE UPDATE OR DELETE ON review_versions FOR EACH ROW EXECUTE FUNCTION keep_review_versions();
--> statement-breakpoint
CREATE TRIGGER review_versions_whole BEFORE TRUNCATE ON review_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
