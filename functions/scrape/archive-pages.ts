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

/**
 * Keeps every page as it came, understood or not, so that it can be parsed again without a visit: one object a page
 * and day. A page that cannot be kept is used all the same, because reading it again would cost the site another visit.
 */
export function archivePages(read: ReadPage, { objects, site, log, now }: Needs): ReadPage {
  return async (url) => {
    const page = await read(url)
    const key = keyOf(url, site, now())
    try {
      await objects.put(key, Buffer.from(page.body), { contentType: 'text/html; charset=utf-8' })
    } catch (thrown) {
      log.warn({ err: asError(thrown), key }, 'a page could not be kept')
    }
    return page
  }
}

/** `pages/<site>/<day>/matches-123-live`. */
function keyOf(url: string, site: string, readAt: Date): string {
  const { pathname, search } = new URL(url)
  const page = `${pathname}${search}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return `pages/${site}/${readAt.toISOString().slice(0, 10)}/${page.slice(0, 150) || 'home'}`
}
