import { expect } from 'chai'
import {
  findLiteral,
  jsonOf,
  propertyOf,
  valueOf,
} from '../../../functions/scrape/sources/whoscored/literal.ts'

function readObject(script: string): unknown {
  const literal = findLiteral(script, /x = /, 'ObjectExpression', 'x')
  return literal && valueOf(literal)
}

describe('literals of a page', () => {
  it('reads single quotes, escapes, unquoted and numeric keys, negative numbers', () => {
    const value = readObject(String.raw`x = { a: 'it\'s', "b": [-1, 2.5, true, null], 7: "\u00fc" };`)
    expect(value).to.deep.equal({ a: "it's", b: [-1, 2.5, true, null], 7: 'ü' })
  })

  it('reads an empty place of a list as null', () => {
    expect(readObject("x = { input: [1,,,'a',,2] }")).to.deep.equal({ input: [1, null, null, 'a', null, 2] })
  })

  it('is not misled by brackets and semicolons inside strings', () => {
    expect(readObject(`x = { a: "}; x = {", b: ']' }; y = 1`)).to.deep.equal({ a: '}; x = {', b: ']' })
  })

  it('passes over a quotation of the marker', () => {
    expect(readObject('<p>they write x = soon</p> x = { a: 1 }')).to.deep.equal({ a: 1 })
  })

  it('reads one key beside others that are not plain', () => {
    const literal = findLiteral(
      'x = { when: (new Date(2020, 8)).toString(), mask: {1: 2} }',
      /x = /,
      'ObjectExpression',
      'x',
    )
    const mask = literal && propertyOf(literal, 'mask')
    expect(mask && valueOf(mask)).to.deep.equal({ 1: 2 })
    expect(literal && propertyOf(literal, 'absent')).to.equal(null)
  })

  it('never runs what it reads, and says where it stands', () => {
    expect(() => readObject('x = { a: { b: [1, process.exit()] } }')).to.throw(
      /x\.a\.b\[1\]: a CallExpression/,
    )
    expect(() => readObject('x = { a: /b/ }')).to.throw(/x\.a/)
    expect(() => readObject('x = { get a() { return 1 } }')).to.throw(/x/)
  })

  it('keeps __proto__ a plain key', () => {
    const value = readObject('x = { "__proto__": { a: 1 } }')
    expect(Object.keys(value as object)).to.deep.equal(['__proto__'])
    expect((value as { a?: number }).a).to.equal(undefined)
  })

  it('tells a missing literal from a broken one', () => {
    expect(readObject('nothing here')).to.equal(null)
    expect(() => readObject('x = { a: ')).to.throw(/^x: /)
  })

  it('reads strict JSON from its span alone', () => {
    const literal = findLiteral('x = { a: {"b":"}{"}, c: 1 }', /x = /, 'ObjectExpression', 'x')
    const json = literal && propertyOf(literal, 'a')
    expect(json && jsonOf(json)).to.deep.equal({ b: '}{' })
    const loose = literal && propertyOf({ ...literal, place: 'x' }, 'c')
    expect(loose && jsonOf(loose)).to.equal(1)
  })
})
