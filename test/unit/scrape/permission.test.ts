import { expect } from 'chai'
import { RefusedError } from '../../../functions/runtime/errors/errors.ts'
import { isLoopback, requirePermission } from '../../../functions/scrape/readers/permission.ts'

describe('permission to read a host', () => {
  it('lets this machine through', () => {
    for (const host of [
      '127.0.0.1:80',
      'localhost:8090',
      '127.9.9.9',
      '[::1]:80',
      'LOCALHOST',
      '[::ffff:127.0.0.1]',
    ]) {
      expect(isLoopback(`http://${host}/`), host).to.equal(true)
      expect(() => requirePermission(`http://${host}/`, undefined), host).not.to.throw()
    }
  })

  it('is not taken in by look-alikes', () => {
    for (const host of [
      'localhost.site.test',
      '127.0.0.1.site.test',
      '128.0.0.1',
      '10.0.0.1',
      '0.0.0.0',
      'site.test',
    ])
      expect(isLoopback(`http://${host}/`), host).to.equal(false)
  })

  it('refuses any other host, and names the variable that opens it', () => {
    expect(() => requirePermission('https://www.site.test/matches/1', undefined))
      .to.throw(RefusedError, 'SCRAPE_PERMISSION=www.site.test')
      .that.includes({ code: 'source_forbidden', status: 403 })
  })

  it('opens the very host that is named, and no neighbour', () => {
    expect(() => requirePermission('https://www.site.test/', ' WWW.site.test ')).not.to.throw()
    for (const permission of ['site.test', '*', 'true', '', 'www.site.test.other'])
      expect(() => requirePermission('https://www.site.test/', permission), permission).to.throw(RefusedError)
  })
})
