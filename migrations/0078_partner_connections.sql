-- breaking: no
ALTER TABLE "partners" DROP CONSTRAINT "partners_introduced";--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "settings" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "partners" ADD COLUMN "secrets_sealed" text;--> statement-breakpoint
ALTER TABLE "partners" ADD CONSTRAINT "partners_introduced" CHECK ("partners"."state" = 'inactive' or ("partners"."origin" is not null and ("partners"."adapter" <> 'native' or ("partners"."keyid" is not null and "partners"."jwk" is not null))));