import { createRouter, eventStream, reply, type Router, type RouterOptions } from '@exprsn/core/http'
import type { LogLine, LogStore, QueryResult } from '../store/index.ts'
import { decodeBulk } from './decode-bulk.ts'
import { decodeLoki } from './decode-loki.ts'
import { decodeOtlp } from './decode-otlp.ts'
import { logHttpErrors } from './errors.ts'
import { isObject, parseJson, readBytes, splitLines } from './read-lines.ts'
import { readLokiProtobuf } from './read-loki-protobuf.ts'
import { readOtlpProtobuf } from './read-otlp-protobuf.ts'

/** Options of `createLogHandler` and {@link logRouter}. */
export interface LogRouterOptions extends Pick<RouterOptions, 'prefix' | 'auth' | 'rateLimit' | 'logger' | 'clock'> {
  /** Most bytes of a body, packed and unpacked. @default 16 MiB */
  readonly bodyLimit?: number | undefined
}

const none = 'no-store'

/** Clients of Elasticsearch take no answer without it. */
const elastic = { 'x-elastic-product': 'Elasticsearch' }

/**
 * A log store over HTTP, as a router that can be mounted into the host's own: `GET /query`, `/tail` (server-sent events) and
 * `/facets`; lines in by `POST /lines` (NDJSON), `/_bulk` (Elasticsearch), `/loki/api/v1/push` and `/v1/logs` (OTLP), the last
 * two in JSON or protobuf, any of them packed with gzip or zstd. An answer means that the lines are durable. Lines tell everything: say
 * with `auth` who may ask.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@exprsn/core/storage'
 * import { logRouter } from '@exprsn/logs/http'
 * import { createLogStore } from '@exprsn/logs/store'
 *
 * const store = createLogStore({ store: memoryStore() })
 * const { fetch } = logRouter(store, { prefix: '/logs' })
 * await fetch(new Request('http://localhost/logs/lines', { method: 'POST', body: '{"msg":"one"}\n{"msg":"two"}\n' }))
 * const response = await fetch(new Request('http://localhost/logs/query?q=two'))
 * const { lines } = (await response.json()) as { lines: { text: string }[] }
 * console.log(lines[0]?.text) // {"msg":"two"}
 * await store.close()
 * ```
 */
export function logRouter(store: LogStore, { bodyLimit = 16 * 2 ** 20, ...options }: LogRouterOptions = {}): Router {
  const router = createRouter(options)
  const tags = ['logs']
  const text = (value: unknown, otherwise = ''): string =>
    Array.isArray(value) ? String(value[0]) : typeof value === 'string' ? value : otherwise
  const whole = (value: unknown): number | undefined => (value === undefined ? undefined : Number(text(value)))

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
      return reply(answerOf(result), { headers: { 'cache-control': none } })
    },
  })
  router.route({
    method: 'GET',
    path: '/tail',
    summary: 'Lines that match, as they come, as server-sent events',
    tags,
    handler({ query, signal }) {
      return eventStream(eventsOf(store.tail(text(query.q), { signal })), { signal })
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
      return reply(await store.facets(text(query.q), fields, { limit: whole(query.limit), signal }), {
        headers: { 'cache-control': none },
      })
    },
  })
  router.route({
    method: 'POST',
    path: '/lines',
    summary: 'Takes lines, a line each',
    tags,
    async handler({ request }) {
      const lines = splitLines(await readBytes(request, bodyLimit))
      await store.append(lines)
      return reply({ taken: lines.length })
    },
  })
  const bulk = async (request: Request, index: string) => {
    const items = decodeBulk(await readBytes(request, bodyLimit), index)
    await store.append(items.map(({ document }) => document))
    const results = items.map(({ action, index: name, id }) => ({
      [action]: { _index: name, _id: id ?? null, status: 201, result: 'created' },
    }))
    return reply({ took: 0, errors: false, items: results }, { headers: elastic })
  }
  router.route({
    method: 'POST',
    path: '/_bulk',
    summary: 'Takes lines as Elasticsearch does',
    tags,
    handler: ({ request }) => bulk(request, ''),
  })
  router.route({
    method: 'POST',
    path: '/:index/_bulk',
    summary: 'Takes lines as Elasticsearch does',
    tags,
    handler: ({ request, params }) => bulk(request, String((params as { index?: unknown }).index)),
  })
  router.route({
    method: 'POST',
    path: '/:index/_doc',
    summary: 'Takes one line as Elasticsearch does',
    tags,
    async handler({ request, params }) {
      const document = await readBytes(request, bodyLimit)
      if (!isObject(parseJson(document)))
        throw logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: 1, reason: 'a document should stand here' })
      await store.append(document)
      const answer = { _index: (params as { index?: unknown }).index, _id: null, result: 'created' }
      return reply(answer, { status: 201, headers: elastic })
    },
  })
  router.route({
    method: 'GET',
    path: '/_cat/health',
    summary: 'What clients of Elasticsearch ask before they send',
    tags,
    handler: () => reply([{ status: 'green' }], { headers: elastic }),
  })
  for (const method of ['GET', 'POST'] as const)
    router.route({
      method,
      path: '/:index/_refresh',
      summary: 'What clients of Elasticsearch ask when they have sent; lines are found at once in any case',
      tags,
      handler: () => reply({ _shards: { total: 1, successful: 1, failed: 0 } }, { headers: elastic }),
    })
  router.route({
    method: 'POST',
    path: '/loki/api/v1/push',
    summary: 'Takes lines as Loki does, in JSON or protobuf',
    tags,
    async handler({ request }) {
      const encoding = encodingOf(request, 'pushes of Loki')
      // Some clients name the packing that a push in protobuf has in any case.
      const bytes = await readBytes(request, bodyLimit, encoding === 'protobuf' ? 'snappy' : undefined)
      await store.append(decodeLoki(encoding === 'json' ? parseJson(bytes) : readLokiProtobuf(bytes, bodyLimit)))
    },
  })
  router.route({
    method: 'POST',
    path: '/v1/logs',
    summary: 'Takes lines as an OpenTelemetry collector does, in JSON or protobuf',
    tags,
    async handler({ request }) {
      const encoding = encodingOf(request, 'exports of OTLP')
      const bytes = await readBytes(request, bodyLimit)
      await store.append(decodeOtlp(encoding === 'json' ? parseJson(bytes) : readOtlpProtobuf(bytes)))
      if (encoding === 'json') return reply({ partialSuccess: {} })
      // An answer in which every field has its default takes no byte.
      return new Response(new Uint8Array(0), { headers: { 'content-type': 'application/x-protobuf' } })
    },
  })
  return router
}

function encodingOf(request: Request, what: string): 'json' | 'protobuf' {
  const type = /^[^;\s]*/.exec(request.headers.get('content-type') ?? '')![0].toLowerCase()
  if (type === 'application/json') return 'json'
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf'
  throw logHttpErrors.LOGS_HTTP_UNSUPPORTED({ part: `${what} as ${type === '' ? 'a body of no type' : type}` })
}

function answerOf(result: QueryResult): object {
  const { kind, costs } = result
  if (kind === 'rows') return { kind, columns: result.columns, rows: result.rows, costs }
  return { kind, lines: result.lines.map(plainLine), cursor: result.cursor ?? null, costs }
}

function plainLine({ time, sequence, text }: LogLine): object {
  return { time, sequence, text }
}

async function* eventsOf(lines: AsyncIterable<LogLine>) {
  for await (const line of lines) yield { data: plainLine(line), id: `${line.time}-${line.sequence}` }
}
