DROP TABLE template_syncs;
DROP TABLE template_registrations;
DROP TABLE templates;
