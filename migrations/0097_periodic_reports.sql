-- breaking: no
CREATE TABLE "periodic_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"year" integer NOT NULL,
	"seq" integer NOT NULL,
	"period" text NOT NULL,
	"kind" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"replaces" text,
	"reason" text,
	"content" text NOT NULL,
	"sha256" text NOT NULL,
	"frozen_by" text NOT NULL,
	"frozen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "periodic_reports_number" UNIQUE("number"),
	CONSTRAINT "periodic_reports_kind" CHECK ("periodic_reports"."kind" in ('month', 'quarter', 'year')),
	CONSTRAINT "periodic_reports_reason" CHECK (("periodic_reports"."replaces" is null) = ("periodic_reports"."reason" is null)),
	CONSTRAINT "periodic_reports_over" CHECK ("periodic_reports"."frozen_at" >= "periodic_reports"."ends_at" and "periodic_reports"."starts_at" < "periodic_reports"."ends_at"),
	CONSTRAINT "periodic_reports_hash" CHECK ("periodic_reports"."sha256" = encode(sha256(convert_to("periodic_reports"."content", 'UTF8')), 'hex')),
	CONSTRAINT "periodic_reports_content" CHECK ("periodic_reports"."content"::jsonb->>'number' = "periodic_reports"."number" and "periodic_reports"."content"::jsonb->>'period' = "periodic_reports"."period")
);
--> statement-breakpoint
ALTER TABLE "periodic_reports" ADD CONSTRAINT "periodic_reports_replaces_periodic_reports_number_fk" FOREIGN KEY ("replaces") REFERENCES "public"."periodic_reports"("number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "periodic_reports_seq" ON "periodic_reports" USING btree ("year","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "periodic_reports_period" ON "periodic_reports" USING btree ("period") WHERE "periodic_reports"."replaces" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "periodic_reports_replaces" ON "periodic_reports" USING btree ("replaces");--> statement-breakpoint
CREATE INDEX "journals_at" ON "journals" USING brin ("at");--> statement-breakpoint
CREATE INDEX "order_events_at" ON "order_events" USING brin ("at");