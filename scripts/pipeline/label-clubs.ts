import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { foldClubName } from '../../events/club-names.ts'
import type { ClubLabel, StateLabels } from '../../functions/infer/model/states.ts'
import { DataFileError } from './data-file-error.ts'
import type { MatchTable } from './match-table.ts'

const aliasesSchema = z.record(z.string(), z.record(z.string(), z.array(z.string().min(1)).min(1)))
const mergedSchema = z.record(z.string(), z.record(z.string(), z.string().min(1)))
const leagueNamesSchema = z.record(z.string(), z.string().min(1))
const countryLevelsSchema = z.record(z.string(), z.number())

/** Hand-written words about clubs, leagues and countries. */
export interface Words {
  /** By country, by name in the data. */
  readonly aliases: z.infer<typeof aliasesSchema>
  /** By country, from a name to the name of the same club that is kept. */
  readonly merged: z.infer<typeof mergedSchema>
  readonly leagueNames: z.infer<typeof leagueNamesSchema>
  readonly countryLevels: z.infer<typeof countryLevelsSchema>
}

/** @throws DataFileError a file is missing, no JSON or of another shape */
export async function readWords(folder: URL): Promise<Words> {
  return {
    aliases: await readJson(new URL('club-aliases.json', folder), aliasesSchema),
    merged: await readJson(new URL('merged-clubs.json', folder), mergedSchema),
    leagueNames: await readJson(new URL('league-names.json', folder), leagueNamesSchema),
    countryLevels: await readJson(new URL('country-levels.json', folder), countryLevelsSchema),
  }
}

async function readJson<T>(file: URL, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new DataFileError(file.pathname.split('/').at(-1) ?? file.href, {}, why, error)
  }
}

/**
 * Gives every club its key and its other names.
 * @throws DataFileError an alias of a club the data do not have, or two clubs of one key
 */
export function labelClubs({ clubs }: Pick<MatchTable, 'clubs'>, words: Words): StateLabels {
  const labels = new Map<string, ClubLabel>()
  const ids = new Set<string>()
  for (const { country, name } of clubs) {
    const id = `${slugOf(country)}.${slugOf(name)}`
    if (ids.has(id)) throw new DataFileError('results', {}, `two clubs would have the key ${id}`)
    ids.add(id)
    labels.set(`${country}\t${name}`, { id, aliases: words.aliases[country]?.[name] ?? [] })
  }
  for (const [country, entries] of Object.entries(words.aliases)) {
    for (const name of Object.keys(entries)) {
      if (!labels.has(`${country}\t${name}`)) {
        throw new DataFileError('club-aliases.json', {}, `the data have no club ${name} in ${country}`)
      }
    }
  }
  return {
    clubOf: ({ country, name }) => labels.get(`${country}\t${name}`) ?? { id: '', aliases: [] },
    leagueNameOf: (division) => words.leagueNames[division] ?? division,
    countryLevels: words.countryLevels,
  }
}

/** @throws DataFileError a name without a letter or digit */
function slugOf(name: string): string {
  const slug = foldClubName(name).replaceAll(' ', '-')
  if (slug === '') throw new DataFileError('results', {}, `no key can be made of the name "${name}"`)
  return slug
}
