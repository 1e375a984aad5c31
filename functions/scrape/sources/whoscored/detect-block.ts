/**
 * Says how a page refuses us, or null. Only the markup of a refusal counts: the site always stands behind Cloudflare,
 * so its name, its headers and even its scripts are found on good pages too.
 */
export function detectBlock(html: string, status: number, finalUrl: string): string | null {
  const url = new URL(finalUrl, 'http://unknown.invalid')
  if (/^\/plus(\/|$)/i.test(url.pathname) || url.searchParams.get('utm_campaign') === 'BAU_POPUP_WS')
    return 'the page is behind the paywall'
  if (isContent(html)) return null
  if (
    /Incapsula incident ID/i.test(html) ||
    /<(script|iframe)[^>]+src=["']\/_Incapsula_Resource\?/i.test(html)
  )
    return 'Incapsula refused the request'
  const cloudflare = detectCloudflare(html)
  if (cloudflare) return cloudflare
  if (isFeed(url) && /verify-client\.js/i.test(html))
    return 'the feed is closed to requests from outside a page'
  if (status === 401 || status === 403 || status === 429) return `the site answered ${status}`
  return null
}

/** A page that carries the site's own data is good whatever else stands on it. */
function isContent(html: string): boolean {
  return (
    /require\.config\.params\[\s*["'](matchheader|args)["']\s*\]\s*=\s*\{/.test(html) ||
    /\bvar\s+(wsCalendar|allRegions)\s*=\s*[[{]/.test(html) ||
    /^\s*(<html[^>]*>(<head>.*?<\/head>)?<body[^>]*><pre[^>]*>)?\s*\{\s*"/s.test(html.slice(0, 2_000))
  )
}

function detectCloudflare(html: string): string | null {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1]?.trim() ?? ''
  if (/^Attention Required!/i.test(title) || /id=["']cf-error-details["']/i.test(html))
    return 'Cloudflare refused the request'
  if (/Sorry, you have been blocked/i.test(html)) return 'Cloudflare refused the request'
  const challenge =
    /^(Just a moment|Checking your browser|Verify you are human|Please stand by)/i.test(title) ||
    /_cf_chl_opt|cf_chl_(prog|rc|seq)|id=["'](cf-challenge|challenge-form|challenge-error)/i.test(html) ||
    /<(script|iframe)[^>]+src=["'][^"']*(challenges\.cloudflare\.com|\/cdn-cgi\/challenge-platform\/)/i.test(
      html,
    )
  return challenge ? 'Cloudflare asks for a challenge' : null
}

/** The refusal of a feed leads to the page that says "not found", with the feed's path beside it. */
function isFeed(url: URL): boolean {
  const asked = url.searchParams.get('aspxerrorpath') ?? url.pathname
  return /^\/(tournaments\/\d+\/data|statisticsfeed|stagestatfeed)\b/i.test(asked)
}
