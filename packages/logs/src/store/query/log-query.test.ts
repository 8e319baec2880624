import { describe, expect, it } from 'vitest'
import { allOf, anyOf, field, levelIs, logQuery, noneOf, statistic, type LogQuery } from './log-query.ts'
import { parseQuery } from './parse-query.ts'

const now = 1_795_000_000_000

/** Undefined fields and methods left out. */
function plain({ filter, pipes }: Pick<LogQuery, 'filter' | 'pipes'>): unknown {
  return JSON.parse(JSON.stringify({ filter, pipes }))
}

describe('a query as code', () => {
  it.for<[string, LogQuery]>([
    ['*', logQuery()],
    ['service:="a b" took:>500', logQuery().where(field('service').equals('a b')).where(field('took').above(500))],
    ['"timed out" conn*', logQuery().where(field().contains('timed out'), field().startsToken('conn'))],
    ['level:error OR n:in(1, b)', logQuery().where(anyOf(levelIs('error'), field('n').isOneOf([1, 'b'])))],
    ['!(a:* OR b:~"x.*y")', logQuery().where(noneOf(field('a').exists(), field('b').matches('x.*y')))],
    [
      'a:>=1 b:<2 c:<="z" d:=7',
      logQuery().where(allOf(field('a').atLeast(1), field('b').below(2)), field('c').atMost('z'), field('d').equals(7)),
    ],
    ['_time:[1795000000000, 1795000060000)', logQuery().between(new Date(now), now + 60_000)],
    [
      '* | stats count() as lines, quantile(0.99, took) as slow by service, bucket(5m) | sort lines desc | limit 3',
      logQuery()
        .stats(
          { lines: statistic.count(), slow: statistic.quantile(0.99, 'took') },
          { by: ['service', { bucket: '5m' }] },
        )
        .sort('lines', 'desc')
        .limit(3),
    ],
    [
      '* | stats rate() as r, distinct(a) as d, sum(a) as s, avg(a) as v, min(a) as l, max(a) as m, count(a) as c',
      logQuery().stats({
        r: statistic.rate(),
        d: statistic.distinct('a'),
        s: statistic.sum('a'),
        v: statistic.avg('a'),
        l: statistic.min('a'),
        m: statistic.max('a'),
        c: statistic.count('a'),
      }),
    ],
    ['* | fields a, b', logQuery().fields('a', 'b')],
    ['* | patterns | sort count', logQuery().patterns().sort('count')],
  ])('is %s', ([text, query]) => {
    expect(plain(query)).toEqual(plain(parseQuery(text, now)))
  })

  it('is not changed by steps after it', () => {
    const first = logQuery().where(field('a').exists())
    first.where(field('b').exists()).limit(1)
    expect(plain(first)).toEqual(plain(parseQuery('a:*', now)))
  })
})
