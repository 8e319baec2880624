import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePath, splitPath, type PathSegment } from './path-pattern.ts'
import { createRouteTable } from './route-table.ts'

const rank = { static: 0, parameter: 1, rest: 2 } as const

/** The plain meaning: the first pattern in order of precedence whose regular expression matches and that has the method. */
function naive(routes: readonly { method: string; path: string }[], method: string, path: string) {
  const segments = splitPath(path)
  const sorted = routes
    .map((route) => ({ ...route, segments: parsePath(route.path) }))
    .toSorted((left, right) => compare(left.segments, right.segments))
  const matching = sorted.filter((route) => expression(route.segments).test(segments.join('\0')))
  const found = matching.find((route) => route.method === method)
  if (found === undefined) return { methods: [...new Set(matching.map((route) => route.method))].toSorted() }
  const [, ...groups] = expression(found.segments).exec(segments.join('\0'))!
  return { value: `${found.method} ${found.path}`, parameters: groups.map((group) => group.replaceAll('\0', '/')) }
}

function compare(left: readonly PathSegment[], right: readonly PathSegment[]): number {
  for (const [index, segment] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    if (segment.kind === 'static' && other.kind === 'static' && segment.text !== other.text)
      return segment.text < other.text ? -1 : 1
    if (segment.kind !== other.kind) return rank[segment.kind] - rank[other.kind]
  }
  return left.length - right.length
}

function expression(segments: readonly PathSegment[]): RegExp {
  const parts = segments.map((segment) =>
    segment.kind === 'static' ? segment.text : segment.kind === 'parameter' ? '([^\\0]+)' : '([^\\0][^]*)',
  )
  return new RegExp(`^${parts.join('\\0')}$`)
}

const word = fc.constantFrom('a', 'b', 'c')
const segment = fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: fc.constant(':') })
const pattern = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(
    ([parts, rest]) =>
      `/${[...parts, ...(rest ? ['*'] : [])].map((part, index) => (part.length === 1 && /[:*]/.test(part) ? `${part}p${index}` : part)).join('/')}`,
  )
const method = fc.constantFrom('GET', 'POST')

describe('route table', () => {
  it('finds what sorted regular expressions find', () => {
    const route = fc.record({ method, path: pattern })
    const path = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', '%2F'), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(
        fc.array(route, { maxLength: 12 }),
        fc.array(path, { minLength: 1, maxLength: 10 }),
        method,
        (routes, paths, asked) => {
          const table = createRouteTable<string>()
          const kept = routes.filter((each) =>
            table.add(each.method, parsePath(each.path), `${each.method} ${each.path}`),
          )
          for (const parts of paths) {
            const text = `/${parts.join('/')}`
            expect(table.find(asked, text)).toEqual(naive(kept, asked, text))
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('visits each node at most once, whatever the path', () => {
    const table = createRouteTable<number>()
    for (let depth = 1; depth <= 12; depth++)
      for (let bits = 0; bits < 2 ** Math.min(depth, 9); bits++) {
        const parts = Array.from({ length: depth }, (_, index) => ((bits >> index) & 1 ? 'a' : `:p${index}`))
        table.add('GET', parsePath(`/${parts.join('/')}/end`), bits)
      }
    expect(table.find('GET', `/${'a/'.repeat(5_000)}`).methods).toEqual([])
    expect(table.find('GET', `/${'a/'.repeat(9)}end`).value).toBe(511)
  })

  it('takes names of the prototype for nothing special', () => {
    const table = createRouteTable<string>()
    table.add('GET', parsePath('/a'), 'a')
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(table.find('GET', `/${name}`).methods).toEqual([])
    expect(table.find('constructor', '/a').methods).toEqual(['GET'])
  })
})
