import { NotNowError } from '../../runtime/errors/errors.ts'
import type { Log } from '../../runtime/logging/logger.ts'
import type { ReadPage } from '../sources/whoscored/source.ts'

/** A browser that is installed but does not start is as good as none: the page is read in the other way. */
export function readOrElse(readInBrowser: ReadPage, readElse: ReadPage, log: Log): ReadPage {
  return async (url) => {
    try {
      return await readInBrowser(url)
    } catch (thrown) {
      if (!(thrown instanceof NotNowError) || thrown.code !== 'browser_unavailable') throw thrown
      log.warn({ err: thrown }, 'no browser to be had, the page is read by plain HTTP')
      return readElse(url)
    }
  }
}
