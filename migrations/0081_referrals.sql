-- breaking: no
CREATE TABLE "federation_referrals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"direction" text NOT NULL,
	"partner_key" text NOT NULL,
	"jti" text NOT NULL,
	"uri" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"group_code" text,
	"converted_at" timestamp (3) with time zone,
	"goods_vnd" bigint,
	"reported_at" timestamp (3) with time zone,
	CONSTRAINT "federation_referrals_direction" CHECK ("federation_referrals"."direction" in ('sent', 'received')),
	CONSTRAINT "federation_referrals_goods" CHECK (("federation_referrals"."converted_at" is null) = ("federation_referrals"."goods_vnd" is null)),
	CONSTRAINT "federation_referrals_group_received" CHECK ("federation_referrals"."group_code" is null or "federation_referrals"."direction" = 'received')
);
--> statement-breakpoint
ALTER TABLE "federation_referrals" ADD CONSTRAINT "federation_referrals_partner_key_partners_key_fk" FOREIGN KEY ("partner_key") REFERENCES "public"."partners"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "federation_referrals_jti" ON "federation_referrals" USING btree ("direction","partner_key","jti");--> statement-breakpoint
CREATE UNIQUE INDEX "federation_referrals_group" ON "federation_referrals" USING btree ("group_code");--> statement-breakpoint
CREATE INDEX "federation_referrals_at" ON "federation_referrals" USING btree ("at");--> statement-breakpoint
CREATE INDEX "federation_referrals_unreported" ON "federation_referrals" USING btree ("converted_at") WHERE "federation_referrals"."direction" = 'received' and "federation_referrals"."converted_at" is not null and "federation_referrals"."reported_at" is null;