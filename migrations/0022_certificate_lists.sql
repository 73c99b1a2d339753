-- breaking: no
ALTER TABLE "certificate_imports" ADD COLUMN "evidence_file_id" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "certificate_imports" ADD COLUMN "evidence_sha256" text NOT NULL;