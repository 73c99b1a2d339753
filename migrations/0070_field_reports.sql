-- breaking: no
CREATE TABLE "field_report_photos" (
	"report_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"place" integer NOT NULL,
	CONSTRAINT "field_report_photos_report_id_place_pk" PRIMARY KEY("report_id","place")
);
--> statement-breakpoint
CREATE TABLE "field_reporters" (
	"report_id" uuid PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"phone" text,
	"account_id" uuid,
	"ward_code" text,
	"latitude" double precision,
	"longitude" double precision,
	CONSTRAINT "field_reporters_coarse" CHECK (round("field_reporters"."latitude"::numeric, 2) = "field_reporters"."latitude"::numeric and round("field_reporters"."longitude"::numeric, 2) = "field_reporters"."longitude"::numeric)
);
--> statement-breakpoint
CREATE TABLE "field_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"business_id" uuid NOT NULL,
	"product_id" uuid,
	"kind" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"reason" text,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "field_reports_kind" CHECK ("field_reports"."kind" in ('wrong-origin', 'fake-certificate', 'unsafe', 'hygiene', 'price', 'misleading', 'other')),
	CONSTRAINT "field_reports_outcome" CHECK ("field_reports"."outcome" in ('no-finding', 'warned', 'takedown', 'forwarded')),
	CONSTRAINT "field_reports_decided" CHECK (("field_reports"."outcome" is null) = ("field_reports"."decided_at" is null) and ("field_reports"."outcome" is null) = ("field_reports"."reason" is null))
);
--> statement-breakpoint
ALTER TABLE "field_report_photos" ADD CONSTRAINT "field_report_photos_report_id_field_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."field_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field_report_photos" ADD CONSTRAINT "field_report_photos_file_id_stored_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."stored_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field_reporters" ADD CONSTRAINT "field_reporters_report_id_field_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."field_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field_reporters" ADD CONSTRAINT "field_reporters_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field_reports" ADD CONSTRAINT "field_reports_code_codes_code_fk" FOREIGN KEY ("code") REFERENCES "public"."codes"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field_reports" ADD CONSTRAINT "field_reports_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field_reports" ADD CONSTRAINT "field_reports_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "field_report_photos_file" ON "field_report_photos" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "field_reporters_phone" ON "field_reporters" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "field_reporters_account" ON "field_reporters" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "field_reports_code" ON "field_reports" USING btree ("code");--> statement-breakpoint
CREATE INDEX "field_reports_business" ON "field_reports" USING btree ("business_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "field_reports_newest" ON "field_reports" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);