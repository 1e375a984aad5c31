import { randomBytes } from 'node:crypto'

/** Fits into any URL, configuration file and connection string as it is. */
export function makeSecret(): string {
  return randomBytes(18).toString('hex')
}

const isSecretName = (name: string) => /pass|secret|token/i.test(name)

/** The address without its password; user names stay. */
export function hidePassword(address: string): string {
  const url = URL.parse(address)
  if (url === null) return '(not an address)'
  if (url.password !== '') url.password = '***'
  for (const name of [...url.searchParams.keys()].filter(isSecretName)) url.searchParams.set(name, '***')
  return url.href
}

export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text)
}

/** What must not be shown of an address: each password, as written and as meant. */
export function secretsOf(address: string): string[] {
  const url = URL.parse(address)
  if (url === null) return [address]
  const inQuery = [...url.searchParams].flatMap(([name, value]) => (isSecretName(name) ? [value] : []))
  return [url.password, decode(url.password), ...inQuery].filter((secret) => secret !== '')
}

/** A lone percent sign stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
