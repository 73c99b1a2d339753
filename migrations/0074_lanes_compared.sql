-- breaking: no
ALTER TABLE "federation_lanes" ADD COLUMN "compared_at" timestamp (3) with time zone;