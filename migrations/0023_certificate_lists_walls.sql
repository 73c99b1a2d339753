-- breaking: no
-- Lists of decisions are the officers'; a seller's transaction sees none of them.
CALL guard_rows('certificate_imports', NULL);
