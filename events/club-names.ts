/** A club that can be asked for by name. */
interface NamedClub {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly aliases: readonly string[]
}

/** What a name stands for. `candidates` and `nearest` come best first. */
type ResolvedClub<Club> =
  | { readonly kind: 'one'; readonly club: Club }
  | { readonly kind: 'several'; readonly candidates: readonly Club[] }
  | { readonly kind: 'none'; readonly nearest: readonly Club[] }

/** Clubs prepared for look-ups; built once by `indexClubs`. */
interface ClubIndex<Club> {
  readonly clubs: readonly Club[]
  readonly countries: ReadonlySet<string>
  /** Folded names, and names without their affixes, to the clubs that bear them. */
  readonly byName: ReadonlyMap<string, readonly Club[]>
  readonly byCore: ReadonlyMap<string, readonly Club[]>
  /** Clubs by every word of their names; the words sorted for look-ups by beginning. */
  readonly byWord: ReadonlyMap<string, ReadonlySet<Club>>
  readonly words: readonly string[]
  readonly countryOf: ReadonlyMap<Club, string>
}

/** Longer input is no name of a club, and must cost no time. */
const longestName = 100
const mostWords = 12
const mostNearest = 5
const shortestBeginning = 2

/** Letters that Unicode does not split into a base letter and a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ø: 'o',
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** Affixes that tell the legal form, not the club. Words that tell clubs apart (Real, Racing, Club) must stay out. */
const affixes = new Set(
  'fc afc cf sc ac as ss us cd ud sd rc rcd fk sk bk if il ik ff nk kv sv tsv vfb vfl tsg bsc sco aj ogc osc losc 1 04 05 1899'.split(
    ' ',
  ),
)
const synonyms: Readonly<Record<string, string>> = {
  utd: 'united',
  saint: 'st',
  sankt: 'st',
  munchen: 'munich',
}
const countryNames: Readonly<Record<string, string>> = {
  turkiye: 'turkey',
  holland: 'netherlands',
  'the netherlands': 'netherlands',
  'united states': 'usa',
  'united states of america': 'usa',
  'republic of ireland': 'ireland',
  'china pr': 'china',
}

/**
 * A name without case, accents and punctuation: "1. FC Köln" → "1 fc koln", "Nott'm Forest" → "nottm forest".
 * Only the first 100 characters count.
 */
export function foldClubName(name: string): string {
  return name
    .slice(0, longestName)
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}|['’‘ʼ`´]/gu, '')
    .replace(/[^\p{ASCII}]/gu, (letter) => plainLetters[letter] ?? ' ')
    .replace(/\b([a-z])\.(?=[a-z]\b|\s|$)/g, '$1')
    .replaceAll('&', ' and ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** Words of a folded name in one spelling: "ue" as "u" (Muenchen), "utd" as "united". */
function splitWords(folded: string): string[] {
  const words = folded.split(' ').filter((word) => word !== '')
  return words.slice(0, mostWords).map((word) => {
    const plain = word.replace(/(?<=[aou])e/g, '')
    return synonyms[plain] ?? plain
  })
}

/** The name without affixes, whatever the order they stand in; '' where nothing else is left. */
function coreOf(words: readonly string[]): string {
  return words.filter((word) => !affixes.has(word)).join(' ')
}

/** Prepares clubs for `resolveClub`; the order of the clubs decides between equals. */
export function indexClubs<Club extends NamedClub>(clubs: readonly Club[]): ClubIndex<Club> {
  const byName = new Map<string, Club[]>()
  const byCore = new Map<string, Club[]>()
  const byWord = new Map<string, Set<Club>>()
  for (const club of clubs) {
    for (const name of [club.name, ...club.aliases]) {
      const folded = foldClubName(name)
      const words = splitWords(folded)
      add(byName, folded, club)
      add(byCore, coreOf(words), club)
      for (const word of words) byWord.set(word, (byWord.get(word) ?? new Set()).add(club))
    }
  }
  byCore.delete('')
  byName.delete('')
  const countryOf = new Map(clubs.map((club) => [club, foldClubName(club.country)]))
  const words = [...byWord.keys()].toSorted()
  return { clubs, countries: new Set(countryOf.values()), byName, byCore, byWord, words, countryOf }
}

function add<Club>(map: Map<string, Club[]>, key: string, club: Club): void {
  const known = map.get(key)
  if (!known) map.set(key, [club])
  else if (!known.includes(club)) known.push(club)
}

/**
 * Finds the club a name stands for. A full name or alias wins over a name without affixes ("FC"), that over part of a
 * name; whatever fits several clubs is never decided by guess. A country the index knows narrows the search.
 */
export function resolveClub<Club extends NamedClub>(
  index: ClubIndex<Club>,
  query: { readonly name: string; readonly country?: string },
): ResolvedClub<Club> {
  if (query.name.length > longestName) return { kind: 'none', nearest: [] }
  const folded = foldClubName(query.name)
  if (folded === '') return { kind: 'none', nearest: [] }
  const narrow = narrowTo(index, query.country)
  const words = splitWords(folded)
  for (const stage of [index.byName.get(folded), index.byCore.get(coreOf(words))]) {
    const found = (stage ?? []).filter(narrow)
    if (found.length > 0) return decide(found)
  }
  const { whole, begun } = findByWords(index, words, narrow)
  if (whole.length + begun.length > 1) return decide([...whole, ...begun])
  if (whole.length === 1) return decide(whole)
  // One club with a word that merely begins so is a hint, no answer: "Boro" is not Eastbourne Borough.
  return { kind: 'none', nearest: begun.length > 0 ? begun : findNearest(index, folded, narrow) }
}

function decide<Club>(found: readonly Club[]): ResolvedClub<Club> {
  const [first] = found
  return first && found.length === 1 ? { kind: 'one', club: first } : { kind: 'several', candidates: found }
}

/** Cups and friendlies come with a "country" that is none: it must not hide every club. */
function narrowTo<Club>(index: ClubIndex<Club>, country: string | undefined): (club: Club) => boolean {
  const folded = foldClubName(country ?? '')
  const wanted = countryNames[folded] ?? folded
  return index.countries.has(wanted) ? (club) => index.countryOf.get(club) === wanted : () => true
}

/** Clubs that bear every word of the query as a whole, and those that bear one only as a beginning; short names first. */
function findByWords<Club extends NamedClub>(
  index: ClubIndex<Club>,
  words: readonly string[],
  narrow: (club: Club) => boolean,
): { whole: Club[]; begun: Club[] } {
  const telling = words.filter((word) => !affixes.has(word)).map((word) => findByWord(index, word))
  const [first, ...rest] = telling
  const found = [...(first?.keys() ?? [])]
    .filter((club) => narrow(club) && rest.every((bearers) => bearers.has(club)))
    .toSorted((one, other) => one.name.length - other.name.length)
  const isWhole = (club: Club) => telling.every((bearers) => bearers.get(club))
  return { whole: found.filter(isWhole), begun: found.filter((club) => !isWhole(club)) }
}

/** Clubs with a word that is, or begins with, the one given; true where it is the whole word. */
function findByWord<Club>(index: ClubIndex<Club>, word: string): Map<Club, boolean> {
  const bearers = new Map<Club, boolean>()
  if (word.length >= shortestBeginning) {
    // Up to the first word that stands after everything the beginning can be continued to.
    for (const longer of index.words.slice(
      findPlace(index.words, word),
      findPlace(index.words, `${word}~`),
    )) {
      for (const club of index.byWord.get(longer) ?? []) bearers.set(club, false)
    }
  }
  for (const club of index.byWord.get(word) ?? []) bearers.set(club, true)
  return bearers
}

/** First place in the sorted words that does not stand before the word. */
function findPlace(words: readonly string[], word: string): number {
  let [low, high] = [0, words.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((words[middle] ?? '') < word) low = middle + 1
    else high = middle
  }
  return low
}

/** Up to five clubs a slip of the pen away: one change in three letters. */
function findNearest<Club>(index: ClubIndex<Club>, folded: string, narrow: (club: Club) => boolean): Club[] {
  const most = Math.floor(folded.length / 3)
  const distances = new Map<Club, number>()
  for (const [name, clubs] of index.byName) {
    if (Math.abs(name.length - folded.length) > most) continue
    const distance = countEdits(name, folded, most)
    if (distance > most) continue
    for (const club of clubs.filter(narrow)) {
      distances.set(club, Math.min(distance, distances.get(club) ?? distance))
    }
  }
  const sorted = [...distances].toSorted(([, one], [, other]) => one - other)
  return sorted.slice(0, mostNearest).map(([club]) => club)
}

/** Levenshtein distance (insert, delete, replace), given up as soon as it must exceed `most`. */
function countEdits(one: string, other: string, most: number): number {
  let above = Array.from({ length: other.length + 1 }, (_none, at) => at)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    let least = row
    for (let column = 1; column <= other.length; column++) {
      const replaced = (above[column - 1] ?? 0) + Number(one[row - 1] !== other[column - 1])
      const edits = Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      current.push(edits)
      least = Math.min(least, edits)
    }
    if (least > most) return most + 1
    above = current
  }
  return above[other.length] ?? most + 1
}
