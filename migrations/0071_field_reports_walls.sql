-- breaking: no
CALL guard_rows('field_reports');
--> statement-breakpoint
-- Who reported, in what words and from where, is nobody's to see who sells: no policy lets a seller have a row.
CALL guard_rows('field_reporters', NULL);
--> statement-breakpoint
CALL guard_rows('field_report_photos', NULL);
--> statement-breakpoint
REVOKE DELETE ON field_reports, field_reporters FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
REVOKE INSERT, UPDATE ON field_reports FROM cho_noi_seller;
