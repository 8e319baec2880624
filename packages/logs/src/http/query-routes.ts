import { eventStream, reply, type Router } from '@exprsn/core/http'
import { parseQuery, toCsv, type LogLine, type LogStore, type QueryResult } from '../store/index.ts'
import { logHttpErrors } from './errors.ts'
import type { SharedTails } from './tail/shared-tails.ts'

const tags = ['logs']

/** Lines tell everything: no cache keeps them. */
const headers = { 'cache-control': 'no-store' }

const text = (value: unknown, otherwise = ''): string =>
  Array.isArray(value) ? String(value[0]) : typeof value === 'string' ? value : otherwise
const whole = (value: unknown): number | undefined => (value === undefined ? undefined : Number(text(value)))

/** Adds the routes by which lines are looked at. */
export function queryRoutes(router: Router, store: LogStore, tails: SharedTails): void {
  router.route({
    method: 'GET',
    path: '/query',
    summary: 'Lines, or a table, that a query finds',
    description:
      '`q` is the query, `limit` the number of lines, `order` newest or oldest, `cursor` that of the page before.',
    tags,
    async handler({ query, signal }) {
      const order = text(query.order) === 'oldest' ? 'oldest' : 'newest'
      const cursor = query.cursor === undefined ? undefined : text(query.cursor)
      const result = await store.query(text(query.q), { limit: whole(query.limit), order, cursor, signal })
      return reply(answerOf(result), { headers })
    },
  })
  router.route({
    method: 'GET',
    path: '/tail',
    summary: 'Lines that match, as they come, as server-sent events',
    description:
      'The first event is `following`. Who is too slow misses lines, and is told how many by an event `gap` in their place.',
    tags,
    async handler({ query, signal }) {
      return eventStream(await tails.follow(text(query.q)), { signal })
    },
  })
  router.route({
    method: 'GET',
    path: '/facets',
    summary: 'How often values of fields stand in the lines that match',
    description: '`field` may be given several times.',
    tags,
    async handler({ query, signal }) {
      const fields = [query.field ?? []].flat().map(String)
      return reply(await store.facets(text(query.q), fields, { limit: whole(query.limit), signal }), { headers })
    },
  })
  router.route({
    method: 'GET',
    path: '/explain',
    summary: 'What of each segment a query has to read, and why not more',
    description: 'Parameters are those of `/query`.',
    tags,
    async handler({ query, signal }) {
      const order = text(query.order) === 'oldest' ? 'oldest' : 'newest'
      return reply(await store.explain(text(query.q), { limit: whole(query.limit), order, signal }), { headers })
    },
  })
  router.route({
    method: 'GET',
    path: '/trace/:id',
    summary: 'What services have logged for a trace, span by span',
    tags,
    async handler({ params, query, signal }) {
      const { id } = params as { readonly id: string }
      const { lines, spans } = await store.trace(id, { limit: whole(query.limit), signal })
      const shown = spans.map((span) => ({ ...span, lines: span.lines.map(plainLine) }))
      return reply({ lines: lines.map(plainLine), spans: shown }, { headers })
    },
  })
  router.route({
    method: 'GET',
    path: '/context',
    summary: 'The lines before and after a line',
    description: '`time` and `sequence` are those of the line, `before` and `after` how many (10).',
    tags,
    async handler({ query }) {
      const place = { time: Number(text(query.time)), sequence: Number(text(query.sequence)) }
      if (!Number.isSafeInteger(place.time) || !Number.isSafeInteger(place.sequence))
        throw logHttpErrors.LOGS_HTTP_PARAMETER_INVALID({ name: 'time or sequence' })
      const lines = await store.context(place, { before: whole(query.before), after: whole(query.after) })
      return reply({ lines: lines.map(plainLine) }, { headers })
    },
  })
  router.route({
    method: 'GET',
    path: '/export',
    summary: 'All lines that match, or a table, to be kept as a file',
    description:
      '`format` is `ndjson` (the lines as they came) or `csv` (the table of a query with `stats` or `fields`).',
    tags,
    async handler({ query, signal }) {
      const format = text(query.format, 'ndjson')
      const parsed = parseQuery(text(query.q, '*'), 0)
      if (format === 'csv') {
        const result = await store.query(text(query.q, '*'), { limit: 100_000, signal })
        if (result.kind !== 'rows')
          throw logHttpErrors.LOGS_HTTP_PARAMETER_INVALID({ name: 'q: a table is made by stats or fields' })
        return fileOf([...toCsv(result.columns, result.rows)].join(''), 'text/csv; charset=utf-8', 'logs.csv')
      }
      if (format !== 'ndjson') throw logHttpErrors.LOGS_HTTP_PARAMETER_INVALID({ name: 'format' })
      if (parsed.pipes.length > 0) throw logHttpErrors.LOGS_HTTP_PARAMETER_INVALID({ name: 'q: lines have no pipes' })
      return fileOf(
        ReadableStream.from(ndjson(store, text(query.q, '*'), signal)),
        'application/x-ndjson',
        'logs.ndjson',
      )
    },
  })
}

async function* ndjson(store: LogStore, query: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const newline = Uint8Array.of(0x0a)
  let parts: Uint8Array[] = []
  let size = 0
  for await (const { bytes } of store.export(query, { signal })) {
    parts.push(bytes, newline)
    size += bytes.length
    if (size < 64 * 1_024) continue
    yield Buffer.concat(parts)
    parts = []
    size = 0
  }
  if (parts.length > 0) yield Buffer.concat(parts)
}

function fileOf(body: ReadableStream | string, type: string, name: string): Response {
  const disposition = `attachment; filename="${name}"`
  return new Response(body, { headers: { ...headers, 'content-type': type, 'content-disposition': disposition } })
}

function answerOf(result: QueryResult): object {
  const { kind, costs } = result
  if (kind === 'rows') return { kind, columns: result.columns, rows: result.rows, costs }
  return { kind, lines: result.lines.map(plainLine), cursor: result.cursor ?? null, costs }
}

function plainLine({ time, sequence, text }: LogLine): object {
  return { time, sequence, text }
}
