import { expect } from 'chai'
import { assertVersion } from '../../../scripts/services/assert-version.ts'
import type { ServiceName } from '../../../scripts/services/service.ts'
import { ServiceError } from '../../../scripts/services/service-error.ts'

describe('the version of a server', () => {
  const enough: [ServiceName, string][] = [
    ['postgres', '14.0'],
    ['postgres', '15.19 (Debian 15.19-0+deb12u1)'],
    ['postgres', '18beta1'],
    ['redis', '6.2.0'],
    ['redis', '7.0.15'],
    ['rabbitmq', '3.9.0'],
    ['rabbitmq', '3.10.8'],
    ['rabbitmq', '4.0'],
    ['nginx', ''],
  ]
  for (const [name, version] of enough) {
    it(`${name} ${version} is new enough`, () => assertVersion(name, version))
  }

  const tooOld: [ServiceName, string, string][] = [
    ['postgres', '13.14', 'postgres 14.0 or newer is needed; this server is 13.14.'],
    ['postgres', '9.6.24', 'postgres 14.0 or newer is needed; this server is 9.6.'],
    ['redis', '6.0.16', 'redis 6.2 or newer is needed; this server is 6.0.'],
    ['redis', '5', 'redis 6.2 or newer is needed; this server is 5.0.'],
    ['rabbitmq', '3.8.34', 'rabbitmq 3.9 or newer is needed; this server is 3.8.'],
    ['rabbitmq', '', 'rabbitmq 3.9 or newer is needed; this server does not say its version.'],
  ]
  for (const [name, version, message] of tooOld) {
    it(`${name} ${version || 'without a version'} is refused`, () => {
      expect(() => assertVersion(name, version)).to.throw(ServiceError, message)
    })
  }
})
