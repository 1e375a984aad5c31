import { createBrowserReader } from '../../functions/scrape/readers/browser-reader.ts'
import { createHttpReader } from '../../functions/scrape/readers/http-reader.ts'
import { startGridDouble } from '../support/grid-double.ts'
import { requireBrowser } from '../support/require-browser.ts'
import { describePageReader, limits } from './page-reader.ts'

describePageReader('plain HTTP', () => {
  const { pageTimeoutMs, maxBytes } = limits
  const read = createHttpReader({ timeoutMs: pageTimeoutMs, maxBytes, userAgent: 'test' })
  return Promise.resolve({ read, close: () => Promise.resolve() })
})

describePageReader('browser of this machine', async () => {
  return createBrowserReader({ place: await requireBrowser(), ...limits })
})

describePageReader('browser of a grid', async () => {
  const grid = await startGridDouble(await requireBrowser())
  const reader = createBrowserReader({ place: { gridUrl: grid.url }, ...limits })
  return {
    read: reader.read,
    close: async () => {
      await reader.close()
      await grid.close()
    },
  }
})
