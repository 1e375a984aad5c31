const timeoutMs = 3_000

/**
 * @param address may hold a user and a password, which fetch refuses in an address
 * @returns the body
 * @throws unless the answer is 2xx
 */
export async function ask(address: string): Promise<string> {
  const url = new URL(address)
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  const headers: Record<string, string> =
    credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
  url.username = ''
  url.password = ''
  const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`status ${answer.status} of ${url.origin}${url.pathname}`)
  return text
}
