-- breaking: no
CALL guard_rows('questions');
--> statement-breakpoint
-- Who asked is nobody's to see who sells: no policy lets a seller have a row.
CALL guard_rows('question_askers', NULL);
--> statement-breakpoint
REVOKE DELETE ON questions, question_askers FROM cho_noi_app, cho_noi_seller;
--> statement-breakpoint
REVOKE INSERT, UPDATE ON questions FROM cho_noi_seller;
