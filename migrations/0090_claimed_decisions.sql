-- breaking: no
ALTER TABLE "products" ADD COLUMN "claimed_decision" text;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "claimed_until" date;--> statement-breakpoint
CREATE INDEX "certificates_known" ON "certificates" USING btree ((upper(replace("decision_number", ' ', '')))) WHERE "certificates"."kind" = 'ocop';