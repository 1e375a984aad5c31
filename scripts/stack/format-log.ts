import { prettyFactory } from 'pino-pretty'

const pretty = prettyFactory({
  singleLine: true,
  ignore: 'pid,hostname,name',
  translateTime: 'SYS:HH:MM:ss.l',
  customPrettifiers: {},
  levelKey: 'severity',
  colorize: process.stdout.isTTY,
})

/** One log of many processes: who says it, then what. Lines that are no JSON are shown as they are. */
export function formatLine(name: string, line: string): string {
  return `${name.padEnd(18)} ${line.startsWith('{') ? pretty(line).trimEnd() : line}`
}
