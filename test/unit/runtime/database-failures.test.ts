import { createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { assertVersion, openDatabase } from '../../../functions/runtime/database/database.ts'
import { nameConnectFailure, nameFailure } from '../../../functions/runtime/database/failures.ts'
import { ConfigError, NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { findFreePorts } from '../../../scripts/start/ports.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { rejectionOf } from '../../support/rejection.ts'

const withCode = (code: string, more: object = {}) =>
  Object.assign(new Error('said the server'), { code, ...more })

describe('database failures', () => {
  it('are passing when the server or the way to it is away', () => {
    const passing = [
      ...[
        '08006',
        '53300',
        '53100',
        '57014',
        '57P01',
        '57P03',
        '58030',
        '25006',
        '25P03',
        '40001',
        '40P01',
        '55P03',
      ].map((code) => withCode(code)),
      withCode('ECONNREFUSED', { syscall: 'connect' }),
      withCode('EPIPE', { syscall: 'write' }),
      new Error('Connection terminated unexpectedly'),
      new Error('Query read timeout'),
      new Error('timeout exceeded when trying to connect'),
      new Error('Client has encountered a connection error and is not queryable'),
    ]
    for (const cause of passing) {
      const named = nameFailure('read-x', cause)
      expect(named, cause.message)
        .to.be.instanceOf(NotNowError)
        .and.include({ code: 'database_unavailable', cause })
    }
  })

  it('are defects of ours otherwise', () => {
    for (const code of ['22P02', '23505', '42P01', '42601', '25P02']) {
      const cause = withCode(code, { detail: 'Key (secret)=(hidden) exists' })
      const named = nameFailure('read-x', cause)
      expect(named).not.to.be.instanceOf(NotNowError)
      expect(named.message).to.equal(`The statement read-x failed (${code}).`)
      expect(named.cause).to.equal(cause)
    }
    expect(nameFailure('read-x', new TypeError('no')).message).to.equal(
      'The statement read-x failed (TypeError).',
    )
  })

  it('of connecting pass, but for a wrong name or password', () => {
    expect(nameConnectFailure(new Error('anything'))).to.be.instanceOf(NotNowError)
    expect(nameConnectFailure(withCode('53300'))).to.be.instanceOf(NotNowError)
    for (const code of ['28P01', '3D000']) {
      expect(nameConnectFailure(withCode(code))).to.be.instanceOf(ConfigError)
    }
    expect(nameConnectFailure(withCode('28P01')).message).to.contain(
      'DATABASE_URL: PostgreSQL refuses the user name or the password (28P01)',
    )
  })

  it('of a server that is too old name its version', () => {
    expect(() => assertVersion([{ version: 140_000 }])).not.to.throw()
    expect(() => assertVersion([{ version: 130_014 }])).to.throw(
      ConfigError,
      'PostgreSQL 13 is too old: 14 or later is needed',
    )
  })
})

describe('database that does not answer', () => {
  let server: Server | undefined
  const sockets = new Set<Socket>()
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    server?.close()
  })

  it('is unavailable where nobody listens', async () => {
    const [port = 0] = await findFreePorts(34_000, 1)
    const error = await rejectionOf(
      openDatabase({ url: `postgresql://postgres:hidden@127.0.0.1:${port}/x`, log: recordLog() }),
    )
    expect(error).to.be.instanceOf(NotNowError).and.include({ code: 'database_unavailable' })
    expect(String(error)).not.to.match(/hidden/)
  })

  it('is unavailable, in time, where somebody listens and says nothing', async () => {
    const silent = createServer((socket) => sockets.add(socket))
    server = silent
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port))
    })
    const began = Date.now()
    const url = `postgresql://postgres@127.0.0.1:${port}/x`
    const error = await rejectionOf(openDatabase({ url, log: recordLog(), connectTimeoutMs: 100 }))
    expect(error).to.be.instanceOf(NotNowError)
    expect(Date.now() - began).to.be.lessThan(2_000)
  })
})
