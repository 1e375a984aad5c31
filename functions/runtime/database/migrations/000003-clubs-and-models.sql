-- Clubs the model knows, with every name they go by; written by infer when it loads a model.
create table clubs (
  club_id text primary key,
  name text not null,
  country text not null,
  competition text not null,
  aliases text[] not null
);

-- What an alias of the registry stands for right now.
create table models (
  alias text primary key,
  name text not null,
  version text not null,
  manifest jsonb not null,
  loaded_at timestamptz not null
);
