import type { Manifest } from '../../functions/infer/model/manifest.ts'
import type { MatchTable } from './match-table.ts'

/** Where the data came from and on what terms; row counts as read. */
export function listSources({ rows }: Pick<MatchTable, 'rows'>): Manifest['sources'] {
  return [
    {
      file: 'results.csv.gz',
      rows: rows.results,
      origin:
        'github.com/footballcsv/cache.footballdata at f43a2aa; a few rows from github.com/georgedouzas/sports-betting',
      licence: 'CC0-1.0; those few rows MIT, Copyright (c) 2019 Georgios Douzas',
      note: 'All club data come originally from football-data.co.uk (Joseph Buchdahl).',
    },
    {
      file: 'stats_odds.csv.gz',
      rows: rows.statistics,
      origin: 'github.com/georgedouzas/sports-betting, commit b4e3275',
      licence: 'MIT, Copyright (c) 2019 Georgios Douzas',
      note: 'The right to pass the odds on is less certain than the label says: only ratings derived from them ship here.',
    },
  ]
}
