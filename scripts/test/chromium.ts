import { existing, requireProgram } from '../services/require-program.ts'

/** The browser tests drive a real Chromium. */
export function findChromium(): void {
  requireProgram(() => existing('/usr/bin/chromium'), ['chromium'])
  requireProgram(() => existing('/usr/bin/chromedriver'), ['chromium-driver'])
}
