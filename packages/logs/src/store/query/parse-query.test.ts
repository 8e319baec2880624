import { ExprsnError } from '@exprsn/core'
import { fuzz } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { parseQuery } from './parse-query.ts'
import { compilePattern, requiredLiteral } from './pattern.ts'

const now = Date.UTC(2026, 10, 21, 12)
const filterOf = (text: string) => parseQuery(text, now).filter
const phrase = (text: string, field?: string) => ({
  type: 'match',
  ...(field === undefined ? {} : { field }),
  test: { type: 'phrase', text },
})

describe('a query', () => {
  it.for<[string, object]>([
    ['', { type: 'all' }],
    ['*', { type: 'all' }],
    ['timeout', phrase('timeout')],
    ['"timed out"', phrase('timed out')],
    ['"a \\"b\\" \\\\ \\d"', phrase('a "b" \\ \\d')],
    ['conn*', { type: 'match', test: { type: 'prefix', text: 'conn' } }],
    ['service:api', phrase('api', 'service')],
    ['"odd field":x', phrase('x', 'odd field')],
    ['service:=api', { type: 'match', field: 'service', test: { type: 'equals', text: 'api' } }],
    ['service:in(api, "a b")', { type: 'match', field: 'service', test: { type: 'in', texts: ['api', 'a b'] } }],
    ['user:*', { type: 'match', field: 'user', test: { type: 'exists' } }],
    ['msg:~"a.*b"', { type: 'match', field: 'msg', test: { type: 'pattern', pattern: 'a.*b' } }],
    ['~"a"', { type: 'match', test: { type: 'pattern', pattern: 'a' } }],
    ['n:>5', { type: 'match', field: 'n', test: { type: 'range', from: { value: 5, isIncluded: false } } }],
    ['n:<=-1.5', { type: 'match', field: 'n', test: { type: 'range', to: { value: -1.5, isIncluded: true } } }],
    [
      'n:[1,2)',
      {
        type: 'match',
        field: 'n',
        test: { type: 'range', from: { value: 1, isIncluded: true }, to: { value: 2, isIncluded: false } },
      },
    ],
    ['v:>="1.10"', { type: 'match', field: 'v', test: { type: 'range', from: { value: '1.10', isIncluded: true } } }],
    ['level:error', { type: 'match', field: 'level', test: { type: 'level', names: ['error'] } }],
    ['level:>=warn', { type: 'match', field: 'level', test: { type: 'level', names: ['warn', 'error', 'fatal'] } }],
    ['level:<info', { type: 'match', field: 'level', test: { type: 'level', names: ['trace', 'debug'] } }],
    ['level:in(warn,error)', { type: 'match', field: 'level', test: { type: 'level', names: ['warn', 'error'] } }],
    ['level:50', phrase('50', 'level')],
    ['_time:5m', { type: 'time', from: now - 300_000, to: now + 1 }],
    ['_time:2026-11-20', { type: 'time', from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 10, 21) }],
    [
      '_time:2026-11-20T10:30',
      { type: 'time', from: Date.UTC(2026, 10, 20, 10, 30), to: Date.UTC(2026, 10, 20, 10, 31) },
    ],
    [
      '_time:[2026-11-20T10:30:05.5Z, 2026-11-20T11]',
      { type: 'time', from: Date.UTC(2026, 10, 20, 10, 30, 5, 500), to: Date.UTC(2026, 10, 20, 12) },
    ],
    ['_time:>2026-11-20', { type: 'time', from: Date.UTC(2026, 10, 21), to: Infinity }],
    ['_time:<1h', { type: 'time', from: -Infinity, to: now - 3_600_000 }],
  ])('reads %s', ([text, expected]) => {
    expect(filterOf(text)).toEqual(expected)
  })

  it('binds NOT before AND before OR', () => {
    expect(filterOf('a -b c:d OR NOT (e AND !f)')).toEqual({
      type: 'or',
      filters: [
        { type: 'and', filters: [phrase('a'), { type: 'not', filter: phrase('b') }, phrase('d', 'c')] },
        { type: 'not', filter: { type: 'and', filters: [phrase('e'), { type: 'not', filter: phrase('f') }] } },
      ],
    })
  })

  it('reads pipes', () => {
    const { pipes } = parseQuery(
      '* | stats count(), quantile(0.9, took) as slow, distinct(user.id) by service, bucket(5m) as at | sort by slow desc, service | limit 3 | fields slow',
      now,
    )
    expect(pipes).toEqual([
      {
        type: 'stats',
        functions: [
          { name: 'count', as: 'count' },
          { name: 'quantile', fraction: 0.9, field: 'took', as: 'slow' },
          { name: 'distinct', field: 'user.id', as: 'distinct(user.id)' },
        ],
        by: [
          { field: 'service', as: 'service' },
          { bucket: 300_000, as: 'at' },
        ],
      },
      {
        type: 'sort',
        keys: [
          { name: 'slow', isDescending: true },
          { name: 'service', isDescending: false },
        ],
      },
      { type: 'limit', count: 3 },
      { type: 'fields', names: ['slow'] },
    ])
    expect(parseQuery('* | stats avg(a) | sort avg(a) desc', now).pipes[1]).toMatchObject({
      keys: [{ name: 'avg(a)' }],
    })
  })

  it('reads top as what it is short for', () => {
    expect(parseQuery('a | top 5 by service, "http.status" | fields service', now)).toEqual(
      parseQuery(
        'a | stats count() by service, "http.status" | sort count desc, service, "http.status" | limit 5 | fields service',
        now,
      ),
    )
  })

  it.for([
    ['"open', 0],
    ['a )', 2],
    ['(a', 2],
    ['a:', 2],
    ['a:>', 3],
    ['a:[1', 4],
    ['_time:soon', 6],
    ['a | nonsense', 4],
    ['a | stats', 9],
    ['a | stats median(x)', 10],
    ['a | stats quantile(2, x)', 19],
    ['a | stats count(), count()', 26],
    ['a | limit many', 10],
    ['a | top', 7],
    ['a | top 5', 9],
    ['a | limit 1 | top 5 by b', 14],
    ['a | limit 1 | stats count()', 14],
    ['a | stats count() by bucket(0m)', 21],
  ] as const)('says where %s goes wrong', ([text, offset]) => {
    expect(() => parseQuery(text, now)).toThrow(
      expect.objectContaining({ code: 'LOGS_QUERY_INVALID', details: expect.objectContaining({ offset }) }),
    )
  })

  it('of any text is read or refused', async () => {
    const corpus = [
      'level:error service:api "timeout" latency:>500 _time:5m | stats count() by service, bucket(5m) | sort count desc | limit 5',
      '((((a))))',
      '-(-(!a))',
    ]
    const report = await fuzz({
      corpus,
      target: (bytes) => parseQuery(Buffer.from(bytes).toString(), now),
      runs: 3_000,
    })
    expect(report.findings).toEqual([])
    expect(() => parseQuery('('.repeat(60_000), now)).toThrow(ExprsnError)
    expect(() => parseQuery('-'.repeat(60_000), now)).toThrow(ExprsnError)
  })
})

describe('a pattern', () => {
  it.for([
    ['timeout', 'timeout'],
    ['time.ut after', 'ut after'],
    ['ab*cde', 'cde'],
    ['a{2}bc', 'bc'],
    ['(abc)def', 'def'],
    ['abc|def', ''],
    ['[abc]xyz[^]x]', 'xyz'],
    ['a\\.b\\dcc', 'a.b'],
    ['(?i)abc', ''],
    ['ab😀*c', 'ab'],
    ['\\Qa.b', ''],
    ['x[unclosed', 'x'],
  ])('%s needs "%s"', ([pattern, literal]) => {
    expect(requiredLiteral(pattern!)).toBe(literal)
  })

  it('that needs more than linear time is refused, one that is nested is quick', async () => {
    for (const pattern of ['(?=a)b', '(a)\\1', 'a**', '(', 'x'.repeat(5_000)])
      await expect(compilePattern(pattern)).rejects.toMatchObject({ code: 'LOGS_QUERY_PATTERN' })
    const test = await compilePattern('^(a+)+$')
    expect(test(`${'a'.repeat(2_000)}!`)).toBe(false)
    expect(test('aaa')).toBe(true)
  })
})
