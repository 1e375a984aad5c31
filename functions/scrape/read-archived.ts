import { z } from 'zod'
import { moment } from '../../events/envelope.ts'
import type { Event } from '../runtime/broker/publisher.ts'
import { RefusedError } from '../runtime/errors/errors.ts'
import type { Objects } from '../runtime/objects/objects.ts'
import { aboutKey, archiveKey, type PageReader } from './archive-pages.ts'
import type { Page } from './sources/whoscored/source.ts'

interface Needs {
  readonly objects: Pick<Objects, 'get'>
  readonly site: string
}

/** A request may have waited in its queue over midnight. */
const longestWaitMs = 3_600_000

const aboutPage = z.object({ status: z.number().int(), final_url: z.url(), read_at: moment })

/**
 * When a replayed event was sent first; undefined for an event that is no replay.
 * @throws RefusedError 404 `page_not_archived` where a replay does not say its time
 */
export function replayedFrom(event: Event): Date | undefined {
  if (event['replayof'] === undefined) return undefined
  const sentAt = new Date(event.time ?? '')
  if (Number.isNaN(sentAt.getTime()))
    throw notArchived('The replayed event has no time, so its page cannot be found.')
  return sentAt
}

/**
 * Reads pages as they were kept when an event was first sent, and never the site.
 * `read` throws RefusedError 404 `page_not_archived` where there is none.
 */
export function readArchived({ objects, site }: Needs, sentAt: Date): PageReader {
  const keysOf = (url: string) => {
    const latest = new Date(sentAt.getTime() + longestWaitMs)
    return new Set([archiveKey(url, site, sentAt), archiveKey(url, site, latest)])
  }
  let readAt = sentAt
  return {
    read: async (url) => {
      const keys = keysOf(url)
      for (const key of keys) {
        const found = await findPage(objects, key, url)
        if (!found) continue
        readAt = found.readAt
        return found.page
      }
      throw notArchived(`No page is kept as ${[...keys].join(' or ')}, and a replay does not visit the site.`)
    },
    readAt: () => readAt,
  }
}

async function findPage(
  objects: Needs['objects'],
  key: string,
  url: string,
): Promise<{ page: Page; readAt: Date } | undefined> {
  const stored = await objects.get(key)
  if (!stored) return undefined
  const body = stored.bytes.toString('utf8')
  const about = parseAbout(await objects.get(aboutKey(key)))
  if (about)
    return {
      page: { status: about.status, finalUrl: about.final_url, body },
      readAt: new Date(about.read_at),
    }
  // Kept without its date: the earliest moment it can have had, so that it replaces nothing that may be newer.
  const [day = ''] = /\d{4}-\d{2}-\d{2}/.exec(key) ?? []
  return { page: { status: 200, finalUrl: url, body }, readAt: new Date(day) }
}

function parseAbout(stored: { readonly bytes: Buffer } | undefined) {
  if (!stored) return undefined
  try {
    return aboutPage.parse(JSON.parse(stored.bytes.toString('utf8')))
  } catch {
    return undefined
  }
}

const notArchived = (detail: string) => new RefusedError('page_not_archived', 404, detail)
