const dayMs = 86_400_000

/** Whole days since 1970-01-01 (UTC) of a moment. */
export function toDayNumber(moment: Date): number {
  return Math.floor(moment.getTime() / dayMs)
}

/** Midnight UTC of a day number. */
function toDate(dayNumber: number): Date {
  return new Date(dayNumber * dayMs)
}

/** `YYYY-MM-DD` of a day number. */
export function formatDay(dayNumber: number): string {
  return toDate(dayNumber).toISOString().slice(0, 10)
}

/** The day number of `YYYY-MM-DD`, or undefined where that is no date. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  const day = Date.parse(`${text}T00:00:00Z`) / dayMs
  // Date.parse refuses the 31st of a month of 30 days in some engines only.
  return Number.isInteger(day) && formatDay(day) === text ? day : undefined
}

/**
 * Year in which the season of a day began. Told from the date alone, as a fixture asked for by two names carries no
 * season: leagues over two years turn on 1 July, the others on 1 January.
 */
export function seasonOf(dayNumber: number, spansTwoYears: boolean): number {
  const date = toDate(dayNumber)
  const year = date.getUTCFullYear()
  return spansTwoYears && date.getUTCMonth() < 6 ? year - 1 : year
}
