import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { listenOnSocket, type WireServer } from '../../../functions/runtime/database/wire-server.ts'
import { useTemporaryFolder } from '../../support/temporary-folder.ts'

const sslRequest = Buffer.from('0000000804d2162f', 'hex')
const startup = Buffer.from('000000120003000075736572007067000000', 'hex')
const ready = Buffer.from('5a0000000549', 'hex')

describe('wire server', () => {
  const path = useTemporaryFolder()
  let server: WireServer | undefined
  afterEach(() => server?.close())

  async function open() {
    const socket = connect(path('socket'))
    await once(socket, 'connect')
    return socket
  }

  it('says that it does not encrypt, and goes on without', async () => {
    server = await listenOnSocket(path('socket'), () => Promise.resolve(ready))
    const socket = await open()
    socket.write(Buffer.concat([sslRequest, startup]))
    const heard = text(socket)
    setTimeout(() => socket.end(), 50)
    expect(await heard).to.equal('NZ\0\0\0\x05I')
  })

  it('hangs up on everybody, and turns away whoever comes, once the server behind it has failed', async () => {
    server = await listenOnSocket(path('socket'), () => Promise.reject(new Error('unreachable executed')))
    const [idle, asking] = [await open(), await open()]
    const ended = Promise.all([text(idle), text(asking)])
    asking.write(startup)
    expect(await ended).to.deep.equal(['', ''])
    expect(await text(await open())).to.match(/FATAL.*57P03.*has failed/s)
  })
})
