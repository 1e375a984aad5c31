import { openContext } from '../runtime/serve/open-context.ts'
import { runAlone } from '../runtime/serve/run-alone.ts'
import { serve } from '../runtime/serve/serve.ts'
import { openScrape } from './open-scrape.ts'

/** What faas-js-runtime loads. */
const face = serve('scrape', () => openContext('scrape'), openScrape)
export const { init, handle, liveness, readiness, shutdown, cors } = face

if (import.meta.main) await runAlone(face, import.meta.url)
