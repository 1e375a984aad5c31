-- What a function has dealt with, and what it answered: an event delivered again gets the same reply and has no second
-- effect. Old rows are deleted by whoever writes new ones.
create table processed_events (
  function text not null,
  source text not null,
  id text not null,
  type text not null,
  subject text,
  -- Whether the reply says that it will never work as asked.
  refused boolean not null,
  reply jsonb,
  processed_at timestamptz not null default now(),
  primary key (function, source, id)
);

create index processed_events_by_age on processed_events (processed_at);

-- Refusals are few, and whoever waits for an answer looks for them by subject.
create index refusals_by_subject on processed_events (subject, processed_at) where refused;
