-- One row a match of the source, as last read. page_read_at is null until the match's own page was read;
-- missing_read_at is null while the source says nothing about missing players (no rows then means "unknown").
create table matches (
  match_id bigint primary key,
  source text not null,
  stage_id bigint,
  country text,
  competition text,
  season text,
  home_team_id bigint not null,
  home_name text not null,
  away_team_id bigint not null,
  away_name text not null,
  kickoff timestamptz not null,
  status text not null check (
    status in ('scheduled', 'in_play', 'finished', 'postponed', 'abandoned', 'cancelled', 'unknown')
  ),
  home_score smallint,
  away_score smallint,
  digest text,
  listed_at timestamptz,
  page_read_at timestamptz,
  missing_read_at timestamptz
);

create index matches_by_kickoff on matches (kickoff, match_id);
