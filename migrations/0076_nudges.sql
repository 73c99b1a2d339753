-- breaking: no
ALTER TABLE "partners" ADD COLUMN "nudged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "pulling_since" timestamp (3) with time zone;