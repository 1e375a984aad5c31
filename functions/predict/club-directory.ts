import { indexClubs, resolveClub } from '../../events/club-names.ts'
import { NotNowError } from '../runtime/errors/errors.ts'
import { withDeadline } from '../runtime/lifecycle/deadline.ts'

export interface DirectoryClub {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly competition: string
  readonly aliases: readonly string[]
}

export type Found =
  | { readonly kind: 'one'; readonly club: DirectoryClub }
  | { readonly kind: 'several'; readonly candidates: readonly DirectoryClub[] }
  | { readonly kind: 'none'; readonly nearest: readonly DirectoryClub[] }

/** Finds clubs by their key or by a forgiving name. */
export interface ClubDirectory {
  find(nameOrId: string): Found
  /** Clubs to suggest while a name is typed, best first. */
  suggest(text: string, limit: number): readonly DirectoryClub[]
}

function buildDirectory(clubs: readonly DirectoryClub[]): ClubDirectory {
  const byId = new Map(clubs.map((club) => [club.id, club]))
  const index = indexClubs(clubs)
  const find = (nameOrId: string): Found => {
    const club = byId.get(nameOrId)
    return club ? { kind: 'one', club } : resolveClub(index, { name: nameOrId })
  }
  return {
    find,
    suggest(text, limit) {
      const found = find(text)
      if (found.kind === 'one') return [found.club]
      return (found.kind === 'several' ? found.candidates : found.nearest).slice(0, limit)
    },
  }
}

const refreshAfterMs = 60_000
const renewWithinMs = 250

/** A directory kept for a minute; one load at a time; the old one stays in use while the store is away or hangs. */
export function keepDirectory(
  load: () => Promise<readonly DirectoryClub[]>,
  now: () => Date,
): () => Promise<ClubDirectory> {
  let kept: { directory: ClubDirectory; readAtMs: number } | undefined
  let loading: Promise<ClubDirectory> | undefined

  async function refresh(): Promise<ClubDirectory> {
    const clubs = await load()
    if (clubs.length === 0) throw new NotNowError('model_unavailable', 'No model has been loaded yet.')
    kept = { directory: buildDirectory(clubs), readAtMs: now().getTime() }
    return kept.directory
  }

  return async () => {
    if (kept && now().getTime() - kept.readAtMs < refreshAfterMs) return kept.directory
    loading ??= refresh().finally(() => {
      loading = undefined
    })
    if (!kept) return loading
    const { directory } = kept
    return withDeadline(loading, renewWithinMs, () => new Error('the store is slow')).catch(() => directory)
  }
}
