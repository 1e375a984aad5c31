import { type AnyNode, type Expression, parseExpressionAt } from 'acorn'
import { asError } from '../../../runtime/errors/errors.ts'
import { notUnderstood } from './understand.ts'

/** A JavaScript expression inside a page, parsed but never run. */
export interface PageLiteral {
  readonly source: string
  readonly node: AnyNode
  /** What errors call it. */
  readonly place: string
}

/**
 * Finds the expression that follows a marker, such as `var wsCalendar =`. A page may quote the marker in a text, so a
 * place where no expression of the wanted kind stands is passed over; a marker with none at all is an error.
 */
export function findLiteral(
  source: string,
  marker: RegExp,
  kind: 'ObjectExpression' | 'ArrayExpression',
  place: string,
): PageLiteral | null {
  let failure: Error | undefined
  for (const match of source.matchAll(new RegExp(marker.source, 'g'))) {
    try {
      const node: Expression = parseExpressionAt(source, match.index + match[0].length, {
        ecmaVersion: 'latest',
      })
      if (node.type === kind) return { source, node, place }
    } catch (thrown) {
      failure = asError(thrown)
    }
  }
  if (failure) throw notUnderstood(place, failure.message)
  return null
}

/** The value of one key, still unread; its neighbours may be anything, such as `new Date(…)`. */
export function propertyOf(literal: PageLiteral, key: string): PageLiteral | null {
  if (literal.node.type !== 'ObjectExpression') return null
  for (const property of literal.node.properties) {
    if (property.type === 'Property' && !property.computed && keyName(property.key) === key)
      return { source: literal.source, node: property.value, place: `${literal.place}.${key}` }
  }
  return null
}

/** The plain value of a literal: objects, arrays, strings, numbers, booleans, null. Anything else is refused. */
export function valueOf({ node, place, source }: PageLiteral): unknown {
  switch (node.type) {
    case 'Literal':
      if (node.regex || typeof node.value === 'bigint') break
      return node.value
    case 'UnaryExpression': {
      const value = valueOf({ node: node.argument, place, source })
      if (node.operator === '-' && typeof value === 'number') return -value
      break
    }
    case 'ArrayExpression':
      // An empty place (`[1,,2]`) is the site's way to write "nothing here".
      return node.elements.map((element, index) =>
        element === null ? null : valueOf({ node: element, place: `${place}[${index}]`, source }),
      )
    case 'ObjectExpression':
      // fromEntries defines own properties, so a key called __proto__ stays harmless.
      return Object.fromEntries(
        node.properties.map((property) => {
          if (property.type !== 'Property' || property.computed || property.kind !== 'init')
            throw notUnderstood(place, 'holds more than plain keys and values')
          const key = keyName(property.key)
          return [key, valueOf({ node: property.value, place: `${place}.${key}`, source })]
        }),
      )
    default:
  }
  throw notUnderstood(place, `a ${node.type} stands where a plain value was expected`)
}

/** A value that the site writes as strict JSON; much cheaper than walking a tree of a million characters. */
export function jsonOf({ node, place, source }: PageLiteral): unknown {
  try {
    return JSON.parse(source.slice(node.start, node.end))
  } catch (thrown) {
    throw notUnderstood(place, asError(thrown).message)
  }
}

function keyName(key: AnyNode): string {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}
