import { expect } from 'chai'
import { createTally } from '../../../scripts/replay/tally.ts'

describe('the table at the end of a replay', () => {
  it('counts by type, and what was sent is what was taken, refused or answered differently', () => {
    const tally = createTally()
    for (const fate of ['ok', 'ok', 'failed', 'different', 'passed over'] as const) tally.add('b', fate)
    tally.add('a', 'passed over')
    expect(tally.table().map((line) => line.split(/ {2,}/))).to.deep.equal([
      ['type', 'sent', 'ok', 'failed', 'different passed over'],
      ['a', '0', '0', '0', '0', '1'],
      ['b', '4', '2', '1', '1', '1'],
      ['total', '4', '2', '1', '1', '2'],
    ])
    expect(tally.line(2_000)).to.equal('4 sent (1 failed, 1 different), 2 passed over, 2.0 a second')
  })
})
