create table missing_players (
  match_id bigint not null references matches on delete cascade,
  side text not null check (side in ('home', 'away')),
  position smallint not null,
  player_id bigint not null,
  name text not null,
  reason text not null,
  status text not null check (status in ('out', 'doubtful')),
  primary key (match_id, side, position)
);

create table lineups (
  match_id bigint not null references matches on delete cascade,
  side text not null check (side in ('home', 'away')),
  position smallint not null,
  player_id bigint not null,
  name text not null,
  shirt smallint,
  role text,
  starter boolean not null,
  rating real,
  primary key (match_id, side, position)
);
