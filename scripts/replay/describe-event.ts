import type { Event } from '../../functions/runtime/broker/publisher.ts'

/** One line for a list. */
export const describeEvent = ({ time, type, subject, id }: Event): string =>
  `${time ?? '-'}  ${type}  ${subject ?? '-'}  ${id}`
