import { indexClubs, resolveClub } from '../../events/club-names.ts'
import type { Database } from '../runtime/database/database.ts'
import { NotNowError, RefusedError } from '../runtime/errors/errors.ts'
import type { Registry } from '../runtime/registry/registry.ts'
import { openModel } from './model/open-model.ts'
import type { KnownClub, ScoringModel } from './score-match.ts'
import { replaceClubs } from './sql/replace-clubs.ts'
import { saveModel } from './sql/save-model.ts'

interface Needs {
  readonly registry: Registry
  readonly database: Pick<Database, 'transaction'>
  readonly now: () => Date
}

/** Loads what an alias stands for and tells the others: the clubs it knows and its version go into the store. */
export async function loadModel(
  alias: string,
  { registry, database, now }: Needs,
): Promise<ScoringModel & { close(): Promise<void> }> {
  const files = await registry.load(alias)
  const model = await openModel({
    manifest: fileOf(files, alias, 'manifest.json'),
    onnx: fileOf(files, alias, 'model.onnx'),
    states: fileOf(files, alias, 'states.json'),
  })
  const { name, version } = model.manifest
  await database.transaction(async (transaction) => {
    await replaceClubs(transaction, model.clubs)
    await saveModel(transaction, { alias, name, version, manifest: model.manifest, loadedAt: now() })
  })
  const byId = new Map(model.clubs.map((club) => [club.id, club]))
  const index = indexClubs(model.clubs)
  return {
    name,
    version,
    alias,
    ratingsUntil: model.ratingsUntil,
    clubById: (id) => byId.get(id),
    clubByName(clubName, country): KnownClub {
      const found = resolveClub(index, country === null ? { name: clubName } : { name: clubName, country })
      if (found.kind === 'one') return found.club
      const code = found.kind === 'several' ? 'ambiguous_club' : 'unknown_club'
      const detail = `The model does not know which club "${clubName}" is${country === null ? '' : ` (${country})`}.`
      throw new RefusedError(code, 422, detail)
    },
    async predict(home, away, kickoff) {
      const [probabilities] = await model.predict([{ homeId: home.id, awayId: away.id, kickoff }])
      if (!probabilities) throw new Error('the model gave no answer for a match')
      return probabilities
    },
    close: async () => model.close(),
  }
}

function fileOf(files: ReadonlyMap<string, Buffer>, alias: string, name: string): Buffer {
  const bytes = files.get(name)
  if (bytes) return bytes
  throw new NotNowError('model_unavailable', `The model ${alias} has no file ${name}.`)
}
