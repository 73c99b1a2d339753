-- breaking: no
ALTER TABLE "partners" DROP CONSTRAINT "partners_adapter";--> statement-breakpoint
ALTER TABLE "partners" ADD CONSTRAINT "partners_adapter" CHECK ("partners"."adapter" in ('native', 'vendure', 'medusa', 'woocommerce', 'haravan', 'sapo', 'magento2', 'google-merchant', 'csv', 'json-ld'));