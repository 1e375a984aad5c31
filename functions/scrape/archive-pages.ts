import { asError } from '../runtime/errors/errors.ts'
import type { Log } from '../runtime/logging/logger.ts'
import type { Objects } from '../runtime/objects/objects.ts'
import type { ReadPage } from './sources/whoscored/source.ts'

interface Needs {
  readonly objects: Pick<Objects, 'put'>
  readonly site: string
  readonly log: Log
  readonly now: () => Date
}

/** Reads the pages of one event. */
export interface PageReader {
  readonly read: ReadPage
  /** When the page that was read last came from the site. */
  readonly readAt: () => Date
}

/**
 * Keeps every page as it came, understood or not, so that it can be parsed again without a visit: one object a page
 * and day, and beside it (`<key>.json`) what its body does not tell. A page that cannot be kept is used all the same,
 * because reading it again would cost the site another visit.
 */
export function archivePages(read: ReadPage, { objects, site, log, now }: Needs): PageReader {
  let readAt = now()
  const readAndKeep = async (url: string) => {
    const page = await read(url)
    readAt = now()
    const key = archiveKey(url, site, readAt)
    const about = { url, status: page.status, final_url: page.finalUrl, read_at: readAt.toISOString() }
    try {
      await objects.put(key, Buffer.from(page.body), { contentType: 'text/html; charset=utf-8' })
      // Second: a page whose date is too early does no harm, one whose date is too late would replace newer rows.
      await objects.put(aboutKey(key), Buffer.from(JSON.stringify(about)), {
        contentType: 'application/json',
      })
    } catch (thrown) {
      log.warn({ err: asError(thrown), key }, 'a page could not be kept')
    }
    return page
  }
  return { read: readAndKeep, readAt: () => readAt }
}

/** `pages/<site>/<day>/matches-123-live`; the day is that of UTC. */
export function archiveKey(url: string, site: string, readAt: Date): string {
  const { pathname, search } = new URL(url)
  const page = `${pathname}${search}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return `pages/${site}/${readAt.toISOString().slice(0, 10)}/${page.slice(0, 150) || 'home'}`
}

export const aboutKey = (key: string): string => `${key}.json`
