import { notUnderstood } from './understand.ts'

/**
 * Pages give the kick-off in the wall-clock time of their edition, without saying so. Only these editions were ever
 * compared with the UTC times of the feeds; any other would be a guess, and a wrong hour is worse than no answer.
 */
const zoneOfEdition: ReadonlyMap<string, string> = new Map([
  ['www', 'Europe/London'],
  ['fr', 'Europe/Paris'],
  ['es', 'Europe/Madrid'],
])

/** The time zone of the edition a page says it belongs to; a page that does not say is of the main edition. */
export function zoneOfPage(html: string): string {
  const edition = /<link[^>]+rel=["']canonical["'][^>]+href=["']https?:\/\/([a-z0-9]+)\.whoscored\.com/i.exec(
    html,
  )?.[1]
  const zone = zoneOfEdition.get(edition?.toLowerCase() ?? 'www')
  if (!zone) throw notUnderstood('kick-off', `the clock of the edition "${edition}" is not known`)
  return zone
}

/** `13/08/2022 20:00:00` on the clocks of a zone, as a moment. */
export function readKickoff(text: string, zone: string, place: string): Date {
  const parts = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2})$/.exec(text)?.slice(1).map(Number)
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0] = parts ?? []
  const asIfUtc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const real =
    asIfUtc.getUTCDate() === day && asIfUtc.getUTCMonth() === month - 1 && asIfUtc.getUTCHours() === hour
  if (!parts || !real) throw notUnderstood(place, `"${text}" is not a time of the form dd/MM/yyyy HH:mm:ss`)
  // Twice, as the first guess may stand on the other side of a change of the clocks.
  const guess = asIfUtc.getTime() - offsetMs(asIfUtc, zone)
  return new Date(asIfUtc.getTime() - offsetMs(new Date(guess), zone))
}

/** The months, as `YYYYMM` on London's calendar, that a range of moments touches. */
export function monthsBetween(from: Date, to: Date): string[] {
  const first = yearMonth(new Date(from.getTime() + offsetMs(from, 'Europe/London')))
  const last = yearMonth(new Date(to.getTime() + offsetMs(to, 'Europe/London')))
  const months = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  return months.map((month) => `${Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, '0')}`)
}

function yearMonth(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function offsetMs(moment: Date, zone: string): number {
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(moment)
    .find((part) => part.type === 'timeZoneName')?.value
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name ?? '') ?? []
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
  return sign === '-' ? -size : size
}
