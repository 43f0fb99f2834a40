-- Somebody asks for the conversation while another one holds it, an agent as a rule: until then whoever looks for anything to do
-- passes it over, so that a busy conversation does not go round and round among the workers. By the database's clock.

ALTER TABLE conversations ADD COLUMN wanted_until BIGINT NOT NULL DEFAULT 0;
