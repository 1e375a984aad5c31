import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireProgram } from '../../scripts/services/require-program.ts'

const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

/** A wall clock that can be moved under running processes; their timers go on by the monotonic one, as on a machine. */
export interface FakeClock {
  /** What the processes must be started with. */
  readonly variables: Readonly<Record<string, string>>
  /** `+3h`, `-1h`, `+0`; seen within about two seconds. */
  set(offset: string): void
}

export function makeFakeClock(folder: string): FakeClock {
  requireProgram(() => (existsSync(library) ? library : undefined), ['faketime'])
  const file = join(folder, 'clock')
  const set = (offset: string) => writeFileSync(file, `${offset}\n`)
  set('+0')
  return {
    set,
    variables: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  }
}
