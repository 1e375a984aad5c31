import { expect } from 'chai'
import { hidePassword, hideSecrets, secretsOf } from '../../../scripts/services/secrets.ts'

describe('secrets of services', () => {
  const hidden: [string, string][] = [
    ['postgresql://me:geheim@db.example:5432/soccer', 'postgresql://me:***@db.example:5432/soccer'],
    ['redis://:geheim@127.0.0.1:6379', 'redis://:***@127.0.0.1:6379'],
    ['amqp://me@broker/', 'amqp://me@broker/'],
    ['postgresql://db/soccer?user=me&password=geheim', 'postgresql://db/soccer?user=me&password=***'],
    ['geheim', '(not an address)'],
  ]
  for (const [address, shown] of hidden) {
    it(`shows ${shown}`, () => expect(hidePassword(address)).to.equal(shown))
  }

  it('takes a password out of a text, as written in the address and as meant', () => {
    const secrets = secretsOf('redis://:a%2Fb%3F@host')
    expect(hideSecrets('said a%2Fb%3F and a/b?', secrets)).to.equal('said *** and ***')
    expect(hideSecrets('nothing', secretsOf('redis://host'))).to.equal('nothing')
  })

  it('takes out a password that stands in the query', () => {
    const secrets = secretsOf('postgresql://db/soccer?password=geheim')
    expect(hideSecrets('no geheim here', secrets)).to.equal('no *** here')
  })

  it('takes a password with a lone percent sign as it stands', () => {
    expect(hideSecrets('100%sure', secretsOf('redis://:100%sure@host'))).to.equal('***')
  })
})
