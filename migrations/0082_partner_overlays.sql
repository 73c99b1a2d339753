-- breaking: no
CREATE TABLE "federation_overlays" (
	"partner_key" text NOT NULL,
	"uri" text NOT NULL,
	"category_id" integer,
	"name_vi" text,
	"name_en" text,
	"hidden_reason" text,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "federation_overlays_partner_key_uri_pk" PRIMARY KEY("partner_key","uri")
);
--> statement-breakpoint
CREATE TABLE "federation_twins" (
	"one" uuid NOT NULL,
	"other" uuid NOT NULL,
	"verdict" text NOT NULL,
	"reason" text NOT NULL,
	"judged_by" text NOT NULL,
	"judged_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "federation_twins_one_other_pk" PRIMARY KEY("one","other"),
	CONSTRAINT "federation_twins_verdict" CHECK ("federation_twins"."verdict" in ('same', 'different')),
	CONSTRAINT "federation_twins_ordered" CHECK ("federation_twins"."one" < "federation_twins"."other")
);
--> statement-breakpoint
ALTER TABLE "federation_quarantine" ADD COLUMN "dismissed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "federation_quarantine" ADD COLUMN "dismissed_reason" text;--> statement-breakpoint
ALTER TABLE "federation_overlays" ADD CONSTRAINT "federation_overlays_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "federation_overlays" ADD CONSTRAINT "federation_overlays_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "federation_twins" ADD CONSTRAINT "federation_twins_one_products_id_fk" FOREIGN KEY ("one") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "federation_twins" ADD CONSTRAINT "federation_twins_other_products_id_fk" FOREIGN KEY ("other") REFERENCES "public"."products"("id") ON DELETE no action ON UPDATE no action;