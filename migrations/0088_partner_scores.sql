-- breaking: no
CREATE TABLE "federation_days" (
	"partner_key" text NOT NULL,
	"lane" text NOT NULL,
	"day" date NOT NULL,
	"visits" integer NOT NULL,
	"good" integer NOT NULL,
	"records" bigint NOT NULL,
	"quarantined" integer NOT NULL,
	"drifted" integer NOT NULL,
	"down_seconds" integer NOT NULL,
	"ages" integer[] NOT NULL,
	CONSTRAINT "federation_days_partner_key_lane_day_pk" PRIMARY KEY("partner_key","lane","day")
);
--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "key_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "federation_days" ADD CONSTRAINT "federation_days_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;