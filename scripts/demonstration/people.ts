import type { Club } from './leagues.ts'

export interface Person {
  readonly playerId: number
  readonly name: string
  readonly position: string
}

/** Nobody of these names exists; some carry what real names carry: apostrophes, accents, hyphens. */
const firstNames = (
  'Aldric Bertan Corvin Dário Edvin Fjölnir Gaspo Henrick Ivaro Jorun Kasimo Lúcan Mirko Nils-Ove Orfeo Pádrag Quillon ' +
  'Rafelo Sørik Tomaso Ulvar Veljo Wendel Xaveri Ysandro Zoran'
).split(' ')
const lastNames = (
  "O'Vellan Brandorff Castelmar D'Orvieri Estrandé Falkenrooth Gørdal Hallowick Ibarnez Jankovar Kestrelman Lomøre " +
  "M'Bandoro Nordquill Ostermeyr Pellegrou Quintavel Rosenhalm Szarvány Tervonik Ündar Vandermoor Wexcombe Yllarsson " +
  'Zambrelli Ashgrove-Lind Corbellán Drăgoveanu'
).split(' ')

const positions = ['GK', 'DR', 'DC', 'DC', 'DL', 'DMC', 'MC', 'MC', 'AMR', 'FW', 'AML']
const squadSize = 20

/** The squad of a club: always the same people. The first eleven start. */
export function squadOf(club: Club): Person[] {
  return Array.from({ length: squadSize }, (_, index) => {
    // Steps prime to the lengths of the lists, so that no name comes twice in a squad.
    const first = firstNames[(club.teamId * 7 + index * 5) % firstNames.length] ?? ''
    const last = lastNames[(club.teamId * 11 + index * 3) % lastNames.length] ?? ''
    return {
      playerId: club.teamId * 100 + index,
      name: `${first} ${last}`,
      position: positions[index] ?? 'Sub',
    }
  })
}

export interface Absence {
  readonly person: Person
  readonly reason: string
  readonly mark: string
  readonly status: 'Out' | 'Doubtful'
}

const reasons = [
  { reason: 'injured', mark: 'missing-injured', status: 'Out' },
  { reason: 'injured doubtful', mark: 'missing-injured-doubtful', status: 'Doubtful' },
  { reason: 'suspended', mark: 'missing-suspended', status: 'Out' },
  { reason: 'other', mark: 'missing-other', status: 'Out' },
] as const

/** Who cannot play: nobody on one side in four, up to five otherwise. */
export function absencesOf(club: Club, matchId: number): Absence[] {
  const count = scatter(matchId + club.teamId, 4) === 0 ? 0 : 1 + scatter(matchId * 3 + club.teamId, 5)
  return squadOf(club)
    .filter((_, index) => index % 4 === 1)
    .slice(0, count)
    .map((person, index) => ({
      person,
      ...(reasons[scatter(matchId + index, reasons.length)] ?? reasons[0]),
    }))
}

/** A number in [0, limit) that is always the same for the same seed, yet shows no pattern. */
export function scatter(seed: number, limit: number): number {
  let mixed = (seed % 4_294_967_291) >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return ((mixed ^ (mixed >>> 16)) >>> 0) % limit
}
