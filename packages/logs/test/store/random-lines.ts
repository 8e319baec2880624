import fc from 'fast-check'
import type { Filter, ValueTest } from '@exprsn/logs/store'

/** When the first line was written. */
export const firstTime = 1_795_000_000_000

const words = [
  'timeout',
  'Failed',
  'connect',
  'user',
  'error',
  'a1',
  'über',
  'İ',
  'x_y',
  '42',
  'éa',
  'say "hi"',
  'tab\there',
  '\\',
  'K',
]

const message = fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((parts) => parts.join(' '))
const separator = fc.constantFrom(' ', '-', '.', '/', ' = ')
const joined = fc
  .tuple(fc.array(fc.constantFrom(...words), { maxLength: 4 }), separator)
  .map(([parts, by]) => parts.join(by))

const scalar = fc.oneof(
  message,
  joined,
  fc.integer({ min: -50, max: 1_000 }),
  fc.constantFrom(0, -1, 1.5, 1e21, 123_456_789_012_345, true, false, null, '', '5', '-5', '007'),
  fc.constantFrom('00ff00ff00ff', 'deadbeefdead', 'ABCDEF012345', 'e'.repeat(64), 'e'.repeat(70)),
)

const plain = fc.record({
  level: fc.constantFrom(10, 20, 30, 40, 50, 60, 'error', 'Warning'),
  time: fc.integer({ min: firstTime, max: firstTime + 10_000_000 }),
  service: fc.constantFrom('api', 'web', 'billing'),
  latency: fc.integer({ min: 0, max: 5_000 }),
  msg: message,
})

const odd = fc.dictionary(
  fc.constantFrom('a', 'b.c', 'msg', 'level', 'severity', '__proto__', 'constructor', '', 'time', 'tags'),
  fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('c', 'd'), scalar, { maxKeys: 2 }),
  ),
  { maxKeys: 5 },
)

/** Lines as services write them, and as they should not: nested, empty, spaced, torn, text, with newlines. */
export const anyLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: plain.map((fields) => JSON.stringify(fields)) },
  { weight: 3, arbitrary: odd.map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: odd.map((fields) => JSON.stringify(fields, null, 2)) },
  { weight: 1, arbitrary: message },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '{',
      '{}',
      '{"a":}',
      '[1,2]',
      '{"a":1}x',
      'two\nlines',
      '{"a":"\\u00fcber \\ud83d\\ude00"}',
      '{"a":"\\u0000"}',
    ),
  },
)

const text = fc.oneof(
  fc.constantFrom('00ff00ff00ff', 'deadbeefdead', 'ABCDEF012345', 'e'.repeat(63), 'e'.repeat(64)),
  fc.constantFrom(...words, 'api', 'connect user', 'failed connect', 'nothing', '5', '-5', '007', '.', 'time', '1'),
  joined.filter((value) => value !== ''),
)

const test: fc.Arbitrary<ValueTest> = fc.oneof(
  { weight: 4, arbitrary: text.map((value) => ({ type: 'phrase', text: value }) as const) },
  text.map((value) => ({ type: 'prefix', text: value }) as const),
  text.map((value) => ({ type: 'equals', text: value }) as const),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((texts) => ({ type: 'in', texts }) as const),
  fc
    .constantFrom(
      'time.ut',
      'F[a-z]+d',
      '^a',
      'user error|connect',
      'x_y?',
      '\\d\\d',
      'err(or)+ ',
      'hi"$',
      'connect \\w',
      ' user ',
    )
    .map((pattern) => ({ type: 'pattern', pattern }) as const),
  fc.constant({ type: 'exists' } as const),
  fc
    .tuple(fc.integer({ min: -60, max: 2_000 }), fc.boolean())
    .map(([value, isIncluded]) => ({ type: 'range', from: { value, isIncluded } }) as const),
  fc.tuple(fc.integer({ min: -60, max: 2_000 }), fc.integer({ min: 0, max: 5_000 })).map(
    ([from, to]) =>
      ({
        type: 'range',
        from: { value: from, isIncluded: true },
        to: { value: to, isIncluded: false },
      }) as const,
  ),
  fc.constant({ type: 'range', from: { value: 'b', isIncluded: true } } as const),
)

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 3, arbitrary: test.map((each) => ({ type: 'match', test: each }) as const) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom('msg', 'service', 'latency', 'level', 'a', 'b.c', 'a.c', 'tags', '__proto__', 'none', ''),
        test,
      )
      .map(([field, each]) => ({ type: 'match', field, test: each }) as const),
  },
  fc.constantFrom(['error'], ['warn', 'error', 'fatal'], ['info']).map(
    (names) =>
      ({
        type: 'match',
        field: 'level',
        test: { type: 'level', names: names as ['error'] },
      }) as const,
  ),
  fc.tuple(fc.nat({ max: 10_000_000 }), fc.nat({ max: 10_000_000 })).map(
    ([from, span]) =>
      ({
        type: 'time',
        from: firstTime + from,
        to: firstTime + from + span,
      }) as const,
  ),
  fc.constant({ type: 'all' } as const),
)

/** Filters of any shape. */
export const anyFilter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie('filter').map((filter) => ({ type: 'not', filter }) as const),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 1, maxLength: 3 }))
      .map(([type, filters]) => ({ type, filters })),
  ),
})).filter
