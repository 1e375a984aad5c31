-- Append only: one row per subject, model version and digest of the inputs.
create table predictions (
  prediction_id bigint generated always as identity primary key,
  subject text not null,
  model_version text not null,
  input_digest text not null,
  match_id bigint,
  -- Digest of the match's rows that the prediction rests on; null for two clubs without a match.
  page_digest text,
  kickoff timestamptz not null,
  computed_at timestamptz not null,
  prediction jsonb not null,
  unique (subject, model_version, input_digest)
);

create index predictions_by_subject on predictions (subject, model_version, computed_at desc);
