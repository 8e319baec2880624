import { reply, type Router } from '@exprsn/core/http'
import type { LogStore } from '../store/index.ts'
import { decodeBulk } from './decode-bulk.ts'
import { decodeLoki } from './decode-loki.ts'
import { decodeOtlp } from './decode-otlp.ts'
import { logHttpErrors } from './errors.ts'
import { isObject, parseJson, readBytes, splitLines } from './read-lines.ts'
import { readLokiProtobuf } from './read-loki-protobuf.ts'
import { readOtlpProtobuf } from './read-otlp-protobuf.ts'

/** Clients of Elasticsearch take no answer without it. */
const elastic = { 'x-elastic-product': 'Elasticsearch' }

const tags = ['logs']

/** Adds the routes by which lines come in. */
export function receiveRoutes(router: Router, store: LogStore, bodyLimit: number): void {
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
}

function encodingOf(request: Request, what: string): 'json' | 'protobuf' {
  const type = /^[^;\s]*/.exec(request.headers.get('content-type') ?? '')![0].toLowerCase()
  if (type === 'application/json') return 'json'
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf'
  throw logHttpErrors.LOGS_HTTP_UNSUPPORTED({ part: `${what} as ${type === '' ? 'a body of no type' : type}` })
}
