import { requireProgram } from './apt.ts'

/** The browser tests drive a real Chromium. */
export function findChromium(): void {
  requireProgram('/usr/bin/chromium', ['chromium', 'chromium-driver'])
  requireProgram('/usr/bin/chromedriver', ['chromium-driver'])
}
