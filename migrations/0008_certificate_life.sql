-- breaking: no
CREATE TABLE "certificate_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"issuer" text NOT NULL,
	"decision_number" text NOT NULL,
	"issued_on" date NOT NULL,
	"file_name" text NOT NULL,
	"sha256" text NOT NULL,
	"rows" jsonb NOT NULL,
	"choices" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"recorded_count" integer,
	CONSTRAINT "certificate_imports_confirmed" CHECK (("certificate_imports"."confirmed_at" is null) = ("certificate_imports"."recorded_count" is null))
);
--> statement-breakpoint
DROP INDEX "certificates_decision";--> statement-breakpoint
ALTER TABLE "certificates" ALTER COLUMN "valid_until" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "score_tenths" smallint;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "evidence_file_id" uuid;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "evidence_sha256" text;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "import_id" uuid;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "checklist" jsonb;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "rejected_by" text;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "rejected_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "rejection_reason" text;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "revoked_by" text;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "revocation_cause" text;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "revocation_decision_number" text;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "revocation_decided_on" date;--> statement-breakpoint
ALTER TABLE "search_documents" ADD COLUMN "certificate" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "certificate_imports_created" ON "certificate_imports" USING btree ("created_at","id");--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_import_id_certificate_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."certificate_imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "certificates_waiting" ON "certificates" USING btree ("submitted_at","id") WHERE "certificates"."status" = 'submitted';--> statement-breakpoint
CREATE INDEX "certificates_number" ON "certificates" USING btree ("decision_number");--> statement-breakpoint
CREATE INDEX "certificates_import" ON "certificates" USING btree ("import_id") WHERE "certificates"."import_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_decision" ON "certificates" USING btree ("issuer","decision_number","issued_on","product_id") WHERE "certificates"."status" <> 'rejected' and "certificates"."revocation_cause" is distinct from 'recorded-in-error';--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_kind" CHECK ("certificates"."kind" in ('ocop', 'gi', 'vietgap', 'organic', 'food-safety'));--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_status" CHECK ("certificates"."status" in ('submitted', 'verified', 'expired', 'revoked', 'rejected'));--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_end" CHECK ("certificates"."valid_until" is not null or "certificates"."kind" = 'gi');--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_revoked" CHECK ("certificates"."status" <> 'revoked' or ("certificates"."revoked_at" is not null and "certificates"."revocation_cause" in ('fraud', 'criteria-lost', 'safety-violation', 'mark-misused', 'inspection-refused', 'ceased', 'recorded-in-error') and "certificates"."revocation_reason" is not null));--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_rejected" CHECK ("certificates"."status" <> 'rejected' or ("certificates"."rejected_at" is not null and "certificates"."rejection_reason" is not null));