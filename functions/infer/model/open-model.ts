import { createHash } from 'node:crypto'
import { toDayNumber } from './calendar.ts'
import { type Centres, measureCentres, measureGaps } from './country-gaps.ts'
import type { Outcome } from './fair-odds.ts'
import { listFeatures, writeFeatures } from './features.ts'
import { type Manifest, parseModelFile, readManifest } from './manifest.ts'
import { ModelFileError, UnknownClubError } from './model-errors.ts'
import type { ClubState, Fixture, RatingState } from './rating-state.ts'
import { createScorer, type Scorer } from './scorer.ts'
import { restoreStates, type States, statesSchema } from './states.ts'

/** A club the model has ratings of. */
export interface Club {
  /** ASCII, `<country>.<name>`; stable over versions of the model. */
  readonly id: string
  readonly name: string
  readonly country: string
  /** Code and name of the league of its last match. */
  readonly division: string
  readonly competition: string
  readonly aliases: readonly string[]
}

/** A match to score. */
export interface Pair {
  readonly homeId: string
  readonly awayId: string
  readonly kickoff: Date
  /** League of the match, where it is not the one the home club played in last. */
  readonly division?: string
}

/** An opened model; `close` frees the graph. */
export interface Model {
  readonly manifest: Manifest
  readonly clubs: readonly Club[]
  /** Midnight UTC of the last day the ratings have learnt from. */
  readonly ratingsUntil: Date
  /**
   * Chances of each pair, in order: each between 0 and 1, summing to 1.
   * @throws UnknownClubError
   */
  predict(pairs: readonly Pair[]): Promise<Outcome[]>
  close(): Promise<void>
}

/** The three files of a model. */
export interface ModelFiles {
  readonly manifest: Buffer
  readonly onnx: Buffer
  readonly states: Buffer
}

/** @throws ModelFileError a file is damaged, of another format, or not the one the manifest names */
export async function openModel(files: ModelFiles): Promise<Model> {
  const manifest = readManifest(files.manifest)
  verifyBytes('model.onnx', files.onnx, manifest)
  verifyBytes('states.json', files.states, manifest)
  const states = parseModelFile('states.json', files.states, statesSchema)
  verifyFit(manifest, states)
  const ratings = restoreRatings(states)
  const scorer = await createScorer(files.onnx)
  const ratingsUntil = new Date(`${states.ratings_until}T00:00:00Z`)
  return {
    manifest,
    clubs: listClubs(states),
    ratingsUntil,
    predict: async (pairs) => predictPairs(pairs, ratings, scorer, toDayNumber(ratingsUntil)),
    close: async () => scorer.close(),
  }
}

function verifyBytes(file: 'model.onnx' | 'states.json', bytes: Buffer, { files }: Manifest): void {
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (digest !== files[file].sha256) {
    throw new ModelFileError(file, `has sha256 ${digest}, but the manifest names ${files[file].sha256}`)
  }
}

/** A manifest of features this code does not write would score garbage without a sound. */
function verifyFit(manifest: Manifest, states: States): void {
  if (states.mode !== manifest.mode) throw new ModelFileError('states.json', `is of mode ${states.mode}`)
  if (states.ratings_until !== manifest.ratings_until) {
    throw new ModelFileError(
      'states.json',
      `ends on ${states.ratings_until}, not on ${manifest.ratings_until}`,
    )
  }
  const expected = listFeatures(manifest.mode).join(', ')
  if (manifest.features.join(', ') !== expected) {
    throw new ModelFileError('manifest.json', `names other features than this program computes: ${expected}`)
  }
}

interface Ratings {
  readonly state: RatingState
  readonly clubs: ReadonlyMap<string, ClubState>
  readonly centres: Centres
  readonly countryLevels: Readonly<Record<string, number>>
}

function restoreRatings(states: States): Ratings {
  try {
    const state = restoreStates(states)
    const clubs = new Map<string, ClubState>()
    for (const [at, club] of state.clubs.entries()) {
      if (!state.leagues.has(club.division))
        throw new RangeError(`${club.name} plays in no league of the file`)
      clubs.set(states.clubs[at]?.id ?? '', club)
    }
    return { state, clubs, centres: measureCentres(state), countryLevels: states.country_levels }
  } catch (error) {
    if (error instanceof RangeError) throw new ModelFileError('states.json', error.message, error)
    throw error
  }
}

function listClubs(states: States): Club[] {
  const names = new Map(states.leagues.map(({ division, name }) => [division, name]))
  return states.clubs.map(({ id, name, country, division, aliases }) => ({
    id,
    name,
    country,
    division,
    competition: names.get(division) ?? division,
    aliases,
  }))
}

async function predictPairs(
  pairs: readonly Pair[],
  ratings: Ratings,
  scorer: Scorer,
  ratingsUntilDay: number,
): Promise<Outcome[]> {
  if (pairs.length === 0) return []
  const { mode } = ratings.state
  const width = listFeatures(mode).length
  const rows = new Float32Array(pairs.length * width)
  for (const [at, pair] of pairs.entries()) {
    const fixture = findFixture(pair, ratings, ratingsUntilDay)
    const gaps = measureGaps(ratings.centres, ratings.countryLevels, fixture.home, fixture.away)
    writeFeatures(mode, fixture, rows, at * width, gaps)
  }
  const scores = await scorer.score(rows, pairs.length)
  return pairs.map((_pair, at) => normalise(scores.subarray(at * 3, at * 3 + 3)))
}

function findFixture(pair: Pair, { state, clubs }: Ratings, ratingsUntilDay: number): Fixture {
  const [home, away] = [clubs.get(pair.homeId), clubs.get(pair.awayId)]
  if (!home) throw new UnknownClubError(pair.homeId)
  if (!away) throw new UnknownClubError(pair.awayId)
  const kickoffDay = toDayNumber(pair.kickoff)
  if (Number.isNaN(kickoffDay)) throw new RangeError('the kick-off is no date')
  const league = state.leagues.get(pair.division ?? home.division)
  if (!league) throw new RangeError(`the model knows no league ${pair.division ?? home.division}`)
  // Before the end of the ratings there is no older state to go back to.
  return { home, away, league, day: Math.max(kickoffDay, ratingsUntilDay) }
}

/** Float32 chances sum to 1 within 1e-7 only; people add them up. */
function normalise([home = NaN, draw = NaN, away = NaN]: Float32Array): Outcome {
  const sum = home + draw + away
  if (!(sum > 0 && Math.min(home, draw, away) > 0)) throw new RangeError('the graph gave no chances')
  return { home: home / sum, draw: draw / sum, away: away / sum }
}
