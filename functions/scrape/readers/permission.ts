import { BlockList, isIP } from 'node:net'
import { RefusedError } from '../../runtime/errors/errors.ts'

const thisMachine = new BlockList()
thisMachine.addSubnet('127.0.0.0', 8, 'ipv4')
thisMachine.addAddress('::1', 'ipv6')

/** Whether an address leads to this machine and nowhere else. */
export function isLoopback(url: string): boolean {
  // The brackets of an IPv6 address belong to the URL, not to the address.
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')
  const version = isIP(host)
  return version === 0 ? host === 'localhost' : thisMachine.check(host, version === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The gate before every page of a host that is not this machine. A site's terms may forbid reading it by program; only
 * the operator can know that he may, and says so by naming the very host.
 */
export function requirePermission(url: string, permission: string | undefined): void {
  if (isLoopback(url)) return
  const { hostname } = new URL(url)
  if (permission?.trim().toLowerCase() === hostname) return
  throw new RefusedError(
    'source_forbidden',
    403,
    `Reading ${hostname} is switched off. An operator who has the permission of the site sets SCRAPE_PERMISSION=${hostname}.`,
  )
}
