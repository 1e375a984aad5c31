import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'

/** A network of its own for programs with fixed ports, reached from here at one address. */
export interface NetworkNamespace {
  readonly address: string
  /** The command that runs another one inside. */
  readonly enter: readonly string[]
  close(): void
}

/** @throws without root or iproute2: what needs it cannot be shown otherwise */
export function openNetworkNamespace(): NetworkNamespace {
  if (process.getuid?.() !== 0)
    throw new Error('These tests make a network namespace and need root: run them with sudo.')
  const bytes = randomBytes(3)
  const id = bytes.toString('hex')
  const [name, outside, inside] = [`soccer-${id}`, `so${id}`, `si${id}`]
  // A /30 somewhere in 10.231/16: this end has its first address, the other its second.
  const [third = 0, fourth = 0] = bytes
  const nth = (n: number) => `10.231.${third}.${(fourth & 0xfc) + n}`
  ip('netns', 'add', name)
  const close = () => ip('netns', 'delete', name)
  try {
    ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', name)
    ip('address', 'add', `${nth(1)}/30`, 'dev', outside)
    ip('link', 'set', outside, 'up')
    ip('-n', name, 'address', 'add', `${nth(2)}/30`, 'dev', inside)
    ip('-n', name, 'link', 'set', inside, 'up')
    ip('-n', name, 'link', 'set', 'lo', 'up')
  } catch (thrown) {
    close()
    throw thrown
  }
  return { address: nth(2), enter: ['ip', 'netns', 'exec', name], close }
}

function ip(...args: string[]): void {
  try {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  } catch (thrown) {
    const { code, stderr = '' } = thrown as NodeJS.ErrnoException & { stderr?: string }
    const why = code === 'ENOENT' ? 'iproute2 is not installed' : stderr.trim()
    throw new Error(`ip ${args.join(' ')}: ${why}`, { cause: thrown })
  }
}
