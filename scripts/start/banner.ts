import { z } from 'zod'
import type { Bundle } from './bundle.ts'

const dates = z.object({ ratings_until: z.string().optional() })

/** What `npm start` prints when everything is up. */
export function describeBundle({ url, urls, site, model, nextMatch, journal, folder }: Bundle): string {
  const until = model ? dates.parse(model.manifest).ratings_until : undefined
  const ask = (body: string) => `curl -X POST ${url}/predict -H 'content-type: application/json' -d '${body}'`
  return [
    '',
    `Football predictions at ${url}`,
    '',
    `  model   ${model ? `${model.name} ${model.version} (${model.alias})` : 'none loaded'}${until ? `, ratings until ${until}` : ''}`,
    `  scrape  ${urls.scrape}   infer ${urls.infer}   reads ${site}`,
    `  data    ${folder}`,
    `  events  ${journal}`,
    '',
    `  try     ${ask('{"home":"Arsenal","away":"Chelsea"}')}`,
    ...(nextMatch ? [`  or      ${ask(`{"match_id":${nextMatch.match_id}}`)}`] : []),
    '',
    '  Ctrl-C ends it.',
    '',
  ].join('\n')
}
